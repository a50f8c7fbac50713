//! A bound on how deep attributions nest.

use super::bare::BareAttribution;

/// A says that B says that C says … : how many attributions may stand inside each other. Far beyond what people write;
/// it keeps what a text of nothing but cues gives in proportion to the text.
const MAX_DEPTH: usize = 8;

/// Drops every attribution that begins inside [`MAX_DEPTH`] others. They are ordered by where they begin.
pub(in crate::extract) fn bound_depth(attributions: &mut Vec<BareAttribution>) {
    let mut open: Vec<usize> = Vec::with_capacity(MAX_DEPTH);
    attributions.retain(|attribution| {
        let (start, end) = extent(attribution);
        open.retain(|open| *open > start);
        let kept = open.len() < MAX_DEPTH;
        if kept {
            open.push(end);
        }
        kept
    });
}

/// The first byte of an attribution and the one past its last.
fn extent(attribution: &BareAttribution) -> (usize, usize) {
    let BareAttribution {
        source,
        cue,
        content,
        ..
    } = attribution;
    let all = || [source, cue, content].into_iter().flatten();
    let start = all().map(|span| span.start).min().unwrap_or(0);
    (start, all().map(|span| span.end).max().unwrap_or(start))
}

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, bound_depth};
    use crate::domain::Span;
    use crate::extract::attribution::bare::BareAttribution;

    fn attribution(start: usize, end: usize) -> BareAttribution {
        BareAttribution {
            content: vec![Span::new(start, end)],
            ..BareAttribution::default()
        }
    }

    #[test]
    fn only_what_nests_too_deep_is_dropped() {
        let mut nested: Vec<_> = (0..20).map(|n| attribution(n, 100)).collect();
        nested.push(attribution(100, 120));
        bound_depth(&mut nested);
        let starts: Vec<usize> = nested.iter().map(|a| a.content[0].start).collect();
        assert_eq!(starts, [0, 1, 2, 3, 4, 5, 6, 7, 100]);
        assert_eq!(starts.len(), MAX_DEPTH + 1);
    }

    #[test]
    fn what_stands_side_by_side_is_kept() {
        let mut row: Vec<_> = (0..100).map(|n| attribution(n * 10, n * 10 + 10)).collect();
        bound_depth(&mut row);
        assert_eq!(row.len(), 100);
    }
}
