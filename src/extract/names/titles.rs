//! Titles before a name.

use crate::extract::lexicon::lists::{is_address, is_role, is_title};
use crate::extract::lexicon::nouns::is_one_of;

const MODIFIERS: &[&str] = &[
    "the", "former", "vice", "deputy", "prime", "acting", "chief", "senior", "u.s.", "us",
];

/// Cuts titles and offices off the beginning of a mention: "former President Lee" is a former president, and "Lee".
#[must_use]
pub fn split_title(mention: &str) -> (String, String) {
    let words: Vec<&str> = mention.split_whitespace().collect();
    let is_office = |word: &&str| is_title(word) || is_role(word) || is_address(word);
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
    use super::split_title;

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
