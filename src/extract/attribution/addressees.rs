//! Those the words were spoken to: "told reporters that", "said to Ann Lee that".

use crate::domain::{Addressed, Span};
use crate::text::Layout;

use super::bare::BareAttribution;
use crate::extract::coref::Cast;
use crate::extract::lexicon::cues::{Frames, LEXICON};
use crate::extract::lexicon::nouns::is_one_of;

/// The addressees of an attribution: whoever is mentioned right after a cue that takes one, or after "to" there.
pub(in crate::extract) fn addressees(
    layout: &Layout<'_>,
    cast: &Cast,
    bare: &BareAttribution,
) -> Vec<Addressed> {
    bare.cue
        .iter()
        .find_map(|cue| addressee(layout, cast, bare, *cue))
        .into_iter()
        .collect()
}

fn addressee(
    layout: &Layout<'_>,
    cast: &Cast,
    bare: &BareAttribution,
    cue: Span,
) -> Option<Addressed> {
    let words = cue.slice(layout.text);
    let takes_object = LEXICON
        .find(words)
        .is_some_and(|entry| entry.frames.has(Frames::ADDRESSEE));
    let next = layout.token_from(cue.end);
    let behind_to = next < layout.tokens.len() && layout.word(next) == "to";
    let ends_with_to = words
        .rsplit(' ')
        .next()
        .is_some_and(|word| is_one_of(word, &["to", "with"]));
    let start = match (behind_to, takes_object || ends_with_to) {
        (true, _) => next + 1,
        (false, true) => next,
        (false, false) => return None,
    };
    let start = layout.tokens.get(start)?.span.start;
    let sentence = layout
        .sentences
        .partition_point(|sentence| sentence.span.end <= cue.start);
    let same_sentence = layout
        .sentences
        .get(sentence)
        .is_some_and(|sentence| start < sentence.span.end);
    let (span, actor) = cast.mention_at(start).filter(|_| same_sentence)?;
    let is_free = |spans: &[Span]| !spans.iter().any(|other| other.overlaps(span));
    (is_free(&bare.source) && is_free(&bare.content)).then_some(Addressed { span, actor })
}
