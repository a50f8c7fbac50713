//! All that is judged of one claim.

use std::iter::successors;

use crate::domain::{ClaimKind, Commitment, QuoteType, ReporterStance, Rule, Span};
use crate::extract::lexicon::cues::Entry;
use crate::extract::lexicon::nouns::is_one_of;
use crate::text::Layout;

use super::check_worthiness::check_worthiness;
use super::commitment::{Stated, commitment};
use super::events::main_event;
use super::forms::negates;
use super::holder::{Cue, held};
use super::kind::{Act, Told, kind};
use super::predicates::embeds;

/// How many predicates stand over the event that counts at most, with itself: "seems to have failed to pay".
const MAX_DEPTH: usize = 4;
/// How far from the cue something is rejected at most, in tokens.
const MAX_STEPS: usize = 10;
/// "…, he said, denying the charge".
const REJECTING: &[&str] = &[
    "denying",
    "rejecting",
    "dismissing",
    "refuting",
    "disputing",
];

/// What is judged of a claim.
pub(in crate::extract) struct Judged {
    /// The kind with how it was told.
    pub told: Option<Told>,
    pub stance: Option<ReporterStance>,
    pub commitment: Commitment,
    /// How the commitment was told.
    pub rule: Rule,
    /// The word of the content that makes it other than a bare statement.
    pub cause: Option<Span>,
    pub check_worthiness: f32,
}

impl Judged {
    /// The kind alone.
    pub fn kind(&self) -> Option<ClaimKind> {
        self.told.map(|told| told.kind)
    }
}

/// What there is to judge.
pub(in crate::extract) struct Case<'a> {
    /// The cue's words.
    pub cue: &'a str,
    /// Where the cue ends.
    pub cue_end: Option<usize>,
    /// Its entry in the lexicon.
    pub entry: Option<&'a Entry>,
    /// The cue's dictionary form.
    pub lemma: &'a str,
    pub content: &'a [Span],
    pub quote_type: QuoteType,
}

/// Judges a claim.
pub(in crate::extract) fn judge(layout: &Layout<'_>, case: &Case<'_>) -> Judged {
    // "did not confirm", "has never said": what the cue says of the content does not hold.
    let negated = case.cue.split_whitespace().any(negates);
    let act = Act {
        cue: case.entry.and_then(|entry| entry.kind),
        words: &case.cue.to_lowercase(),
        lemma: case.lemma,
        rejects: rejects(layout, case),
        negated,
        quoted: case.quote_type == QuoteType::Direct,
    };
    let told = kind(layout, &act, case.content);
    let kind = told.map(|told| told.kind);
    let cue = Cue {
        kind: kind.or(act.cue),
        lemma: case.lemma,
        negated,
    };
    let stated = stated(layout, case.content);
    let (commitment, by_cue) = held(&cue, stated.commitment);
    let by_content = if stated.commitment == Commitment::STATED {
        Rule::Plain
    } else if stated.cause.is_some() {
        Rule::ContentModality
    } else {
        Rule::ContentQuestion
    };
    Judged {
        told,
        rule: by_cue.unwrap_or(by_content),
        cause: stated.cause,
        stance: case
            .entry
            .and_then(|entry| entry.stance)
            .filter(|_| !negated),
        commitment,
        check_worthiness: check_worthiness(layout, case.content, kind, commitment),
    }
}

/// How much `text` is worth checking, from 0 to 1, as if somebody had said it: a priority for fact checkers, never a
/// verdict.
#[must_use]
pub fn check_worthiness_of(text: &str) -> f32 {
    let layout = Layout::new(text, None);
    let case = Case {
        cue: "",
        cue_end: None,
        entry: None,
        lemma: "",
        content: &[Span::new(0, text.len())],
        quote_type: QuoteType::Direct,
    };
    judge(&layout, &case).check_worthiness
}

/// What the content alone commits to: by its main event, or where that is a predicate over another, "appears to have cost",
/// by the one under it.
fn stated(layout: &Layout<'_>, content: &[Span]) -> Stated {
    let main = main_event(layout, content);
    let found = main.and_then(|main| {
        let piece = content.iter().find(|span| span.contains(main))?;
        let chain = successors(Some(main), |over| event_under(layout, *piece, *over));
        Some((chain.take(MAX_DEPTH).last()?, *piece))
    });
    found.map_or(Stated::PLAIN, |(event, piece)| {
        commitment(layout, event, piece)
    })
}

/// The event under a predicate, in the same piece of the content.
fn event_under(layout: &Layout<'_>, piece: Span, over: Span) -> Option<Span> {
    let behind = layout.tokens.get(layout.token_from(over.end))?.span;
    let lower = |span: Span| span.slice(layout.text).to_lowercase();
    let rest = Span::new(over.end, piece.end);
    (embeds(&lower(over), &lower(behind)) && rest.contains(behind))
        .then(|| main_event(layout, &[rest]))?
}

/// True where a word of rejecting follows the cue, in its sentence and outside the content.
fn rejects(layout: &Layout<'_>, case: &Case<'_>) -> bool {
    let Some(cue) = case.cue_end else {
        return false;
    };
    let first = layout.token_from(cue);
    let behind = first..layout.tokens.len().min(first + MAX_STEPS);
    behind
        .take_while(|token| !matches!(layout.word(*token), "." | ";"))
        .filter(|token| {
            let at = layout.tokens[*token].span;
            !case.content.iter().any(|span| span.overlaps(at))
        })
        .any(|token| is_one_of(layout.word(token), REJECTING))
}
