//! Gender, as titles tell it.

use crate::domain::Gender;

use super::nouns::{FEMALE_TITLES, MALE_TITLES, is_one_of};

/// The gender that the titles before a name tell.
pub(super) fn title_gender(title: &str) -> Option<Gender> {
    let has = |list: &[&str]| title.split_whitespace().any(|word| is_one_of(word, list));
    match (has(FEMALE_TITLES), has(MALE_TITLES)) {
        (true, false) => Some(Gender::Female),
        (false, true) => Some(Gender::Male),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Gender, title_gender};

    #[test]
    fn titles_tell_a_gender_unless_they_disagree() {
        assert_eq!(title_gender("Mrs."), Some(Gender::Female));
        assert_eq!(title_gender("House Speaker Mr."), Some(Gender::Male));
        assert_eq!(title_gender("President"), None);
        assert_eq!(title_gender("Mr. and Mrs."), None);
    }
}
