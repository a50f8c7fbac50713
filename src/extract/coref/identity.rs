//! Under which key a name in one article and a name in another are the same actor.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::extract::folding::folded;
use crate::extract::lists::{BODIES, forename_gender};
use crate::extract::names::is_acronym;

/// Words behind a surname.
const SUFFIXES: &[&str] = &["jr", "sr", "ii", "iii", "iv"];
/// Words behind the name of a company.
const LEGAL_FORMS: &[&str] = &[
    "co",
    "corp",
    "corporation",
    "inc",
    "incorporated",
    "llc",
    "ltd",
    "limited",
    "plc",
];
/// How the same ending of a surname is written.
const ENDINGS: &[(&str, &str)] = &[
    ("skyy", "sky"),
    ("skiy", "sky"),
    ("skij", "sky"),
    ("skii", "sky"),
];

/// Forenames and the forms they also have, nicknames and transliterations → the first of a line, which stands for all.
static VARIANTS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("../lexicon/forename-variants.txt")
        .lines()
        .flat_map(|line| {
            let first = line.split_whitespace().next().unwrap_or_default();
            line.split_whitespace().map(move |word| (word, first))
        })
        .collect()
});

/// The form of a folded forename that stands for all its forms: "william" for "bill".
pub(super) fn canonical(forename: &str) -> &str {
    VARIANTS.get(forename).copied().unwrap_or(forename)
}

/// The key of a full name: folded, without marks; of a person without middle names, and with the forename that its nickname
/// stands for; of a company without its legal form.
///
/// "William J. Clinton" and "Bill Clinton" have one key, "Donald Trump Jr." and "Donald Trump" two. `None` for a name
/// of a single word that is no abbreviation: a bare surname identifies nobody.
#[must_use]
pub fn identity_key(name: &str) -> Option<String> {
    let folded = folded(name);
    let words = words(&folded);
    let words = words.strip_prefix(&["the"]).unwrap_or(&words);
    let has_body = words.iter().any(|word| BODIES.has(word));
    match words {
        [] => None,
        [only] => is_acronym(last_word(name)).then(|| (*only).to_owned()),
        [first, rest @ ..] if !has_body && is_forename(first) => person_key(first, rest),
        _ => Some(body_key(words)),
    }
}

fn last_word(name: &str) -> &str {
    name.split_whitespace().next_back().unwrap_or_default()
}

/// The key of a name with all its words. `None` for a single word.
#[must_use]
pub fn full_key(name: &str) -> Option<String> {
    let folded = folded(name);
    let words = words(&folded);
    (words.len() > 1).then(|| words.join(" "))
}

/// The words of a folded name without marks.
fn words(folded: &str) -> Vec<&str> {
    folded
        .split(|c: char| c.is_whitespace() || c == ',')
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect()
}

fn is_forename(word: &str) -> bool {
    forename_gender(word).is_some() || VARIANTS.contains_key(word)
}

fn person_key(first: &str, rest: &[&str]) -> Option<String> {
    let suffix = rest.last().filter(|word| SUFFIXES.contains(word));
    let surname = rest.iter().rev().find(|word| !SUFFIXES.contains(word))?;
    let surname = ENDINGS
        .iter()
        .find_map(|(from, to)| Some([surname.strip_suffix(from)?, to].concat()))
        .unwrap_or_else(|| (*surname).to_owned());
    let first = canonical(first);
    // A "Sr." is named so beside his son only.
    Some(match suffix {
        Some(suffix) if *suffix != "sr" => format!("{first} {surname} {suffix}"),
        _ => format!("{first} {surname}"),
    })
}

fn body_key(words: &[&str]) -> String {
    let end = words
        .iter()
        .rposition(|word| !LEGAL_FORMS.contains(word))
        .map_or(words.len(), |last| last + 1);
    words[..end].join(" ")
}

#[cfg(test)]
mod tests {
    use super::identity_key;

    #[test]
    fn one_actor_has_one_key() {
        let check = |names: &[&str], key: Option<&str>| {
            for name in names {
                assert_eq!(identity_key(name).as_deref(), key, "{name}");
            }
        };
        check(
            &[
                "Bill Clinton",
                "William J. Clinton",
                "William Jefferson Clinton",
            ],
            Some("william clinton"),
        );
        check(
            &["Hillary Clinton", "Hillary Rodham Clinton"],
            Some("hillary clinton"),
        );
        check(
            &["Donald Trump Jr.", "Donald J. Trump, Jr."],
            Some("donald trump jr"),
        );
        check(&["Donald Trump", "Donald J. Trump"], Some("donald trump"));
        check(
            &["Dmitri Kovalsky", "Dmitriy Kovalskiy"],
            Some("dmitry kovalsky"),
        );
        check(&["José Ramón"], Some("jose ramon"));
        check(
            &["The Meride Trading Co.", "Meride Trading"],
            Some("meride trading"),
        );
        check(&["NATO", "the NATO"], Some("nato"));
        check(&["Lee", "the", "", "Ann"], None);
    }
}
