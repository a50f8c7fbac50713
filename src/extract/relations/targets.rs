//! Which claim an answer answers.

use crate::domain::{ClaimKind, MentionForm, SourceClass, Span};

use super::marks::{Manner, Mark};
use super::profile::{Profile, shared};
use super::scene::Scene;
use super::words::{COMMON, LATER, POINTERS, QUESTIONS, SAYINGS, SPEAKER_BEHIND};

/// How many claims before the answer and after its first words are considered.
const MAX_EARLIER: usize = 14;
const MAX_LATER: usize = 4;
/// How many sentences before the answer.
const MAX_DISTANCE: usize = 6;
/// How many words of a source may be names.
const MAX_NAMES: usize = 40;

/// How what belongs to somebody is called.
const OWNERS: &[&str] = &["his ", "her ", "their ", "its "];

/// The claim that `from` answers, with how likely it does.
pub(super) fn target(
    scene: &Scene<'_>,
    profiles: &[Profile],
    from: usize,
    mark: &Mark,
) -> Option<(usize, f32)> {
    let answer = Answer::of(scene, profiles, from, mark);
    let last = scene.claims.len().min(from + 1 + MAX_LATER);
    let inside = (from + 1..last).filter(|to| answer.tells(*to));
    let told = inside
        .filter(|to| answer.is_of_another(*to))
        .map(|to| (to, 0.9))
        .next();
    told.or_else(|| answer.nearest())
}

struct Answer<'a> {
    scene: &'a Scene<'a>,
    profiles: &'a [Profile],
    from: usize,
    mark: &'a Mark,
    /// Those whose words are answered, as far as they are named.
    speakers: Vec<usize>,
    /// It tells that somebody asked, or that somebody said something.
    of_question: bool,
    of_saying: bool,
    /// It takes for known what was said: "the claim", "that criticism".
    points_back: bool,
    /// The stems of what is answered and of the answer.
    stems: Vec<u32>,
}

impl<'a> Answer<'a> {
    fn of(scene: &'a Scene<'a>, profiles: &'a [Profile], from: usize, mark: &'a Mark) -> Self {
        let has = |list: &[&str]| {
            mark.object
                .clone()
                .any(|token| scene.is_one_of(token, list))
        };
        let mut stems = profiles[from].stems.clone();
        stems.extend(
            mark.object
                .clone()
                .map(|token| scene.vocabulary.stem(token)),
        );
        stems.sort_unstable();
        stems.dedup();
        Self {
            scene,
            profiles,
            from,
            mark,
            speakers: speakers(scene, mark),
            of_question: has(QUESTIONS),
            of_saying: has(SAYINGS),
            points_back: has(POINTERS) && !has(&["that", "of"]) || has_that(scene, mark),
            stems,
        }
    }

    /// True if the claim stands in what the mark speaks of: "rejected Lee’s claim that it was over".
    fn tells(&self, to: usize) -> bool {
        let claim = &self.scene.claims[to];
        let object = &self.mark.object;
        let (Some(source), Some(cue)) = (&claim.source, &claim.cue) else {
            return false;
        };
        let Some(first) = object.clone().next() else {
            return false;
        };
        let at = self.scene.layout.token_from(source.spans[0].start);
        let cue = self.scene.tokens(cue.spans[0]);
        at <= first + 3 && at >= first && object.contains(&cue.start) && self.of_saying
    }

    /// The best of the claims before.
    fn nearest(&self) -> Option<(usize, f32)> {
        let first = self.from.saturating_sub(MAX_EARLIER);
        let fitting = (first..self.from)
            .rev()
            .filter_map(|to| Some((to, self.fit(to)?)));
        fitting
            .max_by(|a, b| a.1.0.total_cmp(&b.1.0).then(a.0.cmp(&b.0)))
            .map(|(to, (_, confidence))| (to, confidence))
    }

    /// How well a claim fits, and how likely it is the one that is answered.
    fn fit(&self, to: usize) -> Option<(f32, f32)> {
        let distance = self.distance(to)?;
        if distance > MAX_DISTANCE || !self.is_of_another(to) {
            return None;
        }
        let (scene, claim) = (self.scene, &self.scene.claims[to]);
        let class = claim.source.as_ref().map(|source| source.class);
        if class == Some(SourceClass::Document) {
            // Nobody answers a poll.
            return None;
        }
        let me = scene.claims[self.from].actor;
        let named = claim
            .actor
            .is_some_and(|actor| self.speakers.contains(&actor));
        if !self.speakers.is_empty() && !named {
            return None;
        }
        let about_me = claim.about.iter().any(|actor| Some(*actor) == me)
            || claim.addressees.iter().any(|one| one.actor == me);
        let asks = claim.kind == Some(ClaimKind::Question);
        let blames = matches!(claim.kind, Some(ClaimKind::Evaluation | ClaimKind::Denial));
        let common = shared(&self.profiles[to].stems, &self.stems).len();
        let fits = match self.mark.manner {
            Manner::Reply if self.mark.object.is_empty() && self.is_later() => distance == 0,
            Manner::Reply if self.mark.object.is_empty() => {
                let met = asks || about_me || common >= 1;
                distance == 0
                    || (distance <= 1 && (met || !self.is_paragraph_between(to)))
                    || (distance <= 2 && (asks || about_me))
            }
            Manner::Reply => {
                (named && common >= 1 && distance <= 4)
                    || (self.of_question && asks)
                    || (self.of_saying && common >= 2)
                    || (self.of_saying && about_me && (distance <= 1 || !self.points_back))
            }
            Manner::Asked => distance <= 1 && (asks || (named && common >= 3)),
            Manner::Reject => {
                let just_said = self.of_saying && self.points_back && distance <= 1;
                let least = match (named, about_me) {
                    (true, _) => 1,
                    (_, true) => 2,
                    _ => 3,
                };
                distance <= 3 && (common >= least || just_said)
            }
            Manner::Defend => blames && (about_me && common >= 1 || common >= 2),
        };
        if !fits {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "small counts")]
        let (near, common) = (1.0 / (1 + distance) as f32, common.min(4) as f32);
        let score = 4.0 * f32::from(u8::from(named))
            + 3.0 * f32::from(u8::from(about_me))
            + 3.0 * f32::from(u8::from(asks))
            + common
            + 5.0 * near;
        Some((score, 0.55 + 0.3 * (score / 14.0).min(1.0)))
    }

    /// True if a clause before tells of another moment: "Later, when I called, he replied".
    fn is_later(&self) -> bool {
        self.scene.sentence_begins_with(self.from, LATER)
    }

    /// True if another paragraph begins between a claim before and the answer.
    fn is_paragraph_between(&self, to: usize) -> bool {
        let (there, here) = (self.scene.hull(to).end, self.scene.hull(self.from).start);
        let between = self.scene.layout.text.get(there..here);
        between.is_some_and(|words| words.contains('\n'))
    }

    /// How many sentences lie between a claim and the answer; none if it does not stand before it in one section.
    fn distance(&self, to: usize) -> Option<usize> {
        let scene = self.scene;
        let (hull, own) = (scene.hull(to), scene.hull(self.from));
        if scene.is_inside(self.from, to)
            || scene.is_inside(to, self.from)
            || scene.contents_overlap(self.from, to)
        {
            return None;
        }
        let (there, here) = (
            scene.sentence_at(hull.end.saturating_sub(1)),
            scene.sentence_at(own.start),
        );
        let distance = here.saturating_sub(there);
        (distance > MAX_DISTANCE || scene.in_one_section(there.min(here), here)).then_some(distance)
    }

    /// True for the claim of an actor who is not on the same side: "the Lee campaign" does not answer Lee.
    fn is_of_another(&self, to: usize) -> bool {
        let actor = |claim: usize| self.scene.claims[claim].actor;
        let (Some(own), Some(other)) = (actor(self.from), actor(to)) else {
            return false;
        };
        let others = self.names(to);
        // "his eyes" say nothing.
        let called = self.scene.actors[other].display_name.to_lowercase();
        let is_part = OWNERS.iter().any(|owner| called.starts_with(owner));
        own != other
            && !is_part
            && !self
                .names(self.from)
                .iter()
                .any(|name| others.contains(name))
    }

    /// The words by which the one on record is called, here and in the article.
    fn names(&self, claim: usize) -> Vec<String> {
        let scene = self.scene;
        let claim = &scene.claims[claim];
        let source = claim.source.iter().flat_map(|source| &source.spans);
        let called = claim
            .actor
            .map(|actor| scene.actors[actor].display_name.as_str());
        source
            .map(|span| span.slice(scene.layout.text))
            .chain(called)
            .flat_map(|words| words.split(|c: char| !c.is_alphanumeric()))
            .take(MAX_NAMES)
            .map(str::to_lowercase)
            .filter(|word| word.len() > 1 && !COMMON.contains(&word.as_str()))
            .collect()
    }
}

/// True for "rejected that claim", where "that" begins what is answered.
fn has_that(scene: &Scene<'_>, mark: &Mark) -> bool {
    let first = mark.object.start;
    mark.object.contains(&first) && scene.is_one_of(first, &["that", "this", "those", "these"])
}

/// Those whose words a mark speaks of: "to Lee", "Lee’s claim", "criticism from Lee".
fn speakers(scene: &Scene<'_>, mark: &Mark) -> Vec<usize> {
    let object = &mark.object;
    let mut first = object.start;
    while object.contains(&first)
        && scene.is_one_of(first, &["to", "at", "against", "about", "by", "the", "a"])
    {
        first += 1;
    }
    if !object.contains(&first) {
        return Vec::new();
    }
    let bytes = Span::new(scene.span(first).start, scene.span(object.end - 1).end);
    let from = scene
        .mentions
        .partition_point(|mention| mention.span.start < bytes.start);
    let inside = scene.mentions[from..]
        .iter()
        .take_while(|mention| mention.span.end <= bytes.end);
    let names_speaker = |span: Span, form: MentionForm| {
        let tokens = scene.tokens(span);
        let before = tokens.start.checked_sub(1);
        let behind = before.is_some_and(|before| scene.is_one_of(before, SPEAKER_BEHIND));
        let owns = tokens.end < object.end && scene.is_one_of(tokens.end, &["'s", "’s", "'", "’"]);
        let his =
            form == MentionForm::Pronoun && scene.is_one_of(tokens.start, &["his", "her", "their"]);
        let leads = tokens.start == first && mark.manner == Manner::Reply;
        behind || owns || his || leads
    };
    inside
        .filter(|mention| names_speaker(mention.span, mention.form))
        .filter_map(|mention| mention.actor)
        .collect()
}
