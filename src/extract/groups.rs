//! Names that mean the same actor within one text.

use std::collections::HashMap;

use crate::domain::{ActorKind, Gender, GenderBasis};
use crate::text::Layout;

use super::actors::spaced;
use super::gender::GenderVotes;
use super::names::Name;
use super::nouns::{BODIES, STATES, is_one_of};

/// The names of one actor.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// The fullest name.
    pub display_name: String,
    /// What titles and pronouns tell.
    pub gender: GenderVotes,
    /// It is the source of a claim.
    pub speaks: bool,
    titled: bool,
    definite: bool,
}

impl Group {
    fn new(display_name: String) -> Self {
        Self {
            display_name,
            gender: GenderVotes::default(),
            speaks: false,
            titled: false,
            definite: false,
        }
    }

    fn words(&self) -> usize {
        self.display_name.split(' ').count()
    }

    fn is_body(&self) -> bool {
        is_acronym(&self.display_name)
            || self
                .display_name
                .split(' ')
                .any(|word| is_one_of(word, BODIES))
    }

    /// False for names that are plainly no person's.
    pub fn may_be_person(&self) -> bool {
        self.titled || !(self.is_body() || self.definite)
    }

    /// The gender by title alone.
    pub fn gender_by_title(&self) -> Option<Gender> {
        self.gender
            .verdict()
            .filter(|(_, basis)| *basis == GenderBasis::Title)
            .map(|(gender, _)| gender)
    }

    /// What the text shows the actor to be.
    pub fn kind(&self) -> ActorKind {
        let lower = self.display_name.to_lowercase();
        if self.titled {
            ActorKind::Person
        } else if STATES.iter().any(|state| lower.contains(state)) {
            ActorKind::Government
        } else if self.is_body() {
            ActorKind::Organization
        } else if !self.definite
            && (self.gender.verdict().is_some() || (self.speaks && (2..=4).contains(&self.words())))
        {
            ActorKind::Person
        } else {
            ActorKind::Unknown
        }
    }

    /// See [`LocalActor::identity_key`](crate::domain::LocalActor::identity_key).
    pub fn identity_key(&self) -> Option<String> {
        let definite_body = self.definite && self.kind() != ActorKind::Person;
        let identifies = self.words() >= 2 || is_acronym(&self.display_name) || definite_body;
        identifies.then(|| self.display_name.to_lowercase())
    }
}

/// Joins names to groups: equal ones, a surname with the only full name that ends in it, an acronym with the only name
/// it abbreviates. Gives each name's group, `None` where two would fit.
pub(super) fn group_names(layout: &Layout<'_>, names: &[Name]) -> (Vec<Group>, Vec<Option<usize>>) {
    let spelled: Vec<String> = names
        .iter()
        .map(|name| spaced(name.span.slice(layout.text)))
        .collect();
    let mut index = Index::default();
    for name in spelled.iter().filter(|name| name.contains(' ')) {
        index.add_full(name);
    }
    let group_of: Vec<Option<usize>> = spelled.iter().map(|name| index.group_of(name)).collect();
    let mut groups = index.groups;
    for (name, group) in names.iter().zip(&group_of) {
        if let Some(group) = group {
            note(layout, name, &mut groups[*group]);
        }
    }
    (groups, group_of)
}

fn note(layout: &Layout<'_>, name: &Name, group: &mut Group) {
    group.titled |= !name.title.is_empty();
    group.gender.add_title(name.title.slice(layout.text));
    let before = layout.text[..name.span.start].trim_end();
    let definite = before
        .strip_suffix("the")
        .or_else(|| before.strip_suffix("The"));
    group.definite |= definite.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
        && name.title.is_empty();
}

/// Keys are in lower case: a transcript writes its speakers in capitals.
#[derive(Default)]
struct Index {
    groups: Vec<Group>,
    /// Full names and lone names → group.
    by_name: HashMap<String, usize>,
    /// First and last word → group: "Ann Lee" and "Ann B. Lee" are one.
    by_ends: HashMap<(String, String), usize>,
    /// Last word, or the initials → group, `None` once there are two.
    by_short: HashMap<String, Option<usize>>,
}

impl Index {
    fn add_full(&mut self, name: &str) {
        let key = name.to_lowercase();
        if self.by_name.contains_key(&key) {
            return;
        }
        let words: Vec<&str> = key.split(' ').collect();
        let last = last_word(&words);
        let next = self.groups.len();
        let ends = (words[0].to_owned(), last.to_owned());
        let group = *self.by_ends.entry(ends).or_insert(next);
        if group == next {
            self.groups.push(Group::new(name.to_owned()));
            self.add_short(last, group);
            self.add_short(&initials(name), group);
        } else if name.len() > self.groups[group].display_name.len() {
            name.clone_into(&mut self.groups[group].display_name);
        }
        self.by_name.insert(key, group);
    }

    fn add_short(&mut self, short: &str, group: usize) {
        self.by_short
            .entry(short.to_owned())
            .and_modify(|known| *known = None)
            .or_insert(Some(group));
    }

    fn group_of(&mut self, name: &str) -> Option<usize> {
        let key = name.to_lowercase();
        if let Some(group) = self.by_name.get(&key) {
            return Some(*group);
        }
        if let Some(joined) = self.by_short.get(&key) {
            return *joined;
        }
        self.groups.push(Group::new(name.to_owned()));
        self.by_name.insert(key, self.groups.len() - 1);
        Some(self.groups.len() - 1)
    }
}

/// The last word that is no suffix such as "Jr.".
fn last_word<'a>(words: &[&'a str]) -> &'a str {
    let is_suffix = |word: &str| matches!(word, "jr." | "jr" | "sr." | "ii" | "iii" | "iv");
    words
        .iter()
        .rev()
        .find(|word| !is_suffix(word))
        .copied()
        .unwrap_or_default()
}

/// The initials of a name's capitalised words, in lower case.
fn initials(name: &str) -> String {
    let capitals = name
        .split(' ')
        .filter_map(|word| word.chars().next().filter(|c| c.is_uppercase()));
    capitals.flat_map(char::to_lowercase).collect()
}

/// Longer runs of capitals are more often a surname in a transcript.
fn is_acronym(name: &str) -> bool {
    (2..=4).contains(&name.chars().count()) && name.chars().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::{Layout, group_names};
    use crate::extract::names::names;

    #[test]
    fn names_of_one_actor_share_a_group() {
        let check = |text: &str, expect: &[Option<&str>]| {
            let layout = Layout::new(text, None);
            let names = names(&layout, &[]);
            let (groups, group_of) = group_names(&layout, &names);
            let found: Vec<Option<&str>> = group_of
                .iter()
                .map(|group| group.map(|group| groups[group].display_name.as_str()))
                .collect();
            assert_eq!(found, expect, "{text}");
        };
        check(
            "Then Ann Lee met Ann B. Lee, and Lee left.",
            &[Some("Ann B. Lee"); 3],
        );
        check(
            "Then Ann Lee met Bo Lee, and Lee left.",
            &[Some("Ann Lee"), Some("Bo Lee"), None],
        );
        check(
            "The Port Mill Union, or PMU, met.",
            &[Some("Port Mill Union"), Some("Port Mill Union")],
        );
        check(
            "So Ann Lee Jr. met the other Lee.",
            &[Some("Ann Lee Jr."), Some("Ann Lee Jr.")],
        );
    }
}
