//! Names as the model tags them, word by word.

use std::ops::Range;

use super::shapes::KINDS;
use crate::extract::names::NameKind;

/// Tags of a word: outside, and begin and inside of each kind but none.
pub(in crate::extract::model) const TAGS: usize = 2 * KINDS.len() - 1;

/// A name that the model read.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract) struct Tagged {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// What it names.
    pub kind: NameKind,
    /// How likely its words belong to names of this kind, on average.
    pub confidence: f32,
}

/// The names in a row of words, of each of which the scores of all tags are given.
pub(in crate::extract::model) fn tagged(words: impl Iterator<Item = [f32; TAGS]>) -> Vec<Tagged> {
    let mut names: Vec<Tagged> = Vec::new();
    let mut goes_on = None;
    for (token, scores) in words.enumerate() {
        let best = (0..TAGS).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
        let best = best.unwrap_or_default();
        let kind = best.div_ceil(2);
        let Some(what) = KINDS[kind] else {
            goes_on = None;
            continue;
        };
        let likely = probability(&scores, kind);
        match names.last_mut().filter(|_| goes_on == Some(best)) {
            Some(name) => {
                name.tokens.end = token + 1;
                name.confidence += likely;
            }
            None => names.push(Tagged {
                tokens: token..token + 1,
                kind: what,
                confidence: likely,
            }),
        }
        // The tag of what goes on with it.
        goes_on = Some(2 * kind);
    }
    for name in &mut names {
        #[expect(clippy::cast_precision_loss, reason = "the words of a name")]
        let words = name.tokens.len() as f32;
        name.confidence /= words;
    }
    names
}

/// How likely a word belongs to a name of a kind.
fn probability(scores: &[f32; TAGS], kind: usize) -> f32 {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let parts = scores.map(|score| (score - most).exp());
    (parts[2 * kind - 1] + parts[2 * kind]) / parts.iter().sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::{NameKind, TAGS, Tagged, tagged};

    #[test]
    fn names_begin_and_go_on() {
        let word = |tag: usize| std::array::from_fn(|at| if at == tag { 9.0 } else { 0.0 });
        let check = |tags: &[usize], expect: &[(std::ops::Range<usize>, NameKind)]| {
            let found = tagged(tags.iter().map(|tag| word(*tag)));
            let found: Vec<_> = found
                .into_iter()
                .map(|Tagged { tokens, kind, .. }| (tokens, kind))
                .collect();
            assert_eq!(found, expect, "{tags:?}");
        };
        let (person, body) = (NameKind::Person, NameKind::Organization);
        check(&[0; TAGS], &[]);
        check(&[1, 2, 2, 0, 1], &[(0..3, person), (4..5, person)]);
        check(&[1, 1, 2], &[(0..1, person), (1..3, person)]);
        // What goes on with nothing begins.
        check(
            &[0, 2, 2, 4, 3],
            &[(1..3, person), (3..4, body), (4..5, body)],
        );
    }
}
