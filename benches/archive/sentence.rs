//! Sentences that put somebody on record, and the claims they make.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use fastrand::Rng;
use onrecord::domain::{
    Addressed, Attributed, Block, Certainty, ClaimKind, Commitment, Cue, LocalActor,
    PartConfidence, Polarity, QuoteType, ReporterStance, Source, SourceClass, Span, TimeAnchor,
    TimeExpression, TimeGranularity, TimeReading,
};

use super::skew::{per_mille, weighted};
use super::words::capitalized;

const KINDS: [(Option<ClaimKind>, u32); 11] = [
    (Some(ClaimKind::Assertion), 616),
    (Some(ClaimKind::Evaluation), 100),
    (Some(ClaimKind::Prediction), 70),
    (Some(ClaimKind::Demand), 50),
    (Some(ClaimKind::Belief), 40),
    (Some(ClaimKind::Intention), 30),
    (Some(ClaimKind::Question), 30),
    (Some(ClaimKind::Commitment), 30),
    (Some(ClaimKind::Denial), 10),
    (Some(ClaimKind::NoComment), 4),
    (None, 20),
];

const CERTAINTIES: [(Certainty, u32); 4] = [
    (Certainty::Certain, 75),
    (Certainty::Uncommitted, 10),
    (Certainty::Probable, 8),
    (Certainty::Possible, 7),
];

const QUOTE_TYPES: [(QuoteType, u32); 3] = [
    (QuoteType::Indirect, 55),
    (QuoteType::Direct, 33),
    (QuoteType::Mixed, 12),
];

const CLASSES: [(SourceClass, u32); 6] = [
    (SourceClass::Named, 66),
    (SourceClass::Role, 11),
    (SourceClass::Collective, 10),
    (SourceClass::Document, 5),
    (SourceClass::Anonymous, 4),
    (SourceClass::Article, 4),
];

/// Claims with an utterance time, and with a time they speak of, of a thousand.
const TIMED: u32 = 110;

/// A page while it is written.
#[derive(Debug, Default)]
pub struct Page {
    pub text: String,
    pub blocks: Vec<Block>,
    pub claims: Vec<Attributed>,
    pub actors: Vec<LocalActor>,
    pub times: Vec<TimeExpression>,
    /// Who speaks next, where that is settled already.
    pub next_speaker: Option<usize>,
}

impl Page {
    pub fn new(actors: Vec<LocalActor>) -> Self {
        Self {
            actors,
            ..Self::default()
        }
    }

    pub fn put(&mut self, words: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(words);
        Span::new(start, self.text.len())
    }

    /// The place of an actor among those of the page, whom it joins if need be.
    pub fn join(&mut self, actor: &LocalActor) -> usize {
        let known = self.actors.iter().position(|other| other == actor);
        known.unwrap_or_else(|| {
            self.actors.push(actor.clone());
            self.actors.len() - 1
        })
    }

    fn time(
        &mut self,
        span: Span,
        timex: String,
        bounds: [Option<NaiveDate>; 2],
        granularity: TimeGranularity,
    ) -> usize {
        let [start, end] = bounds.map(|day| Some(day?.and_time(NaiveTime::MIN).and_utc()));
        self.times.push(TimeExpression {
            span,
            reading: TimeReading {
                timex,
                start,
                end,
                confidence: 0.9,
            },
            granularity: Some(granularity),
            anchor: Some(TimeAnchor::Publish),
            candidates: Vec::new(),
        });
        self.times.len() - 1
    }
}

/// Writes claims onto a page.
#[derive(Debug)]
pub struct Claims<'a> {
    pub rng: &'a mut Rng,
    pub publish_time: DateTime<Utc>,
}

impl Claims<'_> {
    /// One sentence: `Ann Lee told Bob Ray on Monday that …`.
    pub fn put(mut self, page: &mut Page, statement: &str) {
        let kind = weighted(self.rng, &KINDS);
        let quote_type = weighted(self.rng, &QUOTE_TYPES);
        let speaker = page
            .next_speaker
            .take()
            .unwrap_or_else(|| self.speaker(page));
        let (actor, source) = self.source(page, speaker);
        page.put(" ");
        let (cue, stance) = self.cue(page, kind);
        let addressees = self.addressees(page, speaker);
        let utterance_time = self.utterance_time(page);
        let content_begin = page.text.len()
            + if quote_type == QuoteType::Direct {
                2
            } else {
                6
            };
        page.put(if quote_type == QuoteType::Direct {
            ": "
        } else {
            " that "
        });
        let (about, referenced_times) = self.content(page, statement, quote_type);
        let content = Span::new(content_begin, page.text.len());
        page.put(".");
        let commitment = kind.map(|_| self.commitment());
        let confidence = 1.0 - 0.65 * self.rng.f32() * self.rng.f32();
        let claim = Attributed {
            actor,
            parent: None,
            source,
            cue: Some(cue),
            addressees,
            about,
            content: vec![content],
            quote_type,
            kind,
            reporter_stance: stance,
            commitment,
            utterance_time,
            referenced_times,
            check_worthiness: Some(self.rng.f32()),
            confidence,
            part_confidence: Some(PartConfidence {
                source: confidence,
                cue: confidence.sqrt(),
                content: confidence,
            }),
            actor_confidence: actor.map(|_| confidence.sqrt()),
            traces: Vec::new(),
        };
        page.claims.push(claim);
    }

    /// The first of a page's actors speaks most.
    fn speaker(&mut self, page: &Page) -> usize {
        let count = page.actors.len();
        self.rng.usize(..count).min(self.rng.usize(..count))
    }

    fn source(&mut self, page: &mut Page, speaker: usize) -> (Option<usize>, Option<Source>) {
        let class = weighted(self.rng, &CLASSES);
        let (actor, words) = match class {
            SourceClass::Named => (Some(speaker), page.actors[speaker].display_name.clone()),
            SourceClass::Role => (Some(speaker), "The spokesperson".to_owned()),
            SourceClass::Collective => (None, "Officials".to_owned()),
            SourceClass::Document => (None, "The report".to_owned()),
            SourceClass::Anonymous => (None, "A person familiar with the matter".to_owned()),
            SourceClass::Article => {
                page.put("It was");
                return (None, None);
            }
        };
        let spans = vec![page.put(&words)];
        (actor, Some(Source { spans, class }))
    }

    fn cue(&mut self, page: &mut Page, kind: Option<ClaimKind>) -> (Cue, Option<ReporterStance>) {
        let (words, lemma, stance) = match kind {
            Some(ClaimKind::Belief) => ("believed", "believe", ReporterStance::Neutral),
            Some(ClaimKind::Commitment) => ("promised", "promise", ReporterStance::Neutral),
            Some(ClaimKind::Demand) => ("demanded", "demand", ReporterStance::Neutral),
            Some(ClaimKind::Denial) => ("denied", "deny", ReporterStance::Denied),
            Some(ClaimKind::Prediction) => ("predicted", "predict", ReporterStance::Neutral),
            Some(ClaimKind::Question) => ("asked", "ask", ReporterStance::Neutral),
            _ => weighted(
                self.rng,
                &[
                    (("said", "say", ReporterStance::Neutral), 80),
                    (("claimed", "claim", ReporterStance::Distanced), 8),
                    (("admitted", "admit", ReporterStance::Endorsed), 4),
                    (("added", "add", ReporterStance::Neutral), 8),
                ],
            ),
        };
        let spans = vec![page.put(words)];
        let lemma = lemma.to_owned();
        (Cue { spans, lemma }, Some(stance))
    }

    fn addressees(&mut self, page: &mut Page, speaker: usize) -> Vec<Addressed> {
        let to = self.rng.usize(..page.actors.len());
        if to == speaker || !per_mille(self.rng, 40) {
            return Vec::new();
        }
        page.put(" to ");
        let name = page.actors[to].display_name.clone();
        let span = page.put(&name);
        let actor = Some(to);
        vec![Addressed { span, actor }]
    }

    fn utterance_time(&mut self, page: &mut Page) -> Option<usize> {
        if !per_mille(self.rng, TIMED) {
            return None;
        }
        let day = self.publish_time.date_naive();
        let day = day - Days::new(self.rng.u64(0..6));
        page.put(" on ");
        let span = page.put(&day.format("%A").to_string());
        let bounds = [Some(day), day.succ_opt()];
        Some(page.time(span, day.to_string(), bounds, TimeGranularity::Day))
    }

    /// The words of the claim, whom they speak of, and which times.
    fn content(
        &mut self,
        page: &mut Page,
        statement: &str,
        quote_type: QuoteType,
    ) -> (Vec<usize>, Vec<usize>) {
        let (words, quoted) = match quote_type {
            QuoteType::Direct => ("", capitalized(statement)),
            QuoteType::Indirect => (statement, String::new()),
            QuoteType::Mixed => {
                let half = statement.split_once(' ').unwrap_or((statement, statement));
                (half.0, format!(" “{}”", half.1))
            }
        };
        let is_direct = quote_type == QuoteType::Direct;
        page.put(if is_direct { "“" } else { words });
        page.put(&quoted);
        let about = self.about(page);
        let times = self.referenced_time(page).into_iter().collect();
        if is_direct {
            page.put("”");
        }
        (about, times)
    }

    fn about(&mut self, page: &mut Page) -> Vec<usize> {
        if !per_mille(self.rng, 400) {
            return Vec::new();
        }
        let about = self.speaker(page);
        page.put(" about ");
        let name = page.actors[about].display_name.clone();
        page.put(&name);
        vec![about]
    }

    fn referenced_time(&mut self, page: &mut Page) -> Option<usize> {
        if !per_mille(self.rng, TIMED) {
            return None;
        }
        let year = self.publish_time.year() + self.rng.i32(-4..3);
        page.put(" in ");
        let span = page.put(&year.to_string());
        let bounds = [year, year + 1].map(|year| NaiveDate::from_ymd_opt(year, 1, 1));
        Some(page.time(span, year.to_string(), bounds, TimeGranularity::Year))
    }

    fn commitment(&mut self) -> Commitment {
        let certainty = weighted(self.rng, &CERTAINTIES);
        let polarity = if certainty == Certainty::Uncommitted {
            Polarity::Unknown
        } else {
            weighted(
                self.rng,
                &[(Polarity::Positive, 9), (Polarity::Negative, 1)],
            )
        };
        Commitment {
            certainty,
            polarity,
        }
    }
}
