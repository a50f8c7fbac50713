//! Tokenizing texts for comparison: lower case, without accents and endings, and with stop words marked.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::text::{Layout, TokenKind};

/// Words that occur in every text: articles, pronouns, auxiliaries, prepositions, conjunctions. Sorted.
const STOP_WORDS: &[&str] = &[
    "a", "about", "after", "all", "also", "an", "and", "are", "as", "at", "be", "been", "before",
    "being", "but", "by", "can", "could", "did", "do", "does", "for", "from", "had", "has", "have",
    "he", "her", "him", "his", "i", "if", "in", "into", "is", "it", "its", "just", "may", "me",
    "might", "must", "my", "of", "on", "or", "our", "out", "over", "s", "she", "should", "so",
    "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those",
    "to", "up", "us", "was", "we", "were", "what", "when", "which", "who", "will", "with", "would",
    "you", "your",
];

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// In lower case, without accents.
    pub plain: String,
    /// Without its ending; used for comparison.
    pub stem: String,
    pub kind: WordKind,
}

/// The kind of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordKind {
    /// A stop word, which says nothing about a text's subject.
    Stop,
    /// Contains a digit.
    Number,
    /// Starts with a capital and is not the first word of the text.
    Name,
    /// Any other.
    Plain,
}

/// The words of a text in order, including stop words.
pub(super) fn words(text: &str) -> Vec<Word> {
    let layout = Layout::new(text, None);
    let tokens = layout.tokens.iter().enumerate();
    let spoken = tokens.filter(|(_, token)| token.kind != TokenKind::Mark);
    spoken
        .map(|(at, _)| word(layout.word(at), at == 0))
        .collect()
}

/// The stems of all content words, in order.
pub(super) fn stems(text: &str) -> Vec<String> {
    let words = words(text).into_iter();
    let telling = words.filter(|word| word.kind != WordKind::Stop);
    telling.map(|word| word.stem).collect()
}

fn word(written: &str, first: bool) -> Word {
    let plain = plain(written);
    let kind = if STOP_WORDS.binary_search(&plain.as_str()).is_ok() {
        WordKind::Stop
    } else if plain.contains(|c: char| c.is_ascii_digit()) {
        WordKind::Number
    } else if !first && written.starts_with(char::is_uppercase) {
        WordKind::Name
    } else {
        WordKind::Plain
    };
    let stem = stem(&plain).to_owned();
    Word { plain, stem, kind }
}

fn plain(written: &str) -> String {
    if written.is_ascii() {
        return written.to_ascii_lowercase();
    }
    let letters = written.nfd().filter(|c| !is_combining_mark(*c));
    letters.flat_map(char::to_lowercase).collect()
}

/// Strips the endings of plurals and regular verbs. Coarser than Porter's stemmer, but sufficient beside an
/// embedding.
pub(super) fn stem(word: &str) -> &str {
    const ENDINGS: &[&str] = &["ings", "ing", "ies", "ied", "es", "ed", "s", "e", "y"];
    /// The minimum number of letters that must remain.
    const LEAST: usize = 3;
    if word.ends_with("ss") || !word.is_ascii() {
        return word;
    }
    let cut = ENDINGS.iter().find_map(|ending| {
        let rest = word.strip_suffix(ending)?;
        (rest.len() >= LEAST).then_some(rest)
    });
    let cut = cut.unwrap_or(word);
    let mut last = cut.bytes().rev();
    let doubled = cut.len() > LEAST && last.next() == last.next() && cut.len() < word.len();
    if doubled { &cut[..cut.len() - 1] } else { cut }
}

#[cfg(test)]
mod tests {
    use super::{STOP_WORDS, WordKind, stem, stems, words};

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for forms in [
            &["ferry", "ferries"][..],
            &["stop", "stops", "stopped", "stopping"],
            &["close", "closes", "closed", "closing"],
            &["vote", "votes", "voting", "voted"],
            &["tax", "taxes", "taxed"],
        ] {
            for form in forms {
                assert_eq!(stem(form), stem(forms[0]), "{form}");
            }
        }
        assert_eq!(stem("press"), "press");
        assert_eq!(stem("is"), "is");
    }

    #[test]
    fn words_are_told_apart_by_kind() {
        let kinds: Vec<_> = words("Fares to Zoë’s quay rose 4.5%.")
            .into_iter()
            .map(|word| (word.plain, word.kind))
            .collect();
        let expect = [
            ("fares", WordKind::Plain),
            ("to", WordKind::Stop),
            ("zoe", WordKind::Name),
            ("’s", WordKind::Plain),
            ("quay", WordKind::Plain),
            ("rose", WordKind::Plain),
            ("4.5", WordKind::Number),
        ];
        let expect: Vec<_> = expect.map(|(plain, kind)| (plain.to_owned(), kind)).into();
        assert_eq!(kinds, expect);
    }

    #[test]
    fn stop_words_are_no_stems() {
        assert_eq!(stems("It is over, they said."), ["said"]);
        assert!(stems("").is_empty());
        assert!(STOP_WORDS.is_sorted());
    }
}
