//! Words that reverse the sense of their context.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::words::{Word, stem};

/// How a word affects the sense of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// "not", "never": negation.
    Not,
    /// "ban", "cut", "reject": less of something, or opposition to it.
    Less,
    /// "allow", "raise", "welcome": more of something, or support for it.
    More,
}

/// Keyed by stem; negations by the whole word.
static CUES: LazyLock<HashMap<&str, Cue>> = LazyLock::new(|| {
    kinds()
        .flat_map(|(kind, words)| of_kind(kind, words))
        .collect()
});

/// The lines that are not comments: a kind and its words.
fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("cues.txt").lines();
    let lines = lines.filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(": "))
}

fn of_kind(kind: &str, words: &'static str) -> impl Iterator<Item = (&'static str, Cue)> {
    let cue = match kind {
        "not" => Cue::Not,
        "less" => Cue::Less,
        _ => Cue::More,
    };
    let key = move |word| if cue == Cue::Not { word } else { stem(word) };
    words.split(' ').map(move |word| (key(word), cue))
}

/// The cue that a word is, if any.
pub(super) fn cue(word: &Word) -> Option<Cue> {
    let plain = word.plain.replace('’', "'");
    let negation = CUES.get(plain.as_str()).filter(|cue| **cue == Cue::Not);
    let by_stem = || CUES.get(word.stem.as_str()).filter(|cue| **cue != Cue::Not);
    negation.or_else(by_stem).copied()
}

#[cfg(test)]
mod tests {
    use super::{CUES, Cue, cue, kinds, of_kind};
    use crate::matching::words::words;

    #[test]
    fn forms_of_a_cue_are_known() {
        for (text, expect) in [
            ("don’t", Some(Cue::Not)),
            ("not", Some(Cue::Not)),
            ("banned", Some(Cue::Less)),
            ("Rejecting", Some(Cue::Less)),
            ("allows", Some(Cue::More)),
            ("ferry", None),
            ("note", None),
        ] {
            assert_eq!(cue(&words(text)[0]), expect, "{text}");
        }
        assert!(CUES.len() > 200);
    }

    #[test]
    fn no_stem_is_of_two_kinds() {
        for (kind, words) in kinds() {
            for (key, cue) in of_kind(kind, words) {
                assert_eq!(CUES[key], cue, "{key}");
            }
        }
    }
}
