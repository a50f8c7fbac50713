//! Wordpieces: the uncased BERT tokenisation (Devlin et al. 2019), greedy and longest first, word by word.
//!
//! The words come from [`Layout`](crate::text::Layout), so that every piece belongs to exactly one token and a span never
//! has to be guessed back from pieces.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::general_category::UnicodeGeneralCategory;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup};

/// The vocabulary that the models are trained with: one piece a line, the line's number is the piece's id.
pub(in crate::extract::model) static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::new(include_str!("../../../../models/vocab.txt")));

/// A word of more pieces is cut: no word that anybody writes has as many.
const MAX_PIECES: usize = 32;
/// A run of more characters without punctuation is one unknown piece, as in BERT.
const MAX_RUN: usize = 100;

/// A wordpiece vocabulary.
#[derive(Debug)]
pub(in crate::extract::model) struct Vocabulary {
    /// Pieces that may begin a run.
    initial: HashMap<&'static str, u16>,
    /// Pieces that go on with one, without their `##`.
    following: HashMap<&'static str, u16>,
    unknown: u16,
    classify: u16,
    separate: u16,
}

impl Vocabulary {
    fn new(lines: &'static str) -> Self {
        let mut vocabulary = Self {
            initial: HashMap::new(),
            following: HashMap::new(),
            unknown: 0,
            classify: 0,
            separate: 0,
        };
        for (id, line) in (0_u16..).zip(lines.lines()) {
            match (line, line.strip_prefix("##")) {
                ("[UNK]", _) => vocabulary.unknown = id,
                ("[CLS]", _) => vocabulary.classify = id,
                ("[SEP]", _) => vocabulary.separate = id,
                (_, Some(rest)) if !rest.is_empty() => {
                    vocabulary.following.insert(rest, id);
                }
                _ => {
                    vocabulary.initial.insert(line, id);
                }
            }
        }
        vocabulary
    }

    /// The piece that opens every window.
    pub(in crate::extract::model) const fn classify(&self) -> u16 {
        self.classify
    }

    /// The piece that closes every window.
    pub(in crate::extract::model) const fn separate(&self) -> u16 {
        self.separate
    }

    /// Appends the pieces of one word: at least one, at most [`MAX_PIECES`].
    pub(in crate::extract::model) fn append_pieces(&self, word: &str, pieces: &mut Vec<u16>) {
        let first = pieces.len();
        let mut run = String::new();
        for c in normalised(word) {
            if pieces.len() - first > MAX_PIECES {
                break;
            }
            if stands_alone(c) {
                self.append_run(&run, pieces);
                run.clear();
                self.append_run(c.encode_utf8(&mut [0; 4]), pieces);
            } else if c.is_whitespace() {
                self.append_run(&run, pieces);
                run.clear();
            } else {
                run.push(c);
            }
        }
        self.append_run(&run, pieces);
        if pieces.len() == first {
            pieces.push(self.unknown);
        }
        pieces.truncate(first + MAX_PIECES);
    }

    /// Appends the pieces of a run without punctuation: the longest that fits, again and again, or one unknown piece.
    fn append_run(&self, run: &str, pieces: &mut Vec<u16>) {
        if run.is_empty() {
            return;
        }
        if run.chars().nth(MAX_RUN).is_some() {
            pieces.push(self.unknown);
            return;
        }
        let first = pieces.len();
        let mut rest = run;
        while !rest.is_empty() {
            let known = if rest.len() == run.len() {
                &self.initial
            } else {
                &self.following
            };
            let Some((id, length)) = longest(known, rest) else {
                pieces.truncate(first);
                pieces.push(self.unknown);
                return;
            };
            pieces.push(id);
            rest = &rest[length..];
        }
    }
}

/// The longest beginning of `text` that is known, with its length in bytes.
fn longest(known: &HashMap<&'static str, u16>, text: &str) -> Option<(u16, usize)> {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.rev()
        .find_map(|end| known.get(&text[..end]).map(|id| (*id, end)))
}

/// Without control characters and accents, in lower case.
fn normalised(word: &str) -> impl Iterator<Item = char> {
    word.chars()
        .filter(|c| !is_control(*c))
        .nfd()
        .filter(|c| {
            !is_combining_mark(*c) || c.general_category() != GeneralCategory::NonspacingMark
        })
        .flat_map(char::to_lowercase)
}

fn is_control(c: char) -> bool {
    c == '\u{fffd}'
        || (!c.is_whitespace() && c.general_category_group() == GeneralCategoryGroup::Other)
}

/// Punctuation, ASCII symbols and Chinese characters are runs of their own.
fn stands_alone(c: char) -> bool {
    c.is_ascii_punctuation()
        || c.general_category_group() == GeneralCategoryGroup::Punctuation
        || is_chinese(c)
}

/// The blocks that BERT takes for Chinese characters.
fn is_chinese(c: char) -> bool {
    matches!(
        u32::from(c),
        0x3400..=0x4DBF
            | 0x4E00..=0x9FFF
            | 0xF900..=0xFAFF
            | 0x20000..=0x2A6DF
            | 0x2A700..=0x2CEAF
            | 0x2F800..=0x2FA1F
    )
}

#[cfg(test)]
mod tests {
    use super::{MAX_PIECES, VOCABULARY};

    /// Checks a word's pieces by their text.
    fn check(word: &str, expect: &[&str]) {
        let lines: Vec<&str> = include_str!("../../../../models/vocab.txt")
            .lines()
            .collect();
        let mut pieces = Vec::new();
        VOCABULARY.append_pieces(word, &mut pieces);
        let found: Vec<&str> = pieces.iter().map(|id| lines[usize::from(*id)]).collect();
        assert_eq!(found, expect, "{word:?}");
    }

    #[test]
    fn words_are_split_as_bert_splits_them() {
        check("said", &["said"]);
        check("Lindqvist", &["lin", "##d", "##qvist"]);
        check("Zoë", &["zoe"]);
        check("U.S.", &["u", ".", "s", "."]);
        check("1.5", &["1", ".", "5"]);
        check("“", &["“"]);
        check("don't", &["don", "'", "t"]);
        check("東京", &["東", "京"]);
        check("\0", &["[UNK]"]);
        check("\u{301}", &["[UNK]"]);
        check("🦀", &["[UNK]"]);
        check(&"a".repeat(101), &["[UNK]"]);
    }

    #[test]
    fn no_word_has_pieces_without_end() {
        let mut pieces = Vec::new();
        VOCABULARY.append_pieces(&"a.".repeat(100_000), &mut pieces);
        assert_eq!(pieces.len(), MAX_PIECES);
    }
}
