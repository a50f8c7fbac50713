//! Titles before a name.

use super::nouns::{FEMALE_TITLES, MALE_TITLES, ROLES, TITLES, is_one_of};

const MODIFIERS: &[&str] = &[
    "the", "former", "vice", "deputy", "prime", "acting", "chief", "senior", "u.s.", "us",
];

/// Forms of address before a person's name, without the dot. They are no part of the name, and unlike offices they begin no
/// other names: "General Motors" is no general.
const ADDRESSES: &[&str] = &[
    "adm",
    "ald",
    "brig",
    "capt",
    "cllr",
    "cmdr",
    "col",
    "councillor",
    "cpl",
    "cpt",
    "dr",
    "gen",
    "gov",
    "hon",
    "lt",
    "maj",
    "mr",
    "mrs",
    "ms",
    "mx",
    "prof",
    "professor",
    "rep",
    "rev",
    "sen",
    "sgt",
    "sir",
    "smt",
    "supt",
];

/// True for "Prof.", "Cllr" and the like. In capitals among other words it may abbreviate something else: "DR Congo".
pub(super) fn is_address(word: &str) -> bool {
    let word = word.strip_suffix('.').unwrap_or(word);
    let shouted = word.len() > 1 && word.chars().all(char::is_uppercase);
    !shouted && is_one_of(word, ADDRESSES)
}

/// Cuts titles and offices off the begin of a mention: "former President Lee" is a former president, and "Lee".
#[must_use]
pub fn split_title(mention: &str) -> (String, String) {
    let words: Vec<&str> = mention.split_whitespace().collect();
    let is_office = |word: &&str| {
        let office = word.strip_suffix("-elect").unwrap_or(word);
        [MALE_TITLES, FEMALE_TITLES, TITLES, ROLES]
            .iter()
            .any(|list| is_one_of(office, list))
            || is_address(office)
    };
    let run = words
        .iter()
        .take_while(|word| is_office(word) || is_one_of(word, MODIFIERS))
        .count();
    let run = run.min(words.len().saturating_sub(1));
    let article = words
        .first()
        .is_some_and(|word| is_one_of(word, &["the"]) && words.len() > 1);
    // "Prime Video" has no title.
    let titles = words[..run]
        .iter()
        .rposition(is_office)
        .map_or(usize::from(article), |last| last + 1);
    let title = &words[usize::from(article)..titles];
    (title.join(" "), words[titles..].join(" "))
}

#[cfg(test)]
mod tests {
    use super::{is_address, split_title};

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
    fn titles_are_cut_off_the_name() {
        let check = |mention: &str, title: &str, name: &str| {
            assert_eq!(
                split_title(mention),
                (title.to_owned(), name.to_owned()),
                "{mention}"
            );
        };
        check("former President Lee", "former President", "Lee");
        check("President-elect Ann Lee", "President-elect", "Ann Lee");
        check("Sen. Lee", "Sen.", "Lee");
        check("Prof Cllr Ann Lee", "Prof Cllr", "Ann Lee");
        check("the Harbor Authority", "", "Harbor Authority");
        check("The Harbor Authority", "", "Harbor Authority");
        check("U.S. Steel", "", "U.S. Steel");
        check("the president", "", "president");
        check("Ann Lee", "", "Ann Lee");
        check("", "", "");
    }
}
