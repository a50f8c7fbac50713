//! Word lists: nouns for people and bodies, forenames, and the closed classes of English.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::domain::Gender;

/// What a noun stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// People: "mayor", "voters".
    Person,
    /// A body of people: "company".
    Body,
}

/// What is known of a noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Noun {
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

static NOUNS: LazyLock<HashMap<String, Noun>> = LazyLock::new(|| {
    let mut nouns = HashMap::new();
    for (label, words) in lines(include_str!("people.txt")) {
        let gender = gender_of(label);
        for word in words {
            add(
                &mut nouns,
                word,
                Noun {
                    class: Class::Person,
                    gender,
                    plural: false,
                },
            );
        }
    }
    for word in words(include_str!("bodies.txt")) {
        add(
            &mut nouns,
            word,
            Noun {
                class: Class::Body,
                gender: None,
                plural: false,
            },
        );
    }
    nouns
});

static FORENAMES: LazyLock<HashMap<&'static str, Gender>> = LazyLock::new(|| {
    lines(include_str!("forenames.txt"))
        .flat_map(|(label, words)| words.filter_map(move |word| Some((word, gender_of(label)?))))
        .collect()
});

static CLOSED: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| words(include_str!("closed.txt")).collect());

static DEMONYMS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| words(include_str!("demonyms.txt")).collect());

/// The words of a list without labels.
fn words(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
}

/// The lines "label: word word" of a list.
fn lines(
    list: &'static str,
) -> impl Iterator<Item = (&'static str, std::str::SplitWhitespace<'static>)> {
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (label, words) = line.split_once(':')?;
            Some((label, words.split_whitespace()))
        })
}

fn gender_of(label: &str) -> Option<Gender> {
    match label {
        "female" => Some(Gender::Female),
        "male" => Some(Gender::Male),
        _ => None,
    }
}

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

/// What is known of a word as a noun, in any letter case.
pub(super) fn noun(word: &str) -> Option<Noun> {
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
pub(super) fn is_people(word: &str) -> bool {
    noun(word).is_some_and(|noun| noun.class == Class::Person && noun.plural)
}

/// The gender nearly all bearers of a forename have.
pub(in crate::extract) fn forename_gender(word: &str) -> Option<Gender> {
    FORENAMES.get(word.to_lowercase().as_str()).copied()
}

/// True for "Russian", "Islamic": no name of anybody.
pub(in crate::extract) fn is_demonym(word: &str) -> bool {
    DEMONYMS.contains(word.to_lowercase().as_str())
}

/// The country and the trade, which are no pronouns.
pub(super) fn is_name_in_capitals(word: &str) -> bool {
    matches!(word, "US" | "IT")
}

/// True for words of the closed classes: articles, pronouns, prepositions, conjunctions, auxiliaries, common adverbs.
pub(in crate::extract) fn is_closed(word: &str) -> bool {
    !is_name_in_capitals(word) && CLOSED.contains(word.to_lowercase().replace('’', "'").as_str())
}
