//! Joins names to groups.

use crate::extract::names::Name;
use crate::text::Layout;

use super::evidence::Mark;
use super::group::Group;
use super::index::Index;
use super::spelling::spelled;

/// Joins names to groups: equal ones, a part of a name with the full name that has it, an acronym with the name it
/// abbreviates. Of several with one surname the one named most often up to there is meant; where two are named as
/// often, the surname is a group of its own that tells who it may mean.
pub(in crate::extract::coref) fn group_names(
    layout: &Layout<'_>,
    names: &[Name],
    marks: &[Mark],
) -> (Vec<Group>, Vec<usize>) {
    let spelled = spelled(layout, names, marks);
    let mut index = Index::of_full(&spelled, marks);
    let mut group_of = Vec::with_capacity(names.len());
    for (spelled, mark) in spelled.iter().zip(marks) {
        let abbreviated = group_of
            .last()
            .copied()
            .filter(|_| is_abbreviation(layout, names, group_of.len()));
        let group = match abbreviated {
            Some(full) => index.add_alias(spelled, full),
            None => index.group_of(layout.text, spelled, mark),
        };
        index.groups[group].note(mark);
        group_of.push(group);
    }
    (index.groups, group_of)
}

/// True for "(WHO)" right after a name.
fn is_abbreviation(layout: &Layout<'_>, names: &[Name], at: usize) -> bool {
    let gap = at.checked_sub(1).and_then(|before| {
        layout
            .text
            .get(names[before].span.end..names[at].span.start)
    });
    let closed = layout.text[names[at].span.end..].starts_with(')');
    let capitals = names[at].span.slice(layout.text);
    closed
        && gap.is_some_and(|gap| gap.trim() == "(")
        && capitals.len() >= 2
        && capitals.chars().all(|c| c.is_uppercase() || c == '.')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::domain::{Document, Extraction};
    use crate::extract::{EngineKind, Options, extract};

    fn read(text: &str) -> Extraction {
        let document = Document {
            text: text.to_owned(),
            ..Document::default()
        };
        let options = Options {
            engine: EngineKind::Rules,
            ..Options::default()
        };
        extract(&document, &options)
    }

    /// Checks who the second of two says to have spoken.
    fn check(first: &str, second: &str, expect: &str) {
        let text = format!("Then {first} said it rained.\n\nThen {second} said it snowed.");
        let read = read(&text);
        let actor = read.claims[1]
            .actor
            .map(|actor| read.actors[actor].display_name.as_str());
        assert_eq!(actor, Some(expect), "{text}");
    }

    #[test]
    fn a_part_of_a_name_means_who_bears_the_whole() {
        check("Lim Wei Sheng", "Mr Lim", "Lim Wei Sheng");
        check("Nguyen Thi Lan", "Ms Lan", "Nguyen Thi Lan");
        check("Park Geun-hye", "Park", "Park Geun-hye");
        check("Þórunn Skúladóttir", "Þórunn", "Þórunn Skúladóttir");
        check("María José Ortega Ruiz", "Ortega", "María José Ortega Ruiz");
        check(
            "Khalid bin Rashid al-Harthy",
            "Harthy",
            "Khalid bin Rashid al-Harthy",
        );
        check("Ludwig von Harten", "Von Harten", "Ludwig von Harten");
        check("Marta Ibáñez", "Ibanez", "Marta Ibáñez");
        check("J.R. O'Dwyer", "O’Dwyer", "J.R. O'Dwyer");
        check("Mandy Okafor-Lyle", "Ms Okafor-Lyle", "Mandy Okafor-Lyle");
        check("Dame Ivy Court", "Dame Ivy", "Ivy Court");
        check("William Hale", "Bill Hale", "William Hale");
        check("ALDERMAN JOHN WEBB", "Webb", "JOHN WEBB");
        check("Ovine Systems", "Ovine", "Ovine Systems");
        check(
            "Governor Sevda Ismailzade",
            "the regional governor",
            "Sevda Ismailzade",
        );
        check("Mandy Harker", "Mr Harker", "Harker");
        check("Tove Harker, his wife,", "Mr Harker", "Harker");
    }

    #[test]
    fn a_couple_shares_its_surname() {
        let text =
            "Des and Mandy Harker left. Mr Harker said it rained. Mrs Harker said it snowed.";
        let read = read(text);
        let names: Vec<&str> = read
            .actors
            .iter()
            .map(|actor| actor.display_name.as_str())
            .collect();
        assert_eq!(names, ["Des Harker", "Mandy Harker"]);
    }

    const WORDS: &[&str] = &[
        "Ann",
        "Lee",
        "van",
        "den",
        "Broek",
        "al",
        "-",
        "Rashid",
        "Mr.",
        "Smt.",
        "President",
        "-elect",
        "J.",
        "’s",
        "'s",
        "“",
        "”",
        "KC",
        "said",
        "it rained",
        ",",
        ".",
        "the",
        "of",
        "and",
        "&",
        "Bank",
        "d’Arc",
        "Jr.",
        "\n",
        "O",
        "Ex-boxer",
        "(",
        ")",
        "Ó",
        "3",
    ];

    proptest! {
        #[test]
        fn a_display_name_is_made_of_whole_words(
            words in prop::collection::vec(prop::sample::select(WORDS), 0..40),
        ) {
            let text = words.join(" ").replace(" -", "-").replace("- ", "-");
            for actor in read(&text).actors.iter().filter(|actor| actor.is_named) {
                let name = &actor.display_name;
                prop_assert!(name.starts_with(char::is_alphanumeric), "{name:?} in {text:?}");
                let last = name.trim_end_matches('.');
                prop_assert!(last.ends_with(char::is_alphanumeric), "{name:?} in {text:?}");
            }
        }
    }
}
