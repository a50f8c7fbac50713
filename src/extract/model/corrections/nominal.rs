//! Nouns for what others said: in "denied an allegation from Ann Lee that ballots were burned" it is Ann Lee who alleges it.

use crate::domain::Span;
use crate::extract::lexicon::cues::{Frames, LEXICON};
use crate::text::Layout;

use crate::extract::model::heads::calibration::RawOdds;
use crate::extract::model::reading::Reading;

/// Maximum number of tokens of who said it.
const LONGEST: usize = 8;

/// The claim of which a content is the noun: "claims by Ann Lee that", "a suggestion from the union that".
pub(in crate::extract::model) fn named(layout: &Layout<'_>) -> Option<Reading> {
    let most = layout.tokens.len().min(LONGEST);
    let noun = (0..most.min(4)).find(|token| is_noun(layout.word(*token)))?;
    let by = noun + 1;
    if by + 1 >= layout.tokens.len() || !matches!(layout.word(by), "by" | "from") {
        return None;
    }
    let first = by + 1;
    let most = layout.tokens.len().min(first + LONGEST);
    let that = (first + 1..most).find(|token| layout.word(*token) == "that")?;
    let last = layout.tokens.last()?;
    let span = |first: usize, end: usize| {
        Span::new(
            layout.tokens[first].span.start,
            layout.tokens[end - 1].span.end,
        )
    };
    Some(Reading {
        source: vec![span(first, that)],
        cue: vec![layout.tokens[noun].span],
        content: vec![Span::new(layout.tokens[that].span.start, last.span.end)],
        odds: RawOdds::AS_PRINTED,
    })
}

fn is_noun(word: &str) -> bool {
    let readings = LEXICON.readings(&word.to_lowercase());
    readings
        .iter()
        .any(|form| LEXICON.entry(*form).frames.has(Frames::NOUN))
}

#[cfg(test)]
mod tests {
    use super::named;
    use crate::text::Layout;

    #[test]
    fn a_noun_and_by_name_who_said_it() {
        let check = |text: &str, expect: Option<(&str, &str)>| {
            let found = named(&Layout::new(text, None));
            assert_eq!(
                found.as_ref().map(|reading| reading.words(text)),
                expect,
                "{text}"
            );
        };
        check(
            "claims by Ann Lee that it was unsafe",
            Some(("Ann Lee", "that it was unsafe")),
        );
        check(
            "an allegation from Chinedu Okafor that it leaks",
            Some(("Chinedu Okafor", "that it leaks")),
        );
        check(
            "the suggestion by union leaders that he quit",
            Some(("union leaders", "that he quit")),
        );
        check("his claim that it was unsafe", None);
        check("a plan by the river", None);
    }
}
