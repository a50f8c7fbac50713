//! How names are written out: with single spaces, lines joined, and the surname that two people share.

use std::collections::HashSet;

use crate::domain::Gender;
use crate::extract::lexicon::lists::{PAPERS, forename_gender};
use crate::extract::names::{Name, word_before};
use crate::text::Layout;

use super::evidence::{Before, Mark};

/// The words of a name with single spaces; a word broken over two lines, or after its hyphen, is one again.
pub(in crate::extract::coref) fn spaced(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    name.replace("- ", "-")
}

/// The names as they are compared and shown.
pub(super) fn spelled(layout: &Layout<'_>, names: &[Name], marks: &[Mark]) -> Vec<String> {
    let own: Vec<String> = names.iter().map(|name| own(layout, name)).collect();
    let surnames: HashSet<&str> = own
        .iter()
        .filter_map(|name| Some(name.rsplit_once(' ')?.1))
        .collect();
    let couples = couples(&own, marks);
    (0..names.len())
        .map(
            |at| match shared_surname(layout, names, &own, &couples, at) {
                Some(surname)
                    if !surnames.contains(own[at].as_str())
                        && marks[at].before == Before::Other =>
                {
                    format!("{} {surname}", own[at])
                }
                _ => own[at].clone(),
            },
        )
        .collect()
}

/// "The" belongs to the name of a newspaper.
fn own(layout: &Layout<'_>, name: &Name) -> String {
    let words = spaced(name.span.slice(layout.text));
    let the = word_before(layout, name.sentence, name.span.start) == "The";
    if the && name.title.is_empty() && PAPERS.has(&words) {
        format!("The {words}")
    } else {
        words
    }
}

/// The surname after "Des" in "Des and Mandy Harker".
fn shared_surname<'a>(
    layout: &Layout<'_>,
    names: &[Name],
    own: &'a [String],
    couples: &HashSet<&str>,
    at: usize,
) -> Option<&'a str> {
    let (first, second) = (&own[at], own.get(at + 1)?);
    let gap = layout
        .text
        .get(names[at].span.end..names[at + 1].span.start)?;
    let (forename, surname) = second.split_once(' ')?;
    let is_pair =
        matches!(gap.trim(), "and" | "&") && !first.contains(' ') && names[at].title.is_empty();
    let are_forenames = forename_gender(first).is_some()
        || (forename_gender(forename).is_some() && couples.contains(surname));
    (is_pair && are_forenames).then_some(surname)
}

/// Surnames of which the text has both a man and a woman: "Mr Harker", "Mrs Harker".
fn couples<'a>(own: &'a [String], marks: &[Mark]) -> HashSet<&'a str> {
    let of = |gender: Gender| -> HashSet<&str> {
        let titled = own.iter().zip(marks);
        let titled = titled.filter(|(_, mark)| mark.title_gender == Some(gender));
        titled.map(|(name, _)| name.as_str()).collect()
    };
    let women = of(Gender::Female);
    of(Gender::Male).intersection(&women).copied().collect()
}
