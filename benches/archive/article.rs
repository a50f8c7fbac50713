//! Made-up articles, already read: a text, and the claims that an engine would find in it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use onrecord::domain::{
    Block, BlockKind, Document, EngineId, Extraction, ExtractionRun, LocalActor,
};
use onrecord::store::NewArticle;

use super::cast::Cast;
use super::sentence::{Claims, Page};
use super::skew::{chance, per_mille};
use super::words::{Vocabulary, capitalized};

/// The archive begins on 1 January 2016 and spans ten years.
const BEGIN_S: i64 = 1_451_606_400;
const YEARS_S: f64 = 3_652.0 * 86_400.0;
/// Below 1: the later, the more articles a day.
const GROWTH: f64 = 0.6;
/// Articles that are another's text again, of a thousand.
const COPIES: u32 = 30;
/// How far back a copy or a repeated claim reaches.
const REACH: usize = 500;
/// Sentences that a copy leaves out, of a thousand.
const CUT: u32 = 100;
/// Claims that somebody said before, of a thousand.
const REPEATED: u32 = 50;

/// What is drawn for an article, each from a source of chance of its own.
const META: usize = 10;
const STORY: usize = 11;
const SPEAKERS: usize = 12;
const STATEMENT: usize = 13;
const FILLER: usize = 14;

/// Everything that articles are made of.
#[derive(Debug)]
pub struct World {
    seed: u64,
    articles: usize,
    cast: Cast,
    words: Vocabulary,
    /// What is said besides, spread evenly over the articles.
    planted: Vec<String>,
}

impl World {
    pub fn new(
        seed: u64,
        articles: usize,
        actors: u32,
        words: Vocabulary,
        planted: Vec<String>,
    ) -> Self {
        Self {
            seed,
            articles,
            cast: Cast::new(seed, actors),
            words,
            planted,
        }
    }

    /// The `n`th article by time. Depends on nothing but the world and `n`.
    pub fn article(&self, n: usize) -> NewArticle {
        let mut meta = chance(self.seed, &[META, n]);
        let story = self.story_of(n);
        let mut edits = (story != n).then(|| meta.clone());
        let page = self.write(story, edits.as_mut());
        let publish_time = self.publish_time(n, &mut meta);
        let engine = EngineId {
            name: "synthetic".to_owned(),
            version: "1".to_owned(),
        };
        let document = Document {
            title: Some(self.title(story)),
            uri: Some(format!("https://news.example/{}/{n}", self.seed)),
            publisher: Some(self.cast.publisher(&mut meta)),
            authors: vec![self.cast.reporter(&mut meta)],
            language_code: Some("en".to_owned()),
            publish_time: Some(publish_time),
            time_zone: None,
            external_id: None,
            text: page.text,
        };
        let extraction = Extraction {
            engine: engine.clone(),
            blocks: page.blocks,
            claims: page.claims,
            actors: page.actors,
            mentions: Vec::new(),
            times: page.times,
            relations: Vec::new(),
            diagnostics: Vec::new(),
        };
        let run = ExtractionRun {
            engine,
            time: publish_time,
            duration: Duration::from_millis(meta.u64(20..200)),
        };
        NewArticle {
            document,
            extraction,
            run,
            request_id: None,
            allow_deleted: false,
        }
    }

    /// Whose text the `n`th article has: mostly its own.
    fn story_of(&self, n: usize) -> usize {
        let mut rng = chance(self.seed, &[STORY, n]);
        let is_planted = self.planted_in(n, 0).is_some();
        if n > 0 && !is_planted && per_mille(&mut rng, COPIES) {
            return n - 1 - rng.usize(..n.min(REACH));
        }
        n
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "articles are far fewer than 2^53, and fractions of a second do not matter"
    )]
    fn publish_time(&self, n: usize, rng: &mut Rng) -> DateTime<Utc> {
        let place = (n as f64 + rng.f64()) / self.articles as f64;
        let after = (place.powf(GROWTH) * YEARS_S) as i64;
        DateTime::UNIX_EPOCH + TimeDelta::seconds(BEGIN_S + after)
    }

    fn title(&self, story: usize) -> String {
        let mut rng = chance(self.seed, &[STORY, story, 1]);
        let words = rng.usize(5..10);
        capitalized(&self.words.phrase(&mut rng, words))
    }

    /// Who may speak in a story: a few people, some of them far better known than others.
    fn speakers(&self, story: usize) -> Vec<LocalActor> {
        let mut rng = chance(self.seed, &[SPEAKERS, story]);
        let mut ranks: Vec<usize> = (0..rng.usize(2..6))
            .map(|_| self.cast.pick(&mut rng))
            .collect();
        ranks.sort_unstable();
        ranks.dedup();
        let mut speakers: Vec<LocalActor> =
            ranks.iter().map(|rank| self.cast.actor(*rank)).collect();
        if per_mille(&mut rng, 60) {
            speakers.push(self.cast.stranger(&mut rng));
        }
        speakers
    }

    /// What the `k`th claim of a story says, before it is anybody's.
    fn statement(&self, story: usize, k: usize) -> String {
        if let Some(planted) = self.planted_in(story, k) {
            return planted.to_owned();
        }
        let mut rng = chance(self.seed, &[STATEMENT, story, k]);
        let words = rng.usize(6..22);
        self.words.phrase(&mut rng, words)
    }

    /// The statement planted there, if there is one.
    fn planted_in(&self, story: usize, k: usize) -> Option<&str> {
        let count = self.planted.len();
        let first = |story: usize| (story * count).div_ceil(self.articles);
        let at = first(story) + k;
        (at < first(story + 1)).then(|| self.planted[at].as_str())
    }

    /// Writes a story; with `edits` as another paper prints it, who leaves sentences out.
    fn write(&self, story: usize, mut edits: Option<&mut Rng>) -> Page {
        let mut rng = chance(self.seed, &[STORY, story, 2]);
        let publish_time = self.publish_time(story, &mut chance(self.seed, &[META, story]));
        let mut page = Page::new(self.speakers(story));
        for k in 0..rng.usize(5..16) {
            let filler = self.filler(story, k);
            let is_cut = edits.as_mut().is_some_and(|rng| per_mille(rng, CUT));
            let begin = page.text.len();
            if !is_cut {
                page.put(&filler);
            }
            let statement = self.said(story, k, &mut rng, &mut page);
            Claims {
                rng: &mut rng,
                publish_time,
            }
            .put(&mut page, &statement);
            page.end_block(begin);
        }
        page
    }

    fn filler(&self, story: usize, k: usize) -> String {
        let mut rng = chance(self.seed, &[FILLER, story, k]);
        let words = rng.usize(8..28);
        capitalized(&self.words.phrase(&mut rng, words)) + ". "
    }

    /// What is said next: mostly something new. Of what was said before in another story, half is said by the same
    /// people, who join those of this story.
    fn said(&self, story: usize, k: usize, rng: &mut Rng, page: &mut Page) -> String {
        let is_planted = self.planted_in(story, k).is_some();
        if story == 0 || is_planted || !per_mille(rng, REPEATED) {
            return self.statement(story, k);
        }
        let earlier = story - 1 - rng.usize(..story.min(REACH));
        if rng.bool() {
            page.next_speaker = self.speakers(earlier).first().map(|actor| page.join(actor));
        }
        // Every story has at least five.
        self.statement(earlier, rng.usize(..5))
    }
}

impl Page {
    fn end_block(&mut self, begin: usize) {
        let kind = BlockKind::Paragraph;
        let span = onrecord::domain::Span::new(begin, self.text.trim_end().len());
        self.blocks.push(Block { kind, span });
        self.text.truncate(span.end);
        self.text.push_str("\n\n");
    }
}
