//! What counts as the same proposition regardless of context.

use super::pair_relation::PairRelation;
use super::words::stems;

/// This many different words are enough to say what a text is about.
const MIN_WORDS: usize = 4;
/// Minimum probability for two texts to be one proposition: higher than for a repetition, because the claims of a
/// proposition are counted.
const ONE_PROPOSITION: f32 = 0.9;

/// Words at the beginning whose reference depends on the context.
const REFERRING: &[&str] = &[
    "he", "her", "here", "hers", "his", "i", "it", "its", "mine", "my", "our", "ours", "she",
    "their", "theirs", "there", "these", "they", "this", "those", "we", "you", "your",
];
/// What follows a demonstrative "that", as in "that is safe"; otherwise "that" only introduces a clause.
const AFTER_REFERRING: &[&str] = &["had", "has", "is", "s", "was", "will", "would"];

/// Returns whether a text repeats another so closely that both are one proposition, provided they are
/// [self-contained](is_self_contained).
#[must_use]
pub fn is_one_proposition(relation: Option<(PairRelation, f32)>) -> bool {
    matches!(relation, Some((PairRelation::Repeats, near)) if near >= ONE_PROPOSITION)
}

/// Returns whether a text means the same in any context: "It is safe" says something different about every bridge.
#[must_use]
pub fn is_self_contained(text: &str) -> bool {
    let mut stems: Vec<String> = stems(text).into_iter().collect();
    stems.sort_unstable();
    stems.dedup();
    stems.len() >= MIN_WORDS && !has_outside_reference(&text.to_lowercase())
}

fn has_outside_reference(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let mut words = words.filter(|word| !word.is_empty());
    match (words.next(), words.next()) {
        (Some("that"), Some(next)) => REFERRING.contains(&next) || AFTER_REFERRING.contains(&next),
        (Some(first), _) => REFERRING.contains(&first),
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_self_contained;

    #[test]
    fn what_refers_to_its_context_or_says_little_is_not_self_contained() {
        for (text, expected) in [
            ("The ferry will carry 400 cars from June", true),
            ("“Ferries carried 400 cars in June”", true),
            ("that the ferry would carry 400 cars from June", true),
            ("that she would carry 400 cars from June to July", false),
            ("That's what ferries with 400 cars carry in June", false),
            ("It will carry 400 cars from June to July", false),
            ("“They're carrying 400 cars from June”", false),
            ("The bridge is safe", false),
            ("safe, safe, safe, safe bridge", false),
            ("", false),
            ("…", false),
        ] {
            assert_eq!(is_self_contained(text), expected, "{text}");
        }
    }
}
