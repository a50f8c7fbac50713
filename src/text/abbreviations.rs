//! Words whose full stop does not end a sentence.

/// What may follow an abbreviation's full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Abbreviation {
    /// A name or number always follows: "Mr.", "Sen.", "No."
    Prefix,
    /// The sentence may end with it or go on: "U.S.", "Inc.", "a.m."
    Open,
}

const PREFIXES: &[&str] = &[
    "adm", "atty", "brig", "capt", "cmdr", "col", "cpl", "dr", "fr", "gen", "gov", "hon", "lt",
    "maj", "messrs", "mr", "mrs", "ms", "mt", "msgr", "pfc", "pres", "prof", "pvt", "rep", "reps",
    "rev", "sen", "sens", "sgt", "spc", "st", "supt", "v", "vs",
];

/// The same, where they begin with a capital: titles, and forenames that are cut short.
const CAPITAL_PREFIXES: &[&str] = &[
    "adv", "ald", "amb", "arch", "cdr", "cllr", "const", "det", "dna", "dra", "eng", "engr", "ens",
    "er", "insp", "lieut", "ma", "mlle", "mme", "mohd", "muhd", "ofc", "pte", "revd", "shri",
    "smt", "sra", "srta", "ssgt", "ven",
];

const OPEN: &[&str] = &[
    "a.m", "p.m", "i.e", "e.g", "u.s", "u.n", "u.k", "e.u", "d.c", "l.a", "n.y", "n.j", "n.c",
    "s.c", "ph.d", "m.d", "b.a", "m.a", "inc", "corp", "co", "ltd", "bros", "jr", "sr", "esq",
    "jnr", "snr", "dept", "assn", "ave", "blvd", "jan", "feb", "aug", "sept", "oct", "nov", "dec",
    "no", "nos", "fig", "vol", "ala", "ariz", "ark", "calif", "colo", "conn", "del", "fla", "ga",
    "ill", "ind", "kan", "ky", "la", "md", "mass", "mich", "minn", "mo", "mont", "neb", "nev",
    "okla", "ore", "pa", "tenn", "tex", "va", "vt", "wash", "wis", "wyo",
];

/// Words that are abbreviations only before a number ("No. 3"), and otherwise ordinary words.
const BEFORE_NUMBERS: &[&str] = &["no", "nos", "fig", "vol"];

/// Looks `word` up: the word before a full stop, without that full stop.
///
/// Single capital letters count as initials, except "I", and letters joined by full stops ("U.S", "G.O.P") as
/// abbreviations.
#[must_use]
pub fn abbreviation(word: &str) -> Option<Abbreviation> {
    if word.is_empty() || word.len() > 12 {
        return None;
    }
    let lower = word.to_lowercase();
    let capital = word.starts_with(char::is_uppercase);
    let is_title = capital && CAPITAL_PREFIXES.contains(&lower.as_str());
    if PREFIXES.contains(&lower.as_str()) || is_title || is_initial(word) {
        return Some(Abbreviation::Prefix);
    }
    let starts_large = word.starts_with(|c: char| c.is_uppercase() || lower.contains('.'));
    if (starts_large && OPEN.contains(&lower.as_str())) || is_dotted(word) {
        return Some(Abbreviation::Open);
    }
    None
}

/// True for words that stand for an abbreviation only where a number follows.
#[must_use]
pub fn needs_number(word: &str) -> bool {
    BEFORE_NUMBERS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

fn is_initial(word: &str) -> bool {
    let mut chars = word.chars();
    matches!((chars.next(), chars.next()), (Some(c), None) if c.is_uppercase() && c != 'I')
}

fn is_dotted(word: &str) -> bool {
    word.contains('.')
        && word.split('.').all(|part| {
            let mut chars = part.chars();
            matches!((chars.next(), chars.next()), (Some(c), None) if c.is_alphabetic())
        })
}

#[cfg(test)]
mod tests {
    use super::{Abbreviation, abbreviation};

    #[test]
    fn abbreviations_are_known_by_what_follows_them() {
        let check = |word: &str, expect: Option<Abbreviation>| {
            assert_eq!(abbreviation(word), expect, "{word}");
        };
        check("Mr", Some(Abbreviation::Prefix));
        check("Sen", Some(Abbreviation::Prefix));
        check("J", Some(Abbreviation::Prefix));
        check("I", None);
        check("U.S", Some(Abbreviation::Open));
        check("G.O.P", Some(Abbreviation::Open));
        check("p.m", Some(Abbreviation::Open));
        check("Inc", Some(Abbreviation::Open));
        check("Smt", Some(Abbreviation::Prefix));
        check("ma", None);
        check("mass", None);
        check("house", None);
        check("", None);
    }
}
