//! Words that stand for a speaker by themselves: "Ann Lee", "Greta Falk (Green)", "Bo Dam, 34, a baker", "the mayor".

use crate::extract::lexicon::lists::{is_article, is_person_noun, is_role, is_title, noun};
use crate::extract::lexicon::nouns::{DOCUMENTS, is_one_of};

/// Maximum number of bytes of a name with what it is followed by: "Ann Lee, the mayor of a town by the sea".
pub(super) const LONGEST_SIGNATURE: usize = 100;
/// Maximum number of words of a name with the offices before it.
const MOST_WORDS: usize = 7;
/// Lower-case words inside a name.
const PARTICLES: &[&str] = &[
    "al", "and", "bin", "binti", "da", "de", "del", "der", "di", "dos", "du", "el", "ibn", "la",
    "le", "of", "the", "van", "von", "y",
];
const QUOTATION_MARKS: &[char] = &['"', '“', '”', '„', '«', '»'];
/// Labels that name no speaker.
const KICKERS: &[&str] = &[
    "advertisement",
    "advice",
    "alert",
    "analysis",
    "answer",
    "answers",
    "audio",
    "background",
    "blog",
    "breaking",
    "briefing",
    "caption",
    "comment",
    "commentary",
    "conclusion",
    "correction",
    "credit",
    "date",
    "editorial",
    "event",
    "exclusive",
    "explainer",
    "fact",
    "facts",
    "feature",
    "file",
    "focus",
    "gallery",
    "graphic",
    "headline",
    "history",
    "how",
    "image",
    "info",
    "insight",
    "interview",
    "latest",
    "letter",
    "live",
    "location",
    "map",
    "motto",
    "news",
    "note",
    "notice",
    "obituary",
    "opinion",
    "opening",
    "photo",
    "photos",
    "picture",
    "pictures",
    "place",
    "podcast",
    "poll",
    "prediction",
    "preview",
    "price",
    "profile",
    "question",
    "questions",
    "quiz",
    "rating",
    "recipe",
    "related",
    "result",
    "results",
    "review",
    "score",
    "scores",
    "source",
    "special",
    "sport",
    "summary",
    "team",
    "tickets",
    "time",
    "timeline",
    "tip",
    "title",
    "topic",
    "transcript",
    "update",
    "updated",
    "verdict",
    "video",
    "warning",
    "watch",
    "weather",
    "what",
    "when",
    "where",
    "why",
];

/// True for words of which those before the first comma or bracket are all capitalised, but for particles.
pub(super) fn is_name(words: &str) -> bool {
    let capitalised = |word: &str| {
        word.starts_with(|c: char| c.is_uppercase() || c == '@' || c == '(')
            || PARTICLES.contains(&word)
    };
    words.len() <= LONGEST_SIGNATURE
        && words.starts_with(|c: char| c.is_uppercase() || c == '@')
        && !words.contains(QUOTATION_MARKS)
        && name_of(words).split_whitespace().all(capitalised)
}

/// True for a name, or a role with or without a name after it, that is no kicker: "Chairwoman Ann Lee", "baker Bo Dam",
/// "The mayor".
pub(super) fn is_speaker(label: &str) -> bool {
    let name = name_of(label);
    let words: Vec<&str> = name.split_whitespace().collect();
    let fits = label.len() <= LONGEST_SIGNATURE
        && (1..=MOST_WORDS).contains(&words.len())
        && !label.contains(QUOTATION_MARKS)
        && !words.iter().any(|word| is_kicker(word));
    fits && (is_name(label) || is_described(&words))
}

/// True if some word of a label says that no speaker is named.
pub(super) fn is_kicker(word: &str) -> bool {
    is_one_of(word.trim_matches(|c: char| !c.is_alphanumeric()), KICKERS)
}

/// True for a title, an office or a noun for people, a body or a document, in any letters.
pub(super) fn is_office(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    is_title(word) || is_role(word) || noun(word).is_some() || is_one_of(word, DOCUMENTS)
}

/// "baker Bo Dam", "the mayor": small words of which one is a role, and perhaps a name after.
fn is_described(words: &[&str]) -> bool {
    let small = words
        .iter()
        .take_while(|word| word.starts_with(char::is_lowercase) || is_article(word))
        .count();
    let (before, name) = words.split_at(small);
    let role = before
        .last()
        .is_some_and(|word| is_role(word) || is_person_noun(word));
    role && name
        .iter()
        .all(|word| word.starts_with(char::is_uppercase) || PARTICLES.contains(word))
}

/// What stands before the first comma or bracket.
fn name_of(label: &str) -> &str {
    label.split([',', '(']).next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::{is_name, is_speaker};

    #[test]
    fn speakers_are_named_or_described() {
        for label in [
            "Ann Lee",
            "Greta Falk (Green)",
            "Bo Dam, 34, a baker",
            "Chairwoman Odile Marchand",
            "baker Bo Dam",
            "The mayor",
            "Nguyễn Thị Mai",
            "Chukwuemeka Okafor",
            "María de la Cruz",
            "Halloran",
        ] {
            assert!(is_speaker(label), "{label}");
        }
        for label in [
            "What the candidates say",
            "Opening hours",
            "It is said",
            "Update",
            "the bridge",
            "“No” Lee",
            "Our photos",
            "",
        ] {
            assert!(!is_speaker(label), "{label}");
        }
        assert!(is_name("Ann van der Lee") && !is_name("Ann Lee said so"));
    }
}
