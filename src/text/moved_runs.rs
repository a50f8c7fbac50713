//! Passages that an edited text has still, but at another place among the others.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::pieces::Piece;
use super::sentences::sentences;
use crate::domain::Span;

/// Runs of whole sentences that both texts have, in the order of the earlier one and not overlapping there.
///
/// Each holds a sentence that stands once in either text (the anchors of patience diff), so that it is known which went
/// where, and as many of its neighbours as both texts share.
pub(super) fn moved_runs(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (Sentences::of(before), Sentences::of(after));
    let (anchors, places) = (old.once(), new.once());
    let mut runs = Vec::new();
    // The first sentence that is in no run yet.
    let mut free = 0;
    for (at, words) in old.words().enumerate() {
        let known = anchors.contains_key(words).then(|| places.get(words));
        let Some(&to) = known.flatten().filter(|_| at >= free) else {
            continue;
        };
        let back = (1..=to.min(at - free)).take_while(|n| old.from(at - n) == new.from(to - n));
        let back = back.count();
        let on = (1..).take_while(|n| {
            let next = old.until(at + n);
            next.is_some() && next == new.until(to + n)
        });
        let end = at + on.count();
        runs.push(Piece {
            before: Span::new(old.spans[at - back].start, old.spans[end].end),
            after: new.spans[to - back].start,
        });
        free = end + 1;
    }
    runs
}

/// A text's sentences.
struct Sentences<'t> {
    text: &'t str,
    spans: Vec<Span>,
}

impl<'t> Sentences<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            text,
            spans: sentences(text, Span::new(0, text.len())),
        }
    }

    fn words(&self) -> impl Iterator<Item = &'t str> {
        self.spans.iter().map(|span| span.slice(self.text))
    }

    /// Those that stand in the text once, and which they are.
    fn once(&self) -> HashMap<&'t str, usize> {
        let mut found: HashMap<&str, Option<usize>> = HashMap::new();
        for (at, words) in self.words().enumerate() {
            match found.entry(words) {
                Entry::Vacant(entry) => drop(entry.insert(Some(at))),
                Entry::Occupied(mut entry) => drop(entry.insert(None)),
            }
        }
        let once = found.into_iter();
        once.filter_map(|(words, at)| Some((words, at?))).collect()
    }

    /// A sentence and what is between it and the next.
    fn from(&self, at: usize) -> &'t str {
        &self.text[self.spans[at].start..self.spans[at + 1].start]
    }

    /// A sentence, if there is one, and what is between it and the one before.
    fn until(&self, at: usize) -> Option<&'t str> {
        let end = self.spans.get(at)?.end;
        Some(&self.text[self.spans[at - 1].end..end])
    }
}

#[cfg(test)]
mod tests {
    use super::moved_runs;

    #[test]
    fn paragraphs_are_found_at_their_new_places() {
        let found = |before: &str, after: &str| -> Vec<(String, usize)> {
            let runs = moved_runs(before, after);
            let words = |run: &super::Piece| run.before.slice(before).to_owned();
            runs.iter().map(|run| (words(run), run.after)).collect()
        };
        let (one, two) = ("“Is it full?” she said. It was. ", "Ann Lee denied it. ");
        let swapped = found(&[one, two].concat(), &[two, one].concat());
        let expected = [(one.trim(), two.len()), (two.trim(), 0)];
        assert_eq!(swapped, expected.map(|(words, at)| (words.to_owned(), at)));
        // A sentence that stands twice goes along with its neighbours, but not alone.
        let (twice, other) = ("Yes. ", "No. ");
        assert_eq!(found(&[twice, other, twice].concat(), twice), []);
        let along = found(&[twice, other, twice].concat(), &[other, twice].concat());
        assert_eq!(along, [("No. Yes.".to_owned(), 0)]);
        assert_eq!(found("", "It is."), []);
        assert_eq!(found("It is.", ""), []);
    }
}
