//! The words of a name, as they are compared with those of another.

use crate::domain::is_particle;
use crate::extract::lexicon::folding::folded;
use crate::extract::lexicon::lists::{forename_gender, is_address};

/// What initials run together may also be: a surname, a title, a forename cut short.
const WORDS_LIKE_INITIALS: &[&str] = &["dr", "jr", "md", "mr", "ms", "ng", "sr", "st"];
/// Abbreviations that are written with dots and without.
const STATES_IN_SHORT: &[&str] = &["eu", "uae", "uk", "un", "us", "usa"];

/// Particles that begin a surname more often than the name of a paper or a place, however they are written.
const SURNAME_BEGINS: &[&str] = &[
    "bin", "da", "de", "del", "della", "di", "dos", "ibn", "ter", "van", "von", "zu",
];

/// A word of a name.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::extract::coref) struct Word {
    /// Folded, without marks around it.
    pub key: String,
    /// True for a letter with a dot.
    pub is_initial: bool,
}

impl Word {
    pub fn of(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            is_initial: false,
        }
    }
}

/// The words of a name without titles; none where what remains is a surname at most. Initials are words of their own,
/// however close they stand; those that begin a name are one word where that word can be nothing else: "J. R. R. Tolkien"
/// is also "JRR Tolkien", but "A. L. Gore" is no Al.
pub(in crate::extract::coref) fn words(name: &str) -> Vec<Word> {
    let written: Vec<&str> = name
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| word.contains(char::is_alphanumeric))
        .collect();
    let titles = written.iter().take_while(|word| is_address(word)).count();
    let written = written.get(titles..).unwrap_or_default();
    let mut words: Vec<Word> = written.iter().flat_map(|word| parts(word)).collect();
    if titles > 0 && words.len() < 2 || is_surname_alone(written) {
        return Vec::new();
    }
    let run = words.iter().take_while(|word| word.is_initial).count();
    let together: String = words[..run].iter().map(|word| word.key.as_str()).collect();
    if run < words.len() && reads_as_initials(&together) {
        words.splice(..run, [Word::of(&together)]);
    }
    words
}

/// True for "van den Broek" and "Von Trier", but not for "Le Monde".
fn is_surname_alone(written: &[&str]) -> bool {
    let [first, .., _] = written else {
        return false;
    };
    let lower: Vec<String> = written.iter().map(|word| word.to_lowercase()).collect();
    let before = &lower[..lower.len() - 1];
    let is_told = before.len() > 1 || **first == lower[0] || is_begin(&lower[0]);
    is_told && before.iter().all(|word| is_particle(word))
}

fn is_begin(word: &str) -> bool {
    SURNAME_BEGINS.contains(&word) && forename_gender(word).is_none()
}

/// The words that a word as it is written refers to: "J.R.R." for three.
fn parts(written: &str) -> Vec<Word> {
    let folded = folded(written);
    let key = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let letters: Vec<&str> = key.split('.').collect();
    let single = |letter: &&str| letter.chars().count() == 1;
    let dotted = letters.len() > 1 || folded.ends_with('.');
    if !dotted || !letters.iter().all(single) {
        return vec![Word::of(key)];
    }
    let together = letters.concat();
    if STATES_IN_SHORT.contains(&together.as_str()) {
        return vec![Word::of(&together)];
    }
    let initial = |letter: &&str| Word {
        key: (*letter).to_owned(),
        is_initial: true,
    };
    letters.iter().map(initial).collect()
}

/// True for initials that, run together, are no name that could be spoken.
fn reads_as_initials(together: &str) -> bool {
    let spoken = together.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    let ends_in_j = together.len() == 2 && together.ends_with('j');
    (2..=3).contains(&together.len())
        && (!spoken || ends_in_j)
        && !WORDS_LIKE_INITIALS.contains(&together)
}

/// False for initials alone, which may be anybody's.
pub(super) fn names_somebody(words: &[Word]) -> bool {
    words.iter().any(|word| !word.is_initial)
}

/// The words without the initials between a first name and the last.
pub(super) fn without_initials(words: &[Word]) -> Vec<&str> {
    let last = words.iter().rposition(|word| !word.is_initial);
    let begins_with_name = words.first().is_some_and(|word| !word.is_initial);
    let middle = 1..last.unwrap_or_default();
    let kept = words
        .iter()
        .enumerate()
        .filter(|(at, word)| !(begins_with_name && word.is_initial && middle.contains(at)));
    kept.map(|(_, word)| word.key.as_str()).collect()
}
