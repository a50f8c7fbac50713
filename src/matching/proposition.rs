//! What may be called the same proposition wherever it stands.

use super::standing::Standing;
use super::words::stems;

/// So many different words tell what is spoken of.
const ENOUGH_WORDS: usize = 4;
/// From this probability on two texts are one proposition: above what is called a repetition, since those that belong to one
/// proposition are counted.
const ONE_PROPOSITION: f32 = 0.9;

/// Words at the beginning that mean something else in every text.
const POINTING: &[&str] = &[
    "he", "her", "here", "hers", "his", "i", "it", "its", "mine", "my", "our", "ours", "she",
    "their", "theirs", "there", "these", "they", "this", "those", "we", "you", "your",
];
/// What follows a "that" which points, as in "that is safe"; the other one only begins a clause.
const AFTER_POINTING: &[&str] = &["had", "has", "is", "s", "was", "will", "would"];

/// True where one text repeats another so nearly that the two are one proposition, if they [stand alone](stands_alone).
#[must_use]
pub fn is_one_proposition(standing: Option<(Standing, f32)>) -> bool {
    matches!(standing, Some((Standing::Repeats, near)) if near >= ONE_PROPOSITION)
}

/// True for a text that says the same wherever it stands: "It is safe" says something else of every bridge.
#[must_use]
pub fn stands_alone(text: &str) -> bool {
    let mut stems: Vec<String> = stems(text).into_iter().collect();
    stems.sort_unstable();
    stems.dedup();
    stems.len() >= ENOUGH_WORDS && !points_elsewhere(&text.to_lowercase())
}

fn points_elsewhere(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let mut words = words.filter(|word| !word.is_empty());
    match (words.next(), words.next()) {
        (Some("that"), Some(next)) => POINTING.contains(&next) || AFTER_POINTING.contains(&next),
        (Some(first), _) => POINTING.contains(&first),
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::stands_alone;

    #[test]
    fn what_points_elsewhere_or_says_little_does_not_stand_alone() {
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
            assert_eq!(stands_alone(text), expected, "{text}");
        }
    }
}
