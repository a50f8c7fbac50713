//! Under which key a name in one article and a name in another are the same actor.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::is_particle;
use crate::extract::lexicon::lists::{BODIES, forename_gender};
use crate::extract::names::is_acronym;

use super::name_words::{Word, names_somebody, without_initials, words};

/// Words after a surname.
const SUFFIXES: &[&str] = &["jr", "sr", "ii", "iii", "iv"];
/// Words after the name of a company.
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

/// Forenames and the forms they also have, nicknames and transliterations → the first of a line, which represents them all.
static VARIANTS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("../../lexicon/names/forename-variants.txt")
        .lines()
        .flat_map(|line| {
            let first = line.split_whitespace().next().unwrap_or_default();
            line.split_whitespace().map(move |word| (word, first))
        })
        .collect()
});

/// The form of a folded forename that represents all its forms: "william" for "bill".
pub(super) fn canonical(forename: &str) -> &str {
    VARIANTS.get(forename).copied().unwrap_or(forename)
}

/// The key of a full name: folded, without marks and titles; of a person without middle names, and with the forename
/// that its nickname refers to; of a company without its legal form.
///
/// "William J. Clinton" and "Bill Clinton" have one key, "Donald Trump Jr." and "Donald Trump" two. A forename that is
/// on no list may be a surname or no name at all: after it only initials are left out. `None` for a name of a single
/// word that is no abbreviation: a bare surname identifies nobody, nor does one after a title.
#[must_use]
pub fn identity_key(name: &str) -> Option<String> {
    let all = words(name);
    let words = all.strip_prefix(&[Word::of("the")]).unwrap_or(&all);
    let has_body = words.iter().any(|word| BODIES.has(&word.key));
    let texts: Vec<&str> = words.iter().map(|word| word.key.as_str()).collect();
    match texts[..] {
        [] => None,
        [only] => is_acronym(last_word(name)).then(|| only.to_owned()),
        _ if has_body => Some(body_key(&texts)),
        [first, ref rest @ ..] if is_forename(first) => person_key(first, rest),
        _ => names_somebody(words).then(|| spelled(&body_key(&without_initials(words)))),
    }
}

fn last_word(name: &str) -> &str {
    name.split_whitespace().next_back().unwrap_or_default()
}

/// The key of a name with all its words but titles. `None` for a single word.
#[must_use]
pub fn full_key(name: &str) -> Option<String> {
    let words = words(name);
    let texts: Vec<&str> = words.iter().map(|word| word.key.as_str()).collect();
    (texts.len() > 1 && names_somebody(&words)).then(|| texts.join(" "))
}

fn is_forename(word: &str) -> bool {
    forename_gender(word).is_some() || VARIANTS.contains_key(word)
}

fn person_key(first: &str, rest: &[&str]) -> Option<String> {
    let suffix = rest.last().filter(|word| SUFFIXES.contains(word));
    let surname = rest.iter().rposition(|word| !SUFFIXES.contains(word))?;
    let particles = rest[..surname].iter().rposition(|word| !is_particle(word));
    let surname = &rest[particles.map_or(0, |before| before + 1)..=surname].join(" ");
    let surname = spelled(surname);
    let first = canonical(first);
    // A "Sr." is named so beside his son only.
    Some(match suffix {
        Some(suffix) if *suffix != "sr" => format!("{first} {surname} {suffix}"),
        _ => format!("{first} {surname}"),
    })
}

/// With the ending of a surname as most write it.
fn spelled(surname: &str) -> String {
    ENDINGS
        .iter()
        .find_map(|(from, to)| Some([surname.strip_suffix(from)?, to].concat()))
        .unwrap_or_else(|| surname.to_owned())
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
    use super::{full_key, identity_key};

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
            &[
                "Sean O'Brien",
                "Sean O’Brien",
                "Seán O‘Brien",
                "Dr Sean O'Brien",
            ],
            Some("sean o'brien"),
        );
        check(
            &["Łukasz Kowalski", "Lukasz Kowalski", "ŁUKASZ KOWALSKI"],
            Some("lukasz kowalski"),
        );
        check(&["Søren Æbelø", "Soren Aebelo"], Some("soren aebelo"));
        check(&["İpek Straße", "ipek strasse"], Some("ipek strasse"));
        check(&["Jean‑Luc Grob", "Jean-Luc Grob"], Some("jean-luc grob"));
        check(
            &["The Meride Trading Co.", "Meride Trading"],
            Some("meride trading"),
        );
        check(&["NATO", "the NATO"], Some("nato"));
        check(&["the U.S. Steel", "US Steel"], Some("us steel"));
        check(&["Lee", "the", "", "Ann", "U.S.", "J. D.", "J.D."], None);
        check(&["Prof. Lee", "Cllr Boateng", "Dr", "Mr"], None);
        check(&["van den Broek", "Von der Lahn", "Van Dyke"], None);
        check(&["Prof. van den Broek", "de Blasio"], None);
        check(&["Le Monde", "the Le Monde"], Some("le monde"));
    }

    #[test]
    fn initials_and_titles_are_written_in_many_ways() {
        let check = |names: &[&str], key: &str| {
            for name in names {
                assert_eq!(identity_key(name).as_deref(), Some(key), "{name}");
                assert_eq!(full_key(name).as_deref(), Some(key), "{name}");
            }
        };
        check(
            &[
                "J.R.R. Tolkien",
                "J. R. R. Tolkien",
                "JRR Tolkien",
                "J.R. R. Tolkien",
                "Prof. J. R. R. Tolkien",
            ],
            "jrr tolkien",
        );
        check(&["O. J. Odhiambo", "OJ Odhiambo"], "oj odhiambo");
        // Al Gore and Mr Ng are other people.
        check(&["A.L. Gore", "A. L. Gore"], "a l gore");
        check(&["N. G. Wei"], "n g wei");
        check(&["J. Boateng"], "j boateng");
        check(
            &[
                "Kwame Boateng",
                "Prof Kwame Boateng",
                "Prof. Kwame Boateng",
                "Cllr Kwame Boateng",
                "Smt. Kwame Boateng",
            ],
            "kwame boateng",
        );
        check(&["DR Congo"], "dr congo");
        check(&["General Motors"], "general motors");
        assert_eq!(full_key("George H.W. Bush"), full_key("George H. W. Bush"));
    }

    #[test]
    fn only_initials_are_left_out_behind_a_forename_that_is_on_no_list() {
        let check = |name: &str, key: &str| {
            assert_eq!(identity_key(name).as_deref(), Some(key), "{name}");
        };
        check("Fiifi A. Boateng", "fiifi boateng");
        check("Fiifi Nkrumah Boateng", "fiifi nkrumah boateng");
        check("Volodymyr Kovalskyy", "volodymyr kovalsky");
        check("Nguyen Phu Trong", "nguyen phu trong");
        check("Nguyen Thi Trong", "nguyen thi trong");
        check("Fiifi Boateng A.", "fiifi boateng a");
        check("Plan B Records", "plan b records");
    }

    #[test]
    fn a_surname_has_all_its_words() {
        let check = |name: &str, key: &str| {
            assert_eq!(identity_key(name).as_deref(), Some(key), "{name}");
        };
        check("Ursula von der Lahn", "ursula von der lahn");
        check("Ursula Gertrud von der Lahn", "ursula von der lahn");
        check("Ursula Lahn", "ursula lahn");
        check("Jan van den Broek", "jan van den broek");
        check("Ann van den Broek Jr.", "ann van den broek jr");
        check("Mohammed bin Salman", "mohammed bin salman");
        check("Maria Ana de los Rios", "maria de los rios");
        check("Peter Y. Rehn", "peter rehn");
    }
}
