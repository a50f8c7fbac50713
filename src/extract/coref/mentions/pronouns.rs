//! Personal pronouns.

use crate::domain::Gender;

use crate::extract::lexicon::lists::is_name_in_capitals;

/// Who a pronoun may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract::coref) enum Pronoun {
    /// "I".
    Speaker,
    /// "we".
    Speakers,
    /// "you".
    Addressee,
    /// "he", "she".
    Single(Gender),
    /// "they".
    Several,
    /// "it".
    Thing,
    /// "who", "which", "that", where it is a source.
    Relative,
}

/// How a pronoun stands in its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract::coref) enum Case {
    /// "he".
    Subject,
    /// "him".
    Object,
    /// "his".
    Possessive,
    /// "himself".
    Reflexive,
}

/// What a word is as a pronoun; relative pronouns are not told from conjunctions here and left out.
pub(in crate::extract::coref) fn pronoun(word: &str) -> Option<(Pronoun, Case)> {
    use Case::{Object, Possessive, Reflexive, Subject};
    use Pronoun::{Addressee, Several, Single, Speaker, Speakers, Thing};
    let male = Single(Gender::Male);
    let female = Single(Gender::Female);
    if is_name_in_capitals(word) {
        return None;
    }
    Some(match word.to_lowercase().as_str() {
        "i" => (Speaker, Subject),
        "me" => (Speaker, Object),
        "my" | "mine" => (Speaker, Possessive),
        "myself" => (Speaker, Reflexive),
        "we" => (Speakers, Subject),
        "us" => (Speakers, Object),
        "our" | "ours" => (Speakers, Possessive),
        "ourselves" => (Speakers, Reflexive),
        "you" => (Addressee, Subject),
        "your" | "yours" => (Addressee, Possessive),
        "yourself" => (Addressee, Reflexive),
        "he" => (male, Subject),
        "him" => (male, Object),
        "his" => (male, Possessive),
        "himself" => (male, Reflexive),
        "she" => (female, Subject),
        "her" | "hers" => (female, Possessive),
        "herself" => (female, Reflexive),
        "they" => (Several, Subject),
        "them" => (Several, Object),
        "their" | "theirs" => (Several, Possessive),
        "themselves" => (Several, Reflexive),
        "it" => (Thing, Subject),
        "its" => (Thing, Possessive),
        "itself" => (Thing, Reflexive),
        _ => return None,
    })
}
