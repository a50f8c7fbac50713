//! Units and windows: what is read in one piece.
//!
//! A unit is a block of the text; attributions do not leave it. A window is a row of whole units that the encoder reads
//! at once.

use std::ops::Range;

use crate::text::Layout;

/// How many wordpieces a unit or a window holds at most, without the two that frame a window.
pub(in crate::extract::model) const WINDOW: usize = 190;

/// A block, or a part of one that is too long for a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its tokens: indices into [`Layout::tokens`].
    pub tokens: Range<usize>,
    /// Its block: an index into [`Layout::blocks`].
    pub block: usize,
}

/// The units of a text, in text order. `starts` holds the first piece of each token, and their number.
///
/// A block too long for a window is cut after a sentence, in the last three quarters of what fits, or else after a
/// token.
pub(in crate::extract::model) fn units(layout: &Layout<'_>, starts: &[usize]) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut first_sentence = 0;
    while first_sentence < layout.sentences.len() {
        let block = layout.sentences[first_sentence].block;
        let rest = &layout.sentences[first_sentence..];
        let count = rest.partition_point(|sentence| sentence.block == block);
        let ends: Vec<usize> = rest[..count].iter().map(|s| s.tokens.end).collect();
        cut(rest[0].tokens.start, &ends, starts, |tokens| {
            units.push(Unit { tokens, block });
        });
        first_sentence += count;
    }
    units
}

/// Cuts one block. `ends` holds the end of each of its sentences.
fn cut(first: usize, ends: &[usize], starts: &[usize], mut push: impl FnMut(Range<usize>)) {
    let end = ends.last().copied().unwrap_or(first);
    let mut from = first;
    while starts[end] - starts[from] > WINDOW {
        let limit = starts[from] + WINDOW;
        // The last token boundary that keeps the unit within the window; no token fills a window.
        let token = starts.partition_point(|start| *start <= limit) - 1;
        let sentence = ends[..ends.partition_point(|end| *end <= token)].last();
        let long_enough = |cut: &&usize| **cut > from && starts[**cut] > starts[from] + WINDOW / 4;
        let to = sentence.filter(long_enough).copied().unwrap_or(token);
        push(from..to);
        from = to;
    }
    if from < end {
        push(from..end);
    }
}

/// Packs units into windows, as many into each as fit, in text order. Gives ranges of units.
pub(in crate::extract::model) fn windows(units: &[Unit], starts: &[usize]) -> Vec<Range<usize>> {
    let mut windows: Vec<Range<usize>> = Vec::new();
    let mut filled = 0;
    for (index, unit) in units.iter().enumerate() {
        let pieces = starts[unit.tokens.end] - starts[unit.tokens.start];
        match windows.last_mut() {
            Some(window) if filled + pieces <= WINDOW => window.end = index + 1,
            _ => {
                windows.push(index..index + 1);
                filled = 0;
            }
        }
        filled += pieces;
    }
    windows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{WINDOW, windows};
    use crate::extract::model::input::features::Features;
    use crate::text::Layout;

    fn check(text: &str) {
        let layout = Layout::new(text, None);
        let features = Features::new(&layout);
        let mut next = 0;
        for unit in &features.units {
            assert!(unit.tokens.start >= next && unit.tokens.start < unit.tokens.end);
            assert!(features.pieces(&unit.tokens).len() <= WINDOW);
            next = unit.tokens.end;
        }
        assert_eq!(next, layout.tokens.len());
        let mut next = 0;
        for window in windows(&features.units, &features.starts) {
            let tokens = features.units[window.start].tokens.start
                ..features.units[window.end - 1].tokens.end;
            assert!(window.start == next && features.pieces(&tokens).len() <= WINDOW);
            next = window.end;
        }
        assert_eq!(next, features.units.len());
    }

    #[test]
    fn long_blocks_are_cut_behind_sentences() {
        let text = "It was a long and windy night at sea. ".repeat(50);
        let layout = Layout::new(&text, None);
        let features = Features::new(&layout);
        assert!(features.units.len() > 1);
        for unit in &features.units {
            assert_eq!(layout.word(unit.tokens.end - 1), ".");
        }
        check(&text);
    }

    #[test]
    fn blocks_without_sentences_are_cut_behind_words() {
        check(&"word ".repeat(10_000));
        check(&"a.".repeat(10_000));
        check("");
    }

    proptest! {
        #[test]
        fn units_and_windows_cover_every_text(text in "([a-z]{1,9}|[ .,“”\n]){0,900}") {
            check(&text);
        }
    }
}
