//! How a fragment of a name occurs in a text that also has full names.

use crate::domain::{Span, is_particle};
use crate::extract::{folded_name, identity_key, split_title};

/// Maximum number of words in a name that follows an office.
const MAX_NAME_WORDS: usize = 5;

/// What a text shows a fragment to be part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part<T> {
    /// This name, and no other that the text may refer to by it.
    Of(T),
    /// Several names.
    OfSeveral,
    /// The text lacks the fragment or any full name.
    Unknown,
}

/// Determines whose name a fragment is part of in a text, given the bearers with their full names: the only bearer
/// whose name occurs in it, provided that the fragment always occurs alone or within that name.
pub(super) fn part_of<T: Copy + PartialEq>(
    text: &str,
    fragment: &str,
    bearers: &[(T, String)],
) -> Part<T> {
    let Some(core) = core(fragment).filter(|_| !places(text, fragment).is_empty()) else {
        return Part::Unknown;
    };
    let present = bearers.iter().flat_map(|(bearer, name)| {
        let spans = places(text, name).into_iter();
        spans.map(move |span| (*bearer, span))
    });
    let present: Vec<(T, Span)> = present.collect();
    let Some((bearer, _)) = present.first().copied() else {
        return Part::Unknown;
    };
    let of_others = present.iter().any(|(other, _)| *other != bearer);
    let inside = |place: Span| present.iter().any(|(_, span)| span.contains(place));
    let stray = places(text, core)
        .into_iter()
        .any(|place| !inside(place) && is_in_a_name(text, place));
    if of_others || stray {
        Part::OfSeveral
    } else {
        Part::Of(bearer)
    }
}

/// The last capitalised word of a fragment.
pub(super) fn core(fragment: &str) -> Option<&str> {
    let words = fragment.split_whitespace().rev().map(bare);
    words
        .filter(|word| word.starts_with(char::is_uppercase))
        .find(|word| word.chars().count() > 1)
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Returns whether a name identifies somebody and contains all capitalised words of a fragment.
pub(super) fn is_whole(name: &str, fragment: &str) -> bool {
    let folded = |name: &str| -> Vec<String> {
        name.split_whitespace()
            .map(|word| folded_name(bare(word)))
            .collect()
    };
    let words = folded(name);
    let capitals = fragment
        .split_whitespace()
        .map(bare)
        .filter(|word| word.starts_with(char::is_uppercase));
    words.len() > 1
        && identity_key(name).is_some()
        && capitals.map(folded_name).all(|word| words.contains(&word))
}

/// The occurrences of words in a text, as whole words.
pub(super) fn places(text: &str, words: &str) -> Vec<Span> {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let found = text
        .match_indices(words)
        .map(|(start, _)| Span::new(start, start + words.len()));
    let whole = found.filter(|span| {
        let before = text[..span.start].chars().next_back();
        let after = text[span.end..].chars().next();
        let begins = inside(before) && inside(words.chars().next());
        let ends = inside(after) && inside(words.chars().next_back());
        !begins && !ends
    });
    whole.collect()
}

/// Returns whether a word is part of a longer name: "Lahn" in "Peter von der Lahn" and in "Lahn Valley", but not in
/// "Mr. Lahn".
fn is_in_a_name(text: &str, place: Span) -> bool {
    let behind = text[place.end..].strip_prefix(' ');
    if behind.is_some_and(|rest| rest.starts_with(char::is_uppercase)) {
        return true;
    }
    let mut before = text[..place.start].split(' ').rev().skip(1);
    let word = before.find(|word| !is_particle(word));
    text[..place.start].ends_with(' ') && word.is_some_and(is_forename_like)
}

/// Returns whether a surname may follow a word as part of one name: "Peter", "P.", but neither a title nor the end of
/// a sentence.
fn is_forename_like(word: &str) -> bool {
    let word = word.rsplit('\n').next().unwrap_or_default();
    let is_title = !split_title(&format!("{word} Lee")).0.is_empty();
    let is_initial = word.chars().count() == 2 && word.ends_with('.');
    let goes_on = is_initial || word.ends_with(char::is_alphanumeric);
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    word.starts_with(char::is_uppercase) && goes_on && !is_title
}

/// Returns whether a fragment precedes names without being part of one: "Chief", "Smt".
pub(super) fn is_office(fragment: &str) -> bool {
    !fragment.contains(' ') && !split_title(&format!("{fragment} Lee")).0.is_empty()
}

/// The names that may directly follow a position, longest first.
pub(super) fn names_behind(text: &str, place: Span) -> Vec<String> {
    let rest = text[place.end..].trim_start_matches('.');
    let line = rest.split('\n').next().unwrap_or_default();
    let mut words = Vec::new();
    for word in line.split(' ').skip(1).take(MAX_NAME_WORDS) {
        let begins = word.starts_with(char::is_uppercase) || is_particle(word);
        if !begins {
            break;
        }
        words.push(bare(word));
        if word.ends_with([',', ';', ':', '”', '"']) {
            break;
        }
    }
    let lengths = (2..=words.len()).rev();
    lengths.map(|length| words[..length].join(" ")).collect()
}

/// Returns whether a fragment always starts a sentence, and the name within it also occurs without the extra word.
pub(super) fn begins_sentences(text: &str, fragment: &str, name: &str) -> bool {
    let at = places(text, fragment);
    let first = |span: &Span| {
        let before = text[..span.start].trim_end();
        before.is_empty() || before.ends_with(['.', '!', '?', '”', '"', '\n'])
    };
    !at.is_empty() && at.iter().all(first) && places(text, name).len() > at.len()
}

#[cfg(test)]
mod tests {
    use super::{Part, begins_sentences, core, is_office, is_whole, names_behind, part_of, places};
    use crate::domain::Span;

    #[test]
    fn a_text_tells_whose_name_a_fragment_is_part_of() {
        let check = |text: &str, fragment: &str, expect: Part<u8>| {
            let bearers = [
                (1, "Ursula von der Lahn"),
                (2, "Donald Tramp"),
                (3, "Ann Lahn"),
            ];
            let bearers = bearers.map(|(bearer, name)| (bearer, name.to_owned()));
            assert_eq!(part_of(text, fragment, &bearers), expect, "{text}");
        };
        let lahn = "Ursula von der Lahn came.";
        for rest in [
            "Lahn left.",
            "“Lahn left.”",
            "Then Mr. Lahn left.",
            "In May Chancellor Lahn left.",
            "Nobody knew. Lahn left.",
            "President-elect Lahn left.",
            "Ms von der Lahn left.",
        ] {
            check(&format!("{lahn} {rest}"), "Lahn", Part::Of(1));
        }
        for rest in [
            "Peter Lahn left.",
            "P. Lahn left.",
            "Peter von der Lahn left.",
            "The Lahn Valley was wet.",
            "Ann Lahn left.",
        ] {
            check(&format!("{lahn} {rest}"), "Lahn", Part::OfSeveral);
        }
        check("Lahn left.", "Lahn", Part::Unknown);
        check(lahn, "Rehn", Part::Unknown);
        check(
            "Donald Tramp won. President-elect Tramp left.",
            "-elect Tramp",
            Part::Of(2),
        );
    }

    #[test]
    fn a_whole_name_has_all_words_in_capitals() {
        assert!(is_whole("Ursula von der Lahn", "Lahn"));
        assert!(is_whole("Rosa Ibáñez", "Ibanez"));
        assert!(is_whole("Donald Tramp", "-elect Tramp"));
        assert!(!is_whole("Ursula Lahnstein", "Lahn"));
        assert!(!is_whole("von der Lahn", "Lahn"));
        assert!(!is_whole("Ursula von der Lahn", "Boston Lahn"));
        assert_eq!(core("-elect Tramp"), Some("Tramp"));
        assert_eq!(core("-elect"), None);
    }

    #[test]
    fn words_stand_where_they_are_whole() {
        assert_eq!(places("Lahn, Lahnstein", "Lahn"), [Span::new(0, 4)]);
        assert_eq!(places("President-elect Lee", "-elect Lee").len(), 1);
    }

    #[test]
    fn an_office_stands_before_names() {
        assert!(is_office("Chief") && is_office("Smt") && !is_office("Boston"));
        let text = "Chief Ida van Brandt, Mayor Ann Lee and others";
        let behind = names_behind(text, Span::new(0, 5));
        assert_eq!(behind, ["Ida van Brandt", "Ida van"]);
        let text = "Smt. Sushma Rao said";
        assert_eq!(names_behind(text, Span::new(0, 3)), ["Sushma Rao"]);
    }

    #[test]
    fn a_word_that_begins_sentences_is_no_name() {
        let check = |text: &str| begins_sentences(text, "Calling Ann Lee", "Ann Lee");
        assert!(check("Ann Lee spoke. Calling Ann Lee a friend, he left."));
        assert!(!check("Calling Ann Lee a friend, he left."));
        assert!(!check("Ann Lee spoke. Then Calling Ann Lee left."));
    }
}
