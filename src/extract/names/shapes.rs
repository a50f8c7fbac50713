//! What the letters of a word show.

/// Words after a surname.
const SUFFIXES: &[&str] = &[
    "jr.", "jr", "jnr", "jnr.", "sr.", "sr", "snr", "snr.", "ii", "iii", "iv",
];

/// True for a short run of capitals: "WHO".
pub(in crate::extract) fn is_acronym(name: &str) -> bool {
    (2..=5).contains(&name.chars().count()) && name.chars().all(char::is_uppercase)
}

/// True for "Jr.", "III".
pub(in crate::extract) fn is_suffix(word: &str) -> bool {
    word.len() <= 4 && SUFFIXES.contains(&word.to_lowercase().as_str())
}

/// True for a word that begins with a capital, also after a small article: "Lee", "d’Arc".
pub(super) fn is_capitalised(word: &str) -> bool {
    let elided = word
        .split_once(['\'', '’'])
        .filter(|(article, _)| matches!(*article, "d" | "l" | "al" | "el" | "n" | "dell" | "t"))
        .map_or(word, |(_, rest)| rest);
    elided.starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::{is_acronym, is_capitalised, is_suffix};

    #[test]
    fn shapes_are_told() {
        assert!(is_acronym("WHO") && !is_acronym("Who") && !is_acronym("HARKER"));
        assert!(is_suffix("Jr.") && is_suffix("III") && !is_suffix("Lee"));
        assert!(is_capitalised("d’Arc") && is_capitalised("O'Lee") && !is_capitalised("don't"));
    }
}
