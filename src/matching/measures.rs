//! Word overlap of two texts.

use std::collections::HashSet;

use super::words::{Word, WordKind};

/// The set of stems of the words of these kinds.
pub(super) fn set<'w>(words: &'w [Word], kinds: &[WordKind]) -> HashSet<&'w str> {
    let own = words.iter().filter(|word| kinds.contains(&word.kind));
    own.map(|word| word.stem.as_str()).collect()
}

/// The Dice coefficient: 1 for equal sets, 0 for disjoint ones. `None` if both are empty.
pub(super) fn dice(a: &HashSet<&str>, b: &HashSet<&str>) -> Option<f32> {
    let both = a.len() + b.len();
    (both > 0).then(|| ratio(2 * a.intersection(b).count(), both))
}

#[expect(clippy::cast_precision_loss, reason = "numbers of words")]
pub(super) fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::dice;

    #[test]
    fn dice_counts_what_is_shared() {
        let set = |words: &[&'static str]| words.iter().copied().collect::<HashSet<_>>();
        let near = |found: Option<f32>, expect: f32| (found.unwrap() - expect).abs() < 1e-6;
        assert!(near(dice(&set(&["a", "b"]), &set(&["b"])), 2.0 / 3.0));
        assert!(near(dice(&set(&["a"]), &set(&[])), 0.0));
        assert_eq!(dice(&set(&[]), &set(&[])), None);
    }
}
