//! Names that mean the same actor within one text.

use std::collections::HashMap;

use crate::domain::{ActorKind, Gender, GenderBasis};
use crate::extract::gender::title_gender;
use crate::extract::names::{Name, word_before};
use crate::extract::nouns::{BODIES, STATES, is_one_of};
use crate::text::Layout;

use super::identity::{folded, identity_key, is_acronym};
use super::lists::{forename_gender, is_demonym};

/// Words behind a surname.
const SUFFIXES: &[&str] = &["jr.", "jr", "sr.", "sr", "ii", "iii", "iv"];
/// How many bearers of one surname, and of one name but for its middle, are told apart.
const MAX_NAMESAKES: usize = 50;
/// Words before the name of a place.
const PLACE_WORDS: &[&str] = &[
    "in",
    "at",
    "near",
    "across",
    "throughout",
    "outside",
    "around",
    "downtown",
];

/// The names of one actor, and what they show.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// The fullest name.
    pub display_name: String,
    /// The gender that a title, and that the forename tells.
    title_gender: Option<Gender>,
    forename: Option<Gender>,
    /// How many names stand in the text, behind a title or a noun for people, behind "the", behind "in".
    count: usize,
    titled: usize,
    definite: usize,
    located: usize,
    /// How many are sources.
    speaks: usize,
    /// Letters that begin the names between first and last.
    middle: String,
    /// Whom a surname may mean that more than one bears; empty for all other names.
    pub ambiguous: Vec<usize>,
}

impl Group {
    fn new(name: &str) -> Self {
        let first = name.split(' ').next().unwrap_or_default();
        Self {
            display_name: name.to_owned(),
            forename: forename_gender(first),
            ..Self::default()
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

    /// Notes that a noun for people stands in apposition to a name.
    pub fn add_person_noun(&mut self) {
        self.titled += 1;
    }

    /// Notes that one of the names is a source.
    pub fn add_source(&mut self) {
        self.speaks += 1;
    }

    /// How much speaks for a person: negative where it is more likely something else.
    pub fn person_score(&self) -> i32 {
        let mut score = 0;
        if self.titled > 0 {
            score += 4;
        }
        if self.forename.is_some() {
            score += 3;
        }
        if self.title_gender.is_some() {
            score += 1;
        }
        if self.speaks > 0 {
            score += 2;
        }
        if (2..=4).contains(&self.words()) {
            score += 1;
        }
        if self.is_body() {
            score -= 5;
        }
        if self.definite > 0 {
            score -= 3;
        }
        if self.located > 0 {
            score -= 2;
        }
        score
    }

    /// True for a people: "the Palestinians".
    pub fn is_plural(&self) -> bool {
        self.definite > 0
            && self.words() == 1
            && self.display_name.ends_with('s')
            && self.titled == 0
    }

    /// True where the text only ever shows it as a place.
    pub fn is_place(&self) -> bool {
        self.speaks == 0 && self.titled == 0 && 2 * self.located >= self.count && self.located > 0
    }

    /// The gender and what it was concluded from: a title, or else the forename.
    pub fn known_gender(&self) -> Option<(Gender, GenderBasis)> {
        let by_title = self.title_gender.map(|gender| (gender, GenderBasis::Title));
        by_title.or_else(|| Some((self.forename?, GenderBasis::Forename)))
    }

    /// What the text shows the actor to be.
    pub fn kind(&self) -> ActorKind {
        let lower = self.display_name.to_lowercase();
        if self.titled > 0 && !self.is_body() {
            ActorKind::Person
        } else if STATES.iter().any(|state| lower.contains(state)) {
            ActorKind::Government
        } else if self.is_body() {
            ActorKind::Organization
        } else if self.person_score() >= 3 {
            ActorKind::Person
        } else {
            ActorKind::Unknown
        }
    }

    /// See [`LocalActor::identity_key`](crate::domain::LocalActor::identity_key).
    pub fn identity_key(&self) -> Option<String> {
        let definite_body = self.definite > 0 && self.kind() != ActorKind::Person;
        identity_key(&self.display_name)
            .or_else(|| definite_body.then(|| folded(&self.display_name)))
    }
}

/// Joins names to groups: equal ones, a surname or a forename with the full name that has it, an acronym with the name it
/// abbreviates. Of several with one surname the one named most often up to there is meant; where two are named as often,
/// the surname is a group of its own that tells whom it may mean.
pub(super) fn group_names(layout: &Layout<'_>, names: &[Name]) -> (Vec<Group>, Vec<usize>) {
    let spelled: Vec<String> = names
        .iter()
        .map(|name| spaced(name.span.slice(layout.text)))
        .collect();
    let mut index = Index::default();
    for name in spelled.iter().filter(|name| name.contains(' ')) {
        index.add_full(name);
    }
    let mut group_of = Vec::with_capacity(names.len());
    for (name, spelled) in names.iter().zip(&spelled) {
        let abbreviated = group_of
            .last()
            .copied()
            .filter(|_| is_abbreviation(layout, names, group_of.len()));
        let group = match abbreviated {
            Some(full) => index.add_alias(spelled, full),
            None => index.group_of(spelled, title_gender(name.title.slice(layout.text))),
        };
        note(layout, name, &mut index.groups[group]);
        group_of.push(group);
    }
    (index.groups, group_of)
}

/// True for "(WHO)" right behind a name.
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

/// The words of a name with single spaces.
pub(super) fn spaced(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn note(layout: &Layout<'_>, name: &Name, group: &mut Group) {
    group.count += 1;
    group.titled += usize::from(!name.title.is_empty());
    group.title_gender = group
        .title_gender
        .or_else(|| title_gender(name.title.slice(layout.text)));
    let before = word_before(layout, name.sentence, name.span.start);
    if name.title.is_empty() {
        group.definite += usize::from(is_one_of(before, &["the"]));
        group.located += usize::from(is_one_of(before, PLACE_WORDS));
    }
}

/// Keys are in lower case: a transcript writes its speakers in capitals.
#[derive(Default)]
struct Index {
    groups: Vec<Group>,
    /// Full names and lone names → group.
    by_name: HashMap<String, usize>,
    /// First and last word → groups: "Ann Lee" and "Ann B. Lee" are one, "Ann C. Lee" is another.
    by_ends: HashMap<(String, String), Vec<usize>>,
    /// Last word, first word, or the initials → groups, in the order of the text.
    by_short: HashMap<String, Vec<usize>>,
    /// Surnames of several → their own group.
    by_ambiguous: HashMap<String, usize>,
}

impl Index {
    fn add_full(&mut self, name: &str) {
        let key = folded(name);
        if self.by_name.contains_key(&key) {
            return;
        }
        let words: Vec<&str> = key.split(' ').collect();
        let last = surname(&words);
        let ends = (words[0].to_owned(), [last, suffix(&words)].concat());
        let middle = middle(&words, last);
        let alike = self.by_ends.entry(ends).or_default();
        let known = alike
            .iter()
            .copied()
            .find(|group| is_compatible(&self.groups[*group].middle, &middle));
        let group = known.unwrap_or(self.groups.len());
        if known.is_none() {
            if alike.len() < MAX_NAMESAKES {
                alike.push(group);
            }
            self.groups.push(Group {
                middle,
                ..Group::new(name)
            });
            if stands_alone(last) {
                self.add_short(last, group);
            }
            self.add_short(&initials(name), group);
            if forename_gender(words[0]).is_some() {
                self.add_short(words[0], group);
            }
        } else if name.len() > self.groups[group].display_name.len() {
            let known = &mut self.groups[group];
            name.clone_into(&mut known.display_name);
            known.middle = if middle.is_empty() {
                std::mem::take(&mut known.middle)
            } else {
                middle
            };
        }
        self.by_name.insert(key, group);
    }

    fn add_short(&mut self, short: &str, group: usize) {
        let groups = self.by_short.entry(short.to_owned()).or_default();
        if groups.last() != Some(&group) && groups.len() < MAX_NAMESAKES {
            groups.push(group);
        }
    }

    fn add_alias(&mut self, name: &str, group: usize) -> usize {
        *self.by_name.entry(folded(name)).or_insert(group)
    }

    fn group_of(&mut self, name: &str, gender: Option<Gender>) -> usize {
        let key = folded(name);
        if let Some(group) = self.by_name.get(&key) {
            return *group;
        }
        let mut fitting = self.of_short(&key, gender);
        fitting.sort_by_key(|group| std::cmp::Reverse(self.groups[*group].count));
        match fitting[..] {
            [only] => only,
            [first, second, ..] if self.groups[first].count > self.groups[second].count => first,
            [] => self.add_lone(name, key),
            _ => self.ambiguous(name, &key, fitting),
        }
    }

    /// The groups that a short name may mean, as far as the gender of its title tells.
    fn of_short(&self, key: &str, gender: Option<Gender>) -> Vec<usize> {
        let agrees = |group: &usize| {
            let known = self.groups[*group].known_gender().map(|(known, _)| known);
            gender.is_none_or(|gender| known.is_none_or(|known| known == gender))
        };
        self.by_short.get(key).map_or_else(Vec::new, |groups| {
            groups.iter().copied().filter(agrees).collect()
        })
    }

    /// The group of a name that is no part of another. "Mr. Lee" beside Ann Lee is somebody else, and from then on one of
    /// those whom "Lee" may mean.
    fn add_lone(&mut self, name: &str, key: String) -> usize {
        let group = self.groups.len();
        self.groups.push(Group::new(name));
        match self.by_short.get_mut(&key) {
            Some(alike) if alike.len() < MAX_NAMESAKES => alike.push(group),
            Some(_) => {}
            None => {
                self.by_name.insert(key, group);
            }
        }
        group
    }

    /// The group of a surname that means one of several: its key stays free, for they may be told apart further on.
    fn ambiguous(&mut self, name: &str, key: &str, fitting: Vec<usize>) -> usize {
        let known = self.by_ambiguous.get(key).copied();
        known.unwrap_or_else(|| {
            self.groups.push(Group {
                ambiguous: fitting,
                ..Group::new(name)
            });
            self.by_ambiguous
                .insert(key.to_owned(), self.groups.len() - 1);
            self.groups.len() - 1
        })
    }
}

fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(&word)
}

/// The last word that is no suffix such as "Jr.".
fn surname<'a>(words: &[&'a str]) -> &'a str {
    words
        .iter()
        .rev()
        .find(|word| !is_suffix(word))
        .copied()
        .unwrap_or_default()
}

/// False for last words that more often mean something else by themselves: "House", "States", "Democrats".
fn stands_alone(last: &str) -> bool {
    let singular = last.strip_suffix('s').unwrap_or(last);
    let is_party = is_demonym(singular) || singular == "democrat";
    !(is_party || matches!(last, "house" | "states" | "kingdom" | "nations" | "state"))
}

/// The letters that begin the words between first and last.
fn middle(words: &[&str], last: &str) -> String {
    let inner = words[1..].iter().take_while(|word| **word != last);
    inner.filter_map(|word| word.chars().next()).collect()
}

/// False for "George W." and "George H. W.".
fn is_compatible(a: &str, b: &str) -> bool {
    a.is_empty() || b.is_empty() || a == b
}

/// The suffix that tells a son from his father.
fn suffix(words: &[&str]) -> &'static str {
    match words.last() {
        Some(&("jr." | "jr")) => " jr",
        _ => "",
    }
}

/// The initials of a name's capitalised words, in lower case.
fn initials(name: &str) -> String {
    let capitals = name
        .split(' ')
        .filter_map(|word| word.chars().next().filter(|c| c.is_uppercase()));
    capitals.flat_map(char::to_lowercase).collect()
}
