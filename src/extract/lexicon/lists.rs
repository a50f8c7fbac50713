//! What is known about words: nouns for people and bodies, titles, forenames, and the closed classes of English.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::Gender;

use super::folding::folded;
use super::word_list::{Lazy, WordList};

/// What a noun stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Class {
    /// People: "mayor", "voters".
    Person,
    /// A body of people: "company".
    Body,
}

/// What is known about a noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) struct Noun {
    pub class: Class,
    pub gender: Option<Gender>,
    pub plural: bool,
}

/// Plural nouns that look singular.
const PLURALS: &[&str] = &[
    "authorities",
    "children",
    "folks",
    "grandchildren",
    "people",
    "personnel",
    "persons",
    "police",
    "staff",
    "troops",
    "schoolchildren",
];

/// A list of words in a file.
macro_rules! list {
    ($file:literal) => {
        LazyLock::new(|| WordList::new(include_str!($file)))
    };
}

/// Personal titles that tell of gender.
pub(in crate::extract) static MALE_TITLES: Lazy = list!("people/titles-male.txt");
/// See [`MALE_TITLES`].
pub(in crate::extract) static FEMALE_TITLES: Lazy = list!("people/titles-female.txt");
/// Titles and ranks before a name that are not part of it and tell no gender.
static TITLES: Lazy = list!("people/titles.txt");
/// The same, where they are written in capitals: "DI" is a rank and "Di" a name.
static CAPITAL_TITLES: Lazy = list!("people/titles-capitals.txt");
/// Forms of address before a person's name, without the dot. They are not part of the name, and unlike offices they
/// begin no other names: "General Motors" is no general.
static ADDRESSES: Lazy = list!("people/addresses.txt");
/// Titles that are part of what their bearers are called: "Sheikh Hasina", "Pope Urban", "Datuk Seri Anwar Halim".
static STYLES: Lazy = list!("names/styles.txt");
/// The same before one name alone: "Lord Harrow", "Sir Elton".
static STYLES_ALONE: Lazy = list!("names/styles-alone.txt");
/// Letters after a name.
static POST_NOMINALS: Lazy = list!("names/post-nominals.txt");
/// Offices and jobs that stand before a name: "President Ann Lee", "spokesperson Ann Lee".
pub(in crate::extract) static ROLES: Lazy = list!("people/roles.txt");
/// Nouns for people that are also surnames: "Stephen King".
pub(in crate::extract) static ROLE_SURNAMES: Lazy = list!("names/role-surnames.txt");
/// Words that make one office with the noun after them: "Home Secretary".
pub(in crate::extract) static OFFICE_MODIFIERS: Lazy = list!("people/office-modifiers.txt");
/// Words that end, or stand in, the name of a body.
pub(in crate::extract) static BODIES: Lazy = list!("bodies/bodies.txt");
/// Words after what a company is called by alone: "Ovine Systems".
pub(in crate::extract) static COMPANY_WORDS: Lazy = list!("bodies/company-words.txt");
/// What newspapers are called after "The", which is part of their name.
pub(in crate::extract) static PAPERS: Lazy = list!("bodies/papers.txt");
/// Words of a surname before its last: "van", "bin". The domain reads them too.
static PARTICLES: Lazy = list!("../../domain/particles.txt");
/// Further small words inside names, which may also be names or initials of their own: "ben", "y".
static SMALL_WORDS: Lazy = list!("names/small-words.txt");
/// What follows the hyphen of an adjective made of a name: "London-based".
pub(in crate::extract) static COMPOUND_TAILS: Lazy = list!("words/compound-tails.txt");
/// Words before "of" that take a part of those after it: "three of five economists".
static PARTITIVES: Lazy = list!("words/partitives.txt");
/// What stands before the hyphen of an adjective or a noun that is no name: "Anti-war", "Vice-president".
pub(in crate::extract) static COMPOUND_HEADS: Lazy = list!("words/compound-heads.txt");
/// Words that are capitalised only where they begin a sentence.
pub(in crate::extract) static FUNCTION_WORDS: Lazy = list!("words/function-words.txt");
/// Words before which "her" is an object and no possessive.
pub(in crate::extract) static BEHIND_OBJECTS: Lazy = list!("words/behind-objects.txt");

static PEOPLE: Lazy = list!("people/people.txt");
static MALE_PEOPLE: Lazy = list!("people/people-male.txt");
static FEMALE_PEOPLE: Lazy = list!("people/people-female.txt");
static BODY_NOUNS: Lazy = list!("bodies/body-nouns.txt");
static MALE_FORENAMES: Lazy = list!("names/forenames-male.txt");
static FEMALE_FORENAMES: Lazy = list!("names/forenames-female.txt");
static CLOSED: Lazy = list!("words/closed.txt");
static DEMONYMS: Lazy = list!("names/demonyms.txt");

static NOUNS: LazyLock<HashMap<String, Noun>> = LazyLock::new(|| {
    let mut nouns = HashMap::new();
    for (list, class, gender) in [
        (&PEOPLE, Class::Person, None),
        (&FEMALE_PEOPLE, Class::Person, Some(Gender::Female)),
        (&MALE_PEOPLE, Class::Person, Some(Gender::Male)),
        (&BODY_NOUNS, Class::Body, None),
    ] {
        for word in list.iter() {
            let plural = false;
            add(
                &mut nouns,
                word,
                Noun {
                    class,
                    gender,
                    plural,
                },
            );
        }
    }
    nouns
});

fn add(nouns: &mut HashMap<String, Noun>, word: &str, noun: Noun) {
    let is_plural = PLURALS.contains(&word) || word.ends_with("men");
    nouns.entry(word.to_owned()).or_insert(Noun {
        plural: is_plural,
        ..noun
    });
    if !is_plural {
        nouns.entry(plural_of(word)).or_insert(Noun {
            plural: true,
            ..noun
        });
    }
}

/// The regular plural.
fn plural_of(word: &str) -> String {
    let consonant_y = word
        .strip_suffix('y')
        .filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    if let Some(stem) = consonant_y {
        format!("{stem}ies")
    } else if let Some(stem) = word.strip_suffix("man") {
        format!("{stem}men")
    } else if word.ends_with(['s', 'x', 'z']) || word.ends_with("ch") || word.ends_with("sh") {
        format!("{word}es")
    } else {
        format!("{word}s")
    }
}

/// What is known about a word as a noun, in any letter case.
pub(in crate::extract) fn noun(word: &str) -> Option<Noun> {
    let lower = word.to_lowercase();
    let part = lower.rsplit('-').next().unwrap_or(&lower);
    NOUNS
        .get(lower.as_str())
        .or_else(|| NOUNS.get(part))
        .copied()
}

/// True for a singular noun for people: "minister".
pub(in crate::extract) fn is_person_noun(word: &str) -> bool {
    noun(word).is_some_and(|noun| noun.class == Class::Person && !noun.plural)
}

/// True for a plural noun for people: "ministers".
pub(in crate::extract) fn is_people(word: &str) -> bool {
    noun(word).is_some_and(|noun| noun.class == Class::Person && noun.plural)
}

/// The gender nearly all bearers of a forename have.
pub(in crate::extract) fn forename_gender(word: &str) -> Option<Gender> {
    let word = folded(word);
    if FEMALE_FORENAMES.has_as_it_stands(&word) {
        Some(Gender::Female)
    } else if MALE_FORENAMES.has_as_it_stands(&word) {
        Some(Gender::Male)
    } else {
        None
    }
}

/// True for "Russian", "Islamic": no name of anybody.
pub(in crate::extract) fn is_demonym(word: &str) -> bool {
    DEMONYMS.has(word)
}

/// The country and the trade, which are no pronouns.
pub(in crate::extract) fn is_name_in_capitals(word: &str) -> bool {
    matches!(word, "US" | "IT")
}

/// True for words of the closed classes: articles, pronouns, prepositions, conjunctions, auxiliaries, common adverbs.
pub(in crate::extract) fn is_closed(word: &str) -> bool {
    !is_name_in_capitals(word) && CLOSED.has(&word.replace('’', "'"))
}

/// True for a personal title or a rank: "Mrs.", "Sen.", "Cllr".
pub(in crate::extract) fn is_title(word: &str) -> bool {
    [&MALE_TITLES, &FEMALE_TITLES, &TITLES]
        .iter()
        .any(|list| list.has(word))
        || CAPITAL_TITLES.has_as_it_stands(word)
}

/// True for "Prof.", "Cllr" and the like. In capitals among other words it may abbreviate something else: "DR Congo".
pub(in crate::extract) fn is_address(word: &str) -> bool {
    let word = word.strip_suffix('.').unwrap_or(word);
    let shouted = word.len() > 1 && word.chars().all(char::is_uppercase);
    !shouted && ADDRESSES.has(word)
}

/// True for a small word inside names, in lower case: "van", "y".
pub(in crate::extract) fn is_small_word(word: &str) -> bool {
    PARTICLES.has_as_it_stands(word) || SMALL_WORDS.has_as_it_stands(word)
}

/// True for "three" in "three of five economists", "half" in "half of those polled".
pub(in crate::extract) fn is_partitive(word: &str) -> bool {
    PARTITIVES.has(word) || word.chars().all(|c| c.is_ascii_digit())
}

pub(in crate::extract) fn is_article(word: &str) -> bool {
    matches!(word, "the" | "The" | "a" | "A" | "an" | "An")
}

/// True for "Sheikh", "Pope", and before a name of one word for "Lord".
pub(in crate::extract) fn is_style(word: &str, before_one: bool) -> bool {
    STYLES.has(word) || (before_one && STYLES_ALONE.has(word))
}

/// True for letters after a name: "KC", "Ph.D.".
pub(in crate::extract) fn is_post_nominal(word: &str) -> bool {
    POST_NOMINALS.has(word) && word.chars().filter(|c| c.is_uppercase()).count() > 1
}

/// True for an office or a job, also of several: "president", "owners", "president-elect", "ex-boxer".
pub(in crate::extract) fn is_role(word: &str) -> bool {
    let is_plain = |word: &str| ROLES.has(word) || is_person_noun(word);
    let single = word.strip_suffix('s').unwrap_or(word);
    is_plain(word) || ROLES.has(single) || word.strip_suffix("-elect").is_some_and(is_plain)
}

/// The gender that the titles and nouns before a name tell.
pub(in crate::extract) fn title_gender(title: &str) -> Option<Gender> {
    let has = |list: &Lazy, gender: Gender| {
        title.split_whitespace().any(|word| {
            list.has(word) || noun(word).is_some_and(|noun| noun.gender == Some(gender))
        })
    };
    match (
        has(&FEMALE_TITLES, Gender::Female),
        has(&MALE_TITLES, Gender::Male),
    ) {
        (true, false) => Some(Gender::Female),
        (false, true) => Some(Gender::Male),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Gender, is_address, is_role, is_title, title_gender};

    #[test]
    fn titles_tell_a_gender_unless_they_disagree() {
        assert_eq!(title_gender("Mrs."), Some(Gender::Female));
        assert_eq!(title_gender("House Speaker Mr."), Some(Gender::Male));
        assert_eq!(title_gender("Chairwoman"), Some(Gender::Female));
        assert_eq!(title_gender("President"), None);
        assert_eq!(title_gender("Mr. and Mrs."), None);
    }

    #[test]
    fn an_address_is_known_with_and_without_its_dot() {
        for word in ["Prof", "Prof.", "prof.", "Cllr", "Smt.", "Dr"] {
            assert!(is_address(word), "{word}");
        }
        for word in ["DR", "General", "Profit", ".", ""] {
            assert!(!is_address(word), "{word}");
        }
    }

    #[test]
    fn titles_and_roles_are_known_by_their_words() {
        assert!(is_title("Smt.") && is_title("PC") && is_title("DI"));
        assert!(!is_title("Di") && !is_title("Lee"));
        assert!(is_role("President-elect") && is_role("Owners") && is_role("Striker"));
        assert!(!is_role("Meride"));
    }
}
