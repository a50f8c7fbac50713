//! Gender, as titles and pronouns tell it.

use crate::domain::{Gender, GenderBasis};

use super::nouns::{FEMALE_TITLES, MALE_TITLES, is_one_of};

/// The gender of a third-person pronoun.
pub(super) fn pronoun_gender(word: &str) -> Option<Gender> {
    if is_one_of(word, &["he", "him", "his", "himself"]) {
        Some(Gender::Male)
    } else if is_one_of(word, &["she", "her", "hers", "herself"]) {
        Some(Gender::Female)
    } else {
        None
    }
}

/// The gender that the titles before a name tell.
pub(super) fn title_gender(title: &str) -> Option<Gender> {
    let has = |list: &[&str]| title.split_whitespace().any(|word| is_one_of(word, list));
    match (has(FEMALE_TITLES), has(MALE_TITLES)) {
        (true, false) => Some(Gender::Female),
        (false, true) => Some(Gender::Male),
        _ => None,
    }
}

/// What a text tells of one actor's gender.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct GenderVotes {
    title: Option<Gender>,
    she: usize,
    he: usize,
}

impl GenderVotes {
    /// Counts a title.
    pub fn add_title(&mut self, title: &str) {
        self.title = self.title.or_else(|| title_gender(title));
    }

    /// Counts a pronoun that seems to stand for the actor.
    pub fn add_pronoun(&mut self, gender: Gender) {
        match gender {
            Gender::Female => self.she += 1,
            Gender::Male => self.he += 1,
            Gender::Other => {}
        }
    }

    /// The gender and what it was concluded from: a title, or at least two of three pronouns.
    pub fn verdict(self) -> Option<(Gender, GenderBasis)> {
        if let Some(gender) = self.title {
            return Some((gender, GenderBasis::Title));
        }
        let (gender, votes) = if self.she > self.he {
            (Gender::Female, self.she)
        } else {
            (Gender::Male, self.he)
        };
        (votes > 0 && 3 * votes >= 2 * (self.she + self.he))
            .then_some((gender, GenderBasis::Pronoun))
    }
}

#[cfg(test)]
mod tests {
    use super::{Gender, GenderBasis, GenderVotes};

    #[test]
    fn titles_outweigh_pronouns_and_a_tie_tells_nothing() {
        let check = |title: &str, pronouns: &[Gender], expect: Option<(Gender, GenderBasis)>| {
            let mut votes = GenderVotes::default();
            votes.add_title(title);
            for gender in pronouns {
                votes.add_pronoun(*gender);
            }
            assert_eq!(votes.verdict(), expect, "{title} {pronouns:?}");
        };
        let (she, he) = (Gender::Female, Gender::Male);
        check("Mrs.", &[he, he], Some((she, GenderBasis::Title)));
        check("President", &[he], Some((he, GenderBasis::Pronoun)));
        check("", &[she, he, she], Some((she, GenderBasis::Pronoun)));
        check("", &[she, he], None);
        check("", &[], None);
    }
}
