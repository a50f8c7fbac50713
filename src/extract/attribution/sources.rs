//! What sort of source the words of an attribution name.

use crate::domain::{MentionForm, Rule, SourceClass, Span};

use crate::extract::lexicon::nouns::{CROWDS, DOCUMENTS, is_one_of};

/// Words by which an article hides its source.
const HIDDEN: &[&str] = &[
    "anonymity",
    "anonymous",
    "anonymously",
    "source",
    "sources",
    "insider",
    "insiders",
    "unnamed",
    "unidentified",
    "undisclosed",
];

/// Phrases by which an article hides its source.
const HIDDEN_PHRASES: &[&str] = &[
    "familiar with",
    "close to",
    "not authorized",
    "knowledge of",
    "briefed on",
    "declined to be named",
    "asked not to be",
    "not authorised",
    "declined to be identified",
    "refused to be named",
    "refused to be identified",
    "not give his name",
    "not give her name",
    "not give their name",
    "spoke privately",
    "speaking privately",
    "spoke on condition",
    "on condition of",
    "who asked to remain",
    "not be named",
    "not be identified",
    "not permitted to speak",
    "not allowed to speak",
];

const SINGULAR: &[&str] = &["he", "she", "him", "her", "his", "who", "whom", "whose"];
const PLURAL: &[&str] = &[
    "they", "them", "their", "we", "us", "our", "those", "these", "some", "many", "others", "both",
    "few", "most", "all",
];
const OWN: &[&str] = &["i", "me", "my", "you", "your", "one"];
const THINGS: &[&str] = &["it", "its", "that", "which", "this"];

/// The grammatical form of a source's words.
pub(in crate::extract) fn form(words: &str) -> MentionForm {
    if [SINGULAR, PLURAL, OWN, THINGS]
        .iter()
        .any(|list| is_one_of(words, list))
    {
        MentionForm::Pronoun
    } else if words
        .split_whitespace()
        .next_back()
        .is_some_and(|word| word.starts_with(char::is_uppercase))
    {
        MentionForm::Name
    } else {
        MentionForm::Nominal
    }
}

/// The class of a source and how it is told, `None` for no source. `named` says that it is a name, or stands for one.
pub(in crate::extract) fn source_class(
    text: &str,
    spans: &[Span],
    named: bool,
) -> Option<(SourceClass, Rule)> {
    let words = spans.first()?.slice(text);
    if named {
        return Some((SourceClass::Named, Rule::Name));
    }
    if form(words) == MentionForm::Pronoun {
        return Some((pronoun_class(words), Rule::Pronoun));
    }
    let words = head_part(words);
    let lower = words.to_lowercase();
    let hidden = |word: &str| is_one_of(word, HIDDEN);
    let class = if lower.split(' ').any(hidden)
        || HIDDEN_PHRASES.iter().any(|phrase| lower.contains(phrase))
    {
        (SourceClass::Anonymous, Rule::HiddenSource)
    } else {
        (nominal_class(words), Rule::HeadNoun)
    };
    Some(class)
}

/// Long sources are judged by their first words; this also keeps the judgement cheap.
fn head_part(words: &str) -> &str {
    let end = words
        .char_indices()
        .nth(200)
        .map_or(words.len(), |(at, _)| at);
    &words[..end]
}

fn pronoun_class(word: &str) -> SourceClass {
    if is_one_of(word, SINGULAR) {
        SourceClass::Named
    } else if is_one_of(word, PLURAL) {
        SourceClass::Collective
    } else if is_one_of(word, OWN) {
        SourceClass::Article
    } else {
        SourceClass::Document
    }
}

/// Judges by the head: the last word before the first comma or preposition.
fn nominal_class(words: &str) -> SourceClass {
    let before_comma = words.split(',').next().unwrap_or(words);
    let mut head = "";
    for word in before_comma.split_whitespace() {
        let stops = matches!(
            word,
            "of" | "for"
                | "from"
                | "in"
                | "at"
                | "with"
                | "by"
                | "on"
                | "to"
                | "who"
                | "that"
                | "which"
                | "being"
        );
        if stops && !head.is_empty() {
            break;
        }
        head = word;
    }
    let head = head.trim_end_matches(['\'', '’']);
    if is_one_of(head, DOCUMENTS) {
        SourceClass::Document
    } else if is_one_of(head, CROWDS) || is_plural(head) {
        SourceClass::Collective
    } else if head.starts_with(char::is_uppercase) {
        SourceClass::Named
    } else {
        SourceClass::Role
    }
}

fn is_plural(head: &str) -> bool {
    head.len() > 3 && head.ends_with('s') && !head.ends_with("ss") && !head.ends_with("us")
}

#[cfg(test)]
mod tests {
    use super::{SourceClass, Span, source_class};

    #[test]
    fn classes_follow_from_the_head() {
        let check = |words: &str, named: bool, expect: SourceClass| {
            assert_eq!(
                source_class(words, &[Span::new(0, words.len())], named).map(|(class, _)| class),
                Some(expect),
                "{words}"
            );
        };
        check("Ann Lee", true, SourceClass::Named);
        check("she", false, SourceClass::Named);
        check("they", false, SourceClass::Collective);
        check("the president", false, SourceClass::Role);
        check("a spokesman for the mills", false, SourceClass::Role);
        check("residents of the valley", false, SourceClass::Collective);
        check("the police", false, SourceClass::Collective);
        check(
            "a person familiar with the talks",
            false,
            SourceClass::Anonymous,
        );
        check("two sources", false, SourceClass::Anonymous);
        check("the report", false, SourceClass::Document);
        check("a letter from residents", false, SourceClass::Document);
        check("I", false, SourceClass::Article);
        assert_eq!(source_class("", &[], false), None);
    }
}
