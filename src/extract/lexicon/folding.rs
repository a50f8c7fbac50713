//! The form in which words are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters that are no other letter with an accent, and what is written for them where they are not at hand.
const LETTERS: &[(char, &str)] = &[
    ('ł', "l"),
    ('ø', "o"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "th"),
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ı', "i"),
    ('ħ', "h"),
    ('ŧ', "t"),
    ('ŋ', "n"),
    ('ς', "σ"),
    ('’', "'"),
    ('‘', "'"),
    ('ʼ', "'"),
    ('ʻ', "'"),
    ('′', "'"),
    ('`', "'"),
    ('´', "'"),
    ('‐', "-"),
    ('‑', "-"),
];

/// Lower case without accents, with plain apostrophes and hyphens: "Ličen" is also spelled "Licen", and "Łukasz" "Lukasz".
#[must_use]
pub fn folded(name: &str) -> String {
    let letters = name
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase);
    let mut folded = String::with_capacity(name.len());
    for letter in letters {
        match LETTERS.iter().find(|(from, _)| *from == letter) {
            Some((_, plain)) => folded.push_str(plain),
            None => folded.push(letter),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn spellings_of_one_name_are_equal() {
        assert_eq!(folded("Ibáñez"), folded("IBANEZ"));
        assert_eq!(folded("O’Dwyer"), "o'dwyer");
        assert_eq!(folded("Søren Łoś"), "soren los");
        assert_eq!(folded("Þóra Æbel‑Strauß"), folded("Thora Aebel-Strauss"));
    }
}
