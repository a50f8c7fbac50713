//! The words that mark a claim as an answer.

use std::ops::Range;

use crate::domain::{ClaimKind, Span};

use super::scene::Scene;
use super::words::{
    AGAINST, ASKED, ASKED_WHAT, BACK, BEFORE_ASKED, BEFORE_NOUN, DEFENDED, QUESTIONS, REJECTED,
    REPLIED, REQUESTS, SAYINGS, UNDONE,
};

/// How many tokens before the source and after the cue are looked at.
const BEFORE: usize = 40;
const BEHIND: usize = 12;
/// How many tokens between a source and the verb that marks it.
const MAX_GAP: usize = 3;
/// How many tokens after the mark tell what was answered.
const MAX_OBJECT: usize = 14;

/// How an answer is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// "replied", "shot back", "in response".
    Reply,
    /// "asked about the plan, he said".
    Asked,
    /// "rejected the claim".
    Reject,
    /// "defended the plan".
    Defend,
}

/// The words that mark an answer, and those that may tell what it answers.
#[derive(Debug)]
pub(super) struct Mark {
    pub manner: Manner,
    /// At least one.
    pub spans: Vec<Span>,
    /// The tokens after: "to Lee’s claim", "the criticism". May be empty.
    pub object: Range<usize>,
}

/// The mark of a claim, if it has one.
pub(super) fn mark(scene: &Scene<'_>, claim: usize) -> Option<Mark> {
    let attributed = &scene.claims[claim];
    if attributed.kind == Some(ClaimKind::NoComment) || attributed.actor.is_none() {
        return None;
    }
    let frame = Frame::of(scene, claim)?;
    let found = frame.around.clone().find_map(|at| frame.mark_at(at))?;
    let asks_for_words = found
        .object
        .clone()
        .any(|token| scene.is_one_of(token, REQUESTS));
    (!asks_for_words).then_some(found)
}

/// A claim's source and cue and the words around.
struct Frame<'a> {
    scene: &'a Scene<'a>,
    claim: usize,
    around: Range<usize>,
    source: Option<Range<usize>>,
    cue: Range<usize>,
}

impl<'a> Frame<'a> {
    fn of(scene: &'a Scene<'a>, claim: usize) -> Option<Self> {
        let attributed = &scene.claims[claim];
        let spans = &attributed.cue.as_ref()?.spans;
        let cue = Span::new(spans.first()?.start, spans.last()?.end);
        let source = attributed.source.as_ref().map(|source| {
            let first = source.spans[0];
            scene.tokens(
                source
                    .spans
                    .iter()
                    .fold(first, |all, span| Span::new(all.start, span.end)),
            )
        });
        let sentence = scene.layout.sentences.get(scene.sentence_at(cue.start))?;
        let cue = scene.tokens(cue);
        let first = source
            .as_ref()
            .map_or(cue.start, |source| source.start.min(cue.start));
        let last = source
            .as_ref()
            .map_or(cue.end, |source| source.end.max(cue.end));
        let around = first.saturating_sub(BEFORE).max(sentence.tokens.start)
            ..(last + BEHIND).min(sentence.tokens.end);
        Some(Self {
            scene,
            claim,
            around,
            source,
            cue,
        })
    }

    fn is_in_content(&self, token: usize) -> bool {
        let span = self.scene.span(token);
        let content = &self.scene.claims[self.claim].content;
        content.iter().any(|content| content.contains(span))
    }

    fn mark_at(&self, at: usize) -> Option<Mark> {
        if self.is_in_content(at) || self.scene.is_quoted(at) {
            return None;
        }
        self.verb_at(at)
            .or_else(|| self.in_response_at(at))
            .or_else(|| self.asked_at(at))
    }

    /// "replied", "shot back", "rejected the claim": the claim's own verb.
    fn verb_at(&self, at: usize) -> Option<Mark> {
        let is = |list: &[&str]| self.scene.is_one_of(at, list);
        let goes_back =
            || is(BACK) && at + 1 < self.around.end && self.scene.lower(at + 1) == "back";
        let (manner, end) = if is(REPLIED) {
            (Manner::Reply, at + 1)
        } else if goes_back() {
            (Manner::Reply, at + 2)
        } else if is(REJECTED) {
            (Manner::Reject, at + 1)
        } else if is(DEFENDED) {
            (Manner::Defend, at + 1)
        } else {
            return None;
        };
        if !self.is_own_verb(at) || self.is_undone(at) || self.takes_a_thing(at) {
            return None;
        }
        // A bare "replied" has its own words after it, not those that it answers.
        let is_bare = manner == Manner::Reply
            && !(end < self.sentence_end() && self.scene.is_one_of(end, AGAINST));
        let object = if is_bare { end..end } else { self.object(end) };
        let says = object
            .clone()
            .find(|token| self.scene.is_one_of(*token, SAYINGS));
        let denies = self.scene.lower(at).starts_with("den");
        match (manner, says) {
            (Manner::Reject, None) if !denies => None,
            (Manner::Reject, Some(noun)) => Some(self.found(manner, at..noun + 1, object)),
            _ => Some(self.found(manner, at..end, object)),
        }
    }

    /// True for a verb of the cue, and for one that immediately follows the source.
    fn is_own_verb(&self, at: usize) -> bool {
        let behind = self.source.as_ref().is_some_and(|source| {
            let gap = source.end..at;
            source.end <= at
                && gap.len() <= MAX_GAP
                && !gap.clone().any(|token| {
                    self.scene
                        .is_one_of(token, &["who", "which", "that", ",", "whom", "whose"])
                })
        });
        behind || self.cue.contains(&at)
    }

    fn is_undone(&self, at: usize) -> bool {
        let undoes = |token: usize| {
            let word = self.scene.lower(token);
            UNDONE.contains(&word.as_str()) || word.ends_with("n't") || word.ends_with("n’t")
        };
        let before = at.saturating_sub(1).max(self.around.start);
        let is_noun =
            self.scene.lower(at).ends_with("ing") && self.scene.is_one_of(before, BEFORE_NOUN);
        is_noun || (at.saturating_sub(3).max(self.around.start)..at).any(undoes)
    }

    /// "answered the door": what was answered is no question.
    fn takes_a_thing(&self, at: usize) -> bool {
        let things = ["the", "a", "his", "her", "their", "its"];
        let is_thing = self.scene.lower(at).starts_with("answer")
            && at + 1 < self.sentence_end()
            && self.scene.is_one_of(at + 1, &things);
        is_thing
            && !self
                .object(at + 1)
                .any(|token| self.scene.is_one_of(token, QUESTIONS))
    }

    /// "in response", "responding to".
    fn in_response_at(&self, at: usize) -> Option<Mark> {
        let word = |token: usize| {
            if token < self.around.end {
                self.scene.lower(token)
            } else {
                String::new()
            }
        };
        let noun = word(at + 1);
        let end = match word(at).as_str() {
            "in" if matches!(noun.as_str(), "response" | "reply" | "answer")
                && self.is_beside(at..at + 2) =>
            {
                at + 2
            }
            "responding" | "replying" if noun == "to" && self.may_begin(at) => at + 1,
            _ => return None,
        };
        let told = end < self.sentence_end() && self.scene.is_one_of(end, &["to"]);
        let object = if told { self.object(end) } else { end..end };
        Some(self.found(Manner::Reply, at..end, object))
    }

    /// True for words that begin the sentence, or stand right before or after source and cue.
    fn is_beside(&self, words: Range<usize>) -> bool {
        let source = self.source.as_ref().unwrap_or(&self.cue);
        let first = source.start.min(self.cue.start);
        words.start == self.around.start
            || words.start == source.end.max(self.cue.end)
            || words.end == first
    }

    /// "asked about the plan", where it is the one on record who was asked.
    fn asked_at(&self, at: usize) -> Option<Mark> {
        let told = || at + 1 < self.around.end && self.scene.is_one_of(at + 1, ASKED_WHAT);
        let is_mark = self.scene.is_one_of(at, ASKED)
            && told()
            && self.may_begin(at)
            && !self.cue.contains(&at);
        is_mark.then(|| self.found(Manner::Asked, at..at + 1, self.object(at + 1)))
    }

    /// True where a clause without a subject may begin: first in the sentence, after "when" or a comma.
    fn may_begin(&self, at: usize) -> bool {
        at == self.around.start || self.scene.is_one_of(at - 1, BEFORE_ASKED)
    }

    /// What the mark speaks of: the words after it up to the next comma or quotation, or to source or cue.
    fn object(&self, start: usize) -> Range<usize> {
        let opens = |token: &usize| {
            let own = self.cue.contains(token)
                || self
                    .source
                    .as_ref()
                    .is_some_and(|source| source.contains(token));
            own || self.scene.is_quoted(*token)
                || self.scene.is_one_of(*token, &[",", ";", ":", "—", "–"])
        };
        let limit = (start + MAX_OBJECT).min(self.sentence_end());
        let end = (start..limit).find(opens).unwrap_or(limit.max(start));
        start..end
    }

    fn sentence_end(&self) -> usize {
        let start = self.scene.span(self.cue.start).start;
        self.scene.layout.sentences[self.scene.sentence_at(start)]
            .tokens
            .end
    }

    fn found(&self, manner: Manner, words: Range<usize>, object: Range<usize>) -> Mark {
        let last = self.scene.span(words.end - 1);
        Mark {
            manner,
            spans: vec![Span::new(self.scene.span(words.start).start, last.end)],
            object,
        }
    }
}
