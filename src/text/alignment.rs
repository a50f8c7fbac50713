//! Which words of a text are still there after it was edited, and where.

use imara_diff::{Algorithm, Diff, InternedInput};
use unicode_segmentation::UnicodeSegmentation;

use super::moved_runs::moved_runs;
use super::pieces::{Piece, Pieces};
use crate::domain::Span;

/// Texts of more words, spaces and marks together are compared by whole sentences only: where all words recur, a diff
/// takes time quadratic in their number.
const MAX_WORDS: usize = 40_000;

/// How an earlier text and a later one correspond.
#[derive(Debug, Clone)]
pub struct Alignment {
    /// What both have in the same order.
    pub kept: Pieces,
    /// Sentences that both have, in whatever order.
    pub moved: Pieces,
}

impl Alignment {
    /// Compares two texts, word by word and sentence by sentence.
    #[must_use]
    pub fn between(before: &str, after: &str) -> Self {
        Self {
            kept: Pieces::new(kept(before, after)),
            moved: Pieces::new(moved_runs(before, after)),
        }
    }
}

/// What both texts have in the same order, word by word (histogram diff, a variant of patience diff). Nothing of texts
/// that are too long for it.
fn kept(before: &str, after: &str) -> Vec<Piece> {
    let (starts, later) = (starts(before), starts(after));
    if starts.len() + later.len() > MAX_WORDS {
        return Vec::new();
    }
    let mut words = InternedInput::default();
    words.update_before(before.split_word_bounds());
    words.update_after(after.split_word_bounds());
    let diff = Diff::compute(Algorithm::Histogram, &words);
    let mut pieces = Vec::new();
    // The words up to which both texts are dealt with.
    let (mut from, mut to) = (0, 0);
    let end = (starts.len() - 1, later.len() - 1);
    let hunks = diff.hunks().map(|hunk| {
        let [a, b, c, d] = [
            hunk.before.start,
            hunk.after.start,
            hunk.before.end,
            hunk.after.end,
        ]
        .map(|word| usize::try_from(word).unwrap_or(usize::MAX));
        ((a, b), (c, d))
    });
    for (until, next) in hunks.chain([(end, end)]) {
        if from < until.0 {
            pieces.push(Piece {
                before: Span::new(starts[from], starts[until.0]),
                after: later[to],
            });
        }
        (from, to) = next;
    }
    pieces
}

/// Where each word begins, and the text's end.
fn starts(text: &str) -> Vec<usize> {
    let words = text.split_word_bound_indices().map(|(at, _)| at);
    words.chain([text.len()]).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Alignment;
    use crate::domain::Span;

    /// The words in the later text, with their place, of the earlier text's words.
    fn moved<'t>(before: &str, after: &'t str, words: &str) -> Option<(usize, &'t str)> {
        let start = before.find(words).unwrap();
        let span = Span::new(start, start + words.len());
        let found = Alignment::between(before, after).kept.position_of(span)?;
        Some((found.start, found.slice(after)))
    }

    #[test]
    fn words_are_found_where_they_went() {
        let before = "“It is safe,” Ann Lee said. The bridge has 40 cars. “It holds,” he said.";
        let after = "Corrected: “It is safe,” Ann Lee said. The bridge has 50 lorries. “It holds,” he said.";
        for (words, is_there) in [
            ("“It is safe,”", true),
            ("Ann Lee", true),
            ("“It holds,” he said.", true),
            ("40 cars", false),
            ("has 40", false),
        ] {
            let expected = is_there.then(|| (after.find(words).unwrap(), words));
            assert_eq!(moved(before, after, words), expected, "{words}");
        }
        assert_eq!(moved("a b", "", "a"), None);
        assert_eq!(moved("a b", "a b", "a b"), Some((0, "a b")));
        assert_eq!(moved("Ann said no.", "no.", "Ann"), None);
    }

    #[test]
    fn long_texts_that_repeat_themselves_are_compared_in_time() {
        let claim = "Ann Lee said it holds.";
        for times in [2_400, 100_000] {
            let before = ["It is. Yes. ".repeat(times), claim.to_owned()].concat();
            let after = ["Yes. It was. ".repeat(times), claim.to_owned()].concat();
            let start = before.len() - claim.len();
            let alignment = Alignment::between(&before, &after);
            let found = alignment.moved.position_of(Span::new(start, before.len()));
            assert_eq!(found.unwrap().slice(&after), claim, "{times}");
        }
    }

    proptest! {
        #[test]
        fn what_is_found_are_the_same_words(
            words in prop::collection::vec("[a-cé😀 .]{1,3}", 0..30),
            later in prop::collection::vec("[a-cé😀 .]{1,3}", 0..30),
            kept in 0..30_usize,
        ) {
            let before = words.concat();
            let after = [&later.concat(), &words[kept.min(words.len())..].concat()].map(String::as_str).concat();
            let alignment = Alignment::between(&before, &after);
            let ends: Vec<usize> = before.char_indices().map(|(at, _)| at).chain([before.len()]).collect();
            for start in &ends {
                for end in ends.iter().filter(|end| *end >= start) {
                    let span = Span::new(*start, *end);
                    let pieces = [&alignment.kept, &alignment.moved];
                    for found in pieces.into_iter().filter_map(|pieces| pieces.position_of(span)) {
                        prop_assert_eq!(found.slice(&after), span.slice(&before));
                    }
                }
            }
        }

        #[test]
        fn a_text_stays_where_it_is(text in ".{0,40}") {
            let whole = Span::new(0, text.len());
            let found = Alignment::between(&text, &text).kept.position_of(whole);
            prop_assert_eq!(found, (!text.is_empty()).then_some(whole));
        }
    }
}
