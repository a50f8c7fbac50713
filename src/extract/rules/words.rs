//! The closed classes of English words, and what an unknown word is taken for.

use crate::extract::lexicon::calendar::CALENDAR;

/// The class of one token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A capitalised word: a name, or the first word of a sentence.
    Name,
    /// A word in small letters of no other class: noun, adjective, unknown verb.
    Word,
    Number,
    /// "the", "a", "some", "his".
    Determiner,
    /// "he", "they", "I": a pronoun that can be a subject.
    Pronoun,
    /// "him", "them", "me".
    Object,
    /// "who", "which".
    Relative,
    /// "that".
    That,
    /// "what", "how", "whether".
    Question,
    /// "and", "or", "but".
    Conjunction,
    /// "because", "when", "although".
    Subordinator,
    Preposition,
    /// "to".
    To,
    /// "has", "would", "didn't".
    Auxiliary,
    /// "is", "was", "been".
    Be,
    Adverb,
    /// "Monday", "yesterday".
    Time,
    /// The 's of "Lee's".
    Possessive,
    Comma,
    /// ":".
    Colon,
    /// ";" and dashes between words.
    Break,
    /// "(" and "[".
    Open,
    /// ")" and "]".
    Close,
    /// A quotation mark, or a token inside a quotation.
    Quoted,
    /// "." "!" "?".
    Stop,
    /// A hyphen inside a word, "&", "$", "%".
    Joint,
    Other,
}

const DETERMINERS: &[&str] = &[
    "the", "a", "an", "this", "these", "those", "his", "her", "their", "its", "my", "our", "your",
    "some", "many", "several", "most", "all", "both", "other", "another", "any", "each", "every",
    "no", "few", "such",
];
const PRONOUNS: &[&str] = &[
    "he",
    "she",
    "they",
    "i",
    "we",
    "you",
    "it",
    "everyone",
    "everybody",
    "someone",
    "nobody",
    "others",
];
const OBJECTS: &[&str] = &[
    "him",
    "them",
    "me",
    "us",
    "himself",
    "herself",
    "themselves",
    "itself",
];
const QUESTIONS: &[&str] = &["what", "how", "why", "whether", "where", "whom", "whose"];
const SUBORDINATORS: &[&str] = &[
    "because", "when", "while", "although", "though", "since", "after", "before", "until",
    "unless", "if", "as", "once", "whereas", "so", "than",
];
const PREPOSITIONS: &[&str] = &[
    "of",
    "for",
    "from",
    "in",
    "at",
    "with",
    "by",
    "on",
    "about",
    "into",
    "over",
    "under",
    "against",
    "during",
    "through",
    "between",
    "among",
    "around",
    "near",
    "despite",
    "toward",
    "towards",
    "within",
    "without",
    "across",
    "behind",
    "like",
    "via",
    "regarding",
    "amid",
    "per",
    "up",
    "off",
    "out",
];
const AUXILIARIES: &[&str] = &[
    "has",
    "have",
    "had",
    "having",
    "will",
    "would",
    "can",
    "could",
    "may",
    "might",
    "should",
    "must",
    "do",
    "does",
    "did",
    "didn't",
    "doesn't",
    "don't",
    "won't",
    "wouldn't",
    "can't",
    "couldn't",
    "shouldn't",
    "hasn't",
    "haven't",
    "hadn't",
    "didn’t",
    "doesn’t",
    "don’t",
    "won’t",
    "wouldn’t",
    "can’t",
    "couldn’t",
    "shouldn’t",
    "hasn’t",
    "haven’t",
    "hadn’t",
    "cannot",
    "'ve",
    "’ve",
    "'d",
    "’d",
    "'ll",
    "’ll",
];
const BES: &[&str] = &[
    "is",
    "was",
    "are",
    "were",
    "be",
    "been",
    "being",
    "am",
    "isn't",
    "wasn't",
    "aren't",
    "weren't",
    "isn’t",
    "wasn’t",
    "aren’t",
    "weren’t",
    "'re",
    "’re",
    "'m",
    "’m",
];
const ADVERBS: &[&str] = &[
    "also",
    "now",
    "then",
    "later",
    "again",
    "still",
    "never",
    "not",
    "just",
    "already",
    "long",
    "often",
    "even",
    "instead",
    "first",
    "always",
    "soon",
    "further",
    "ever",
    "twice",
    "too",
    "yet",
    "only",
    "once",
    "rather",
    "simply",
    "thus",
    "perhaps",
    "however",
    "meanwhile",
    "elsewhere",
    "earlier",
    "back",
    "n't",
    "sometimes",
    "there",
    "here",
];
/// Words in -ly that are no adverbs.
const NO_ADVERBS: &[&str] = &[
    "family", "rally", "ally", "assembly", "reply", "supply", "bully", "monopoly", "fly", "rely",
    "apply", "anomaly", "weekly", "daily",
];
const TIMES: &[&str] = &["yesterday", "today", "tonight", "tomorrow"];

/// The class of a word given in small letters; `capital` tells how it was written, `first` that it begins a sentence.
pub(super) fn word_class(lower: &str, capital: bool, first: bool) -> Class {
    if lower.len() > 20 {
        return if capital { Class::Name } else { Class::Word };
    }
    let has = |list: &[&str]| list.contains(&lower);
    if (has(CALENDAR) || has(TIMES)) && (capital || lower.ends_with('y') || lower.starts_with("to"))
    {
        return Class::Time;
    }
    if let Some(class) = small_class(lower) {
        return class;
    }
    if has(DETERMINERS) {
        Class::Determiner
    } else if has(PRONOUNS) {
        Class::Pronoun
    } else if has(OBJECTS) {
        Class::Object
    } else if has(QUESTIONS) {
        Class::Question
    } else if has(SUBORDINATORS) {
        Class::Subordinator
    } else if has(PREPOSITIONS) {
        Class::Preposition
    } else if has(AUXILIARIES) {
        if capital && !first && matches!(lower, "may" | "will") {
            Class::Name
        } else {
            Class::Auxiliary
        }
    } else if has(BES) {
        Class::Be
    } else if has(ADVERBS)
        || (lower.ends_with("ly") && lower.len() > 4 && !capital && !has(NO_ADVERBS))
    {
        Class::Adverb
    } else if capital {
        Class::Name
    } else {
        Class::Word
    }
}

fn small_class(lower: &str) -> Option<Class> {
    Some(match lower {
        "who" | "which" => Class::Relative,
        "that" => Class::That,
        "and" | "or" | "but" | "nor" => Class::Conjunction,
        "to" => Class::To,
        "'s" | "’s" => Class::Possessive,
        _ => return None,
    })
}

/// The class of a token without letters or digits. `tight` says that no white space surrounds it.
pub(super) fn mark_class(mark: &str, tight: bool) -> Class {
    match mark {
        "," => Class::Comma,
        ":" => Class::Colon,
        ";" | "—" | "–" | "--" | "…" => Class::Break,
        "-" => {
            if tight {
                Class::Joint
            } else {
                Class::Break
            }
        }
        "(" | "[" | "{" => Class::Open,
        ")" | "]" | "}" => Class::Close,
        "." | "!" | "?" => Class::Stop,
        "&" | "$" | "%" | "'" | "’" | "/" | "#" | "@" | "£" | "€" => Class::Joint,
        _ => Class::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, word_class};

    #[test]
    fn closed_classes_come_before_the_guess() {
        let check = |lower: &str, capital: bool, expect: Class| {
            assert_eq!(word_class(lower, capital, false), expect, "{lower}");
        };
        check("the", false, Class::Determiner);
        check("who", false, Class::Relative);
        check("lee", true, Class::Name);
        check("lee", false, Class::Word);
        check("repeatedly", false, Class::Adverb);
        check("family", false, Class::Word);
        check("kelly", true, Class::Name);
        check("monday", true, Class::Time);
        check("march", false, Class::Word);
        check("may", true, Class::Name);
        check("may", false, Class::Auxiliary);
    }
}
