//! All that is judged of one claim.

use crate::domain::{ClaimKind, Commitment, QuoteType, ReporterStance, Span};
use crate::extract::lexicon::Entry;
use crate::extract::nouns::is_one_of;
use crate::text::Layout;

use super::check_worthiness::check_worthiness;
use super::commitment::commitment;
use super::events::main_event;
use super::holder::{Cue, held};
use super::kind::{Act, kind};
use super::predicates::embeds;

/// What is judged of a claim.
pub(in crate::extract) struct Judged {
    pub kind: Option<ClaimKind>,
    pub stance: Option<ReporterStance>,
    pub commitment: Commitment,
    pub check_worthiness: f32,
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
    let negated = is_negated(case.cue);
    let act = Act {
        cue: case.entry.and_then(|entry| entry.kind),
        words: &case.cue.to_lowercase(),
        lemma: case.lemma,
        rejects: rejects(layout, case),
        negated,
        quoted: case.quote_type == QuoteType::Direct,
    };
    let kind = kind(layout, &act, case.content);
    let cue = Cue {
        kind: kind.or(act.cue),
        lemma: case.lemma,
        negated,
    };
    let commitment = held(&cue, stated(layout, case.content));
    Judged {
        kind,
        stance: case
            .entry
            .and_then(|entry| entry.stance)
            .filter(|_| !negated),
        commitment,
        check_worthiness: check_worthiness(layout, case.content, kind, commitment),
    }
}

/// How many predicates stand over the event that counts at most: "seems to have failed to pay".
const MAX_DEPTH: usize = 3;

/// What the content alone commits to: by its main event, or where that is a predicate over another, "appears to have cost",
/// by the one under it.
fn stated(layout: &Layout<'_>, content: &[Span]) -> Commitment {
    let mut event = main_event(layout, content);
    for _ in 0..MAX_DEPTH {
        let under = event.and_then(|over| event_under(layout, content, over));
        event = under.or(event);
        if under.is_none() {
            break;
        }
    }
    let bounds = event.and_then(|event| content.iter().find(|span| span.contains(event)));
    let Some((event, bounds)) = event.zip(bounds) else {
        return Commitment::STATED;
    };
    commitment(layout, event, *bounds)
}

/// The event under a predicate, in the same piece of the content.
fn event_under(layout: &Layout<'_>, content: &[Span], over: Span) -> Option<Span> {
    let piece = content.iter().find(|span| span.contains(over))?;
    let next = layout.token_from(over.end);
    let word = |token: usize| layout.word(token).to_lowercase();
    let behind = layout
        .tokens
        .get(next)
        .map_or(String::new(), |_| word(next));
    embeds(&word(layout.token_from(over.start)), &behind)
        .then(|| main_event(layout, &[Span::new(over.end, piece.end.max(over.end))]))
        .flatten()
}

/// How far from the cue something is rejected at most, in tokens.
const MAX_STEPS: usize = 10;

/// True where a word of rejecting stands behind the cue, in its sentence and outside of the content.
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

const REJECTING: &[&str] = &[
    "denying",
    "rejecting",
    "dismissing",
    "refuting",
    "disputing",
];

fn is_negated(cue: &str) -> bool {
    cue.split_whitespace().any(|word| {
        is_one_of(word, &["not", "never", "cannot"])
            || word.ends_with("n't")
            || word.ends_with("n’t")
    })
}
