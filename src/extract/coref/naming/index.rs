//! Who names and parts of names mean.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::extract::lexicon::lists::is_demonym;

use super::evidence::Mark;
use super::group::Group;
use super::keys::Key;

/// How many bearers of one surname, and of names that differ only in the middle, are told apart.
const MAX_NAMESAKES: usize = 50;

/// Short names → the groups they may mean, in the order of the text.
#[derive(Default)]
struct Shorts(HashMap<String, Vec<usize>>);

impl Shorts {
    fn add(&mut self, short: String, group: usize) {
        let groups = self.0.entry(short).or_default();
        if !groups.contains(&group) && groups.len() < MAX_NAMESAKES {
            groups.push(group);
        }
    }

    fn get(&self, short: &str) -> &[usize] {
        self.0.get(short).map_or(&[], Vec::as_slice)
    }
}

/// The names of a text, and who they and parts of them mean.
#[derive(Default)]
pub(super) struct Index {
    pub groups: Vec<Group>,
    /// For each group of full names which of them was first in the text.
    first: Vec<usize>,
    /// Full names and lone names → group.
    by_name: HashMap<String, usize>,
    /// First and last word → groups: "Ann Lee" and "Ann B. Lee" are one, "Ann C. Lee" is another.
    by_ends: HashMap<(String, String), Vec<usize>>,
    /// Last words and initials, first words, and words between → groups.
    by_tail: Shorts,
    by_head: Shorts,
    by_inner: Shorts,
    /// Surnames of several → their own group.
    by_ambiguous: HashMap<String, usize>,
    /// Short names that the text shows as places.
    places: HashSet<String>,
}

impl Index {
    /// The index of the names of several words, the longest first, so that parts of them are known as such.
    pub fn of_full(spelled: &[String], marks: &[Mark]) -> Self {
        let mut index = Self::default();
        let mut full: Vec<(Key, &str, Mark)> = Vec::new();
        let mut at: HashMap<&str, usize> = HashMap::new();
        for (name, mark) in spelled.iter().zip(marks) {
            if !name.contains(' ') {
                if mark.is_located() || mark.is_definite() {
                    index.places.insert(Key::of(name).whole());
                }
                continue;
            }
            let known = *at.entry(name).or_insert_with(|| {
                full.push((Key::of(name), name, Mark::default()));
                full.len() - 1
            });
            full[known].2.add(mark);
        }
        let mut order: Vec<usize> = (0..full.len()).collect();
        order.sort_by_key(|at| Reverse(full[*at].0.len()));
        for at in order {
            let (key, name, mark) = &full[at];
            index.add_full(name, key, mark, at);
        }
        index
    }

    fn add_full(&mut self, name: &str, key: &Key, mark: &Mark, at: usize) {
        let whole = key.whole();
        if let Some(known) = self.by_name.get(&whole) {
            self.groups[*known].call(name, key);
            return;
        }
        let known = self
            .of_same_ends(key)
            .or_else(|| self.longer(key, mark, at));
        let group = known.unwrap_or(self.groups.len());
        if known.is_none() {
            self.groups.push(Group::new(name));
            self.first.push(at);
            self.by_ends.entry(key.ends()).or_default().push(group);
            self.add_shorts(key, mark, group);
        } else {
            self.groups[group].call(name, key);
            for tail in key.tails() {
                self.by_tail.add(tail, group);
            }
        }
        self.by_name.insert(whole, group);
    }

    /// The group of a name that differs by its middle, or by a forename cut to its first letter.
    fn of_same_ends(&mut self, key: &Key) -> Option<usize> {
        let middle = key.middle();
        let alike = self.by_ends.entry(key.ends()).or_default();
        let fits = |group: &usize| is_compatible(&self.groups[*group].key.middle(), &middle);
        let known = alike.iter().copied().find(fits);
        if known.is_some() || key.is_body() {
            return known.or_else(|| (alike.len() >= MAX_NAMESAKES).then(|| alike[0]));
        }
        let of_tail = self.by_tail.get(key.last());
        let mut cut = of_tail
            .iter()
            .filter(|group| self.groups[**group].key.may_be_cut(key));
        cut.next().copied().filter(|_| cut.next().is_none())
    }

    /// The group of the only longer name of a person before it in the text that begins or ends with this name.
    fn longer(&self, key: &Key, mark: &Mark, at: usize) -> Option<usize> {
        if mark.is_located() || mark.is_definite() || key.is_body() {
            return None;
        }
        let whole = key.whole();
        let ends = self
            .by_tail
            .get(&whole)
            .iter()
            .chain(self.by_head.get(&whole));
        let mut longer = ends.filter(|group| {
            let other = &self.groups[**group].key;
            self.first[**group] < at && !other.is_body() && other.has_at_an_end(key)
        });
        longer
            .next()
            .copied()
            .filter(|first| longer.all(|group| group == first))
    }

    fn add_shorts(&mut self, key: &Key, mark: &Mark, group: usize) {
        for tail in key.tails() {
            self.by_tail.add(tail, group);
        }
        self.by_tail.add(key.initials().to_owned(), group);
        for head in key.company_heads() {
            self.by_head.add(head, group);
        }
        let is_person =
            mark.is_titled() || mark.person_noun || (mark.speaks && !mark.is_definite());
        let is_forename = self.groups[group].known_gender().is_some();
        if mark.is_titled() || ((is_person || is_forename) && !key.is_body()) {
            for head in key.heads() {
                self.by_head.add(head, group);
            }
            for word in key.inner() {
                self.by_inner.add(word, group);
            }
        }
    }

    /// The group of a name that abbreviates another's.
    pub fn add_alias(&mut self, name: &str, group: usize) -> usize {
        let key = Key::of(name);
        *self.by_name.entry(key.whole()).or_insert(group)
    }

    /// The group of a name as it stands in `text`.
    pub fn group_of(&mut self, text: &str, name: &str, mark: &Mark) -> usize {
        let titled = mark.is_titled();
        let key = Key::of(name).whole();
        if let Some(group) = self.by_name.get(&key) {
            return *group;
        }
        let mut fitting = self.of_short(&key, mark, titled);
        if fitting.len() > 1 {
            self.keep_of_title(&mut fitting, mark, text);
        }
        fitting.sort_by_key(|group| Reverse(self.groups[*group].count));
        match fitting[..] {
            [only] => only,
            [first, second, ..] if self.groups[first].count > self.groups[second].count => first,
            [] => self.add_lone(name, key),
            _ => self.ambiguous(name, &key, fitting),
        }
    }

    /// Of several who bear a short name those are meant who have had its title, if any has: "Prime Minister Han".
    fn keep_of_title(&self, fitting: &mut Vec<usize>, mark: &Mark, text: &str) {
        let Some(title) = mark.title.map(|title| title.slice(text)) else {
            return;
        };
        let had = |group: &usize| {
            let titles = &self.groups[*group].titles;
            titles
                .iter()
                .any(|known| known.slice(text).eq_ignore_ascii_case(title))
        };
        if fitting.iter().any(had) {
            fitting.retain(had);
        }
    }

    /// The groups that a short name may mean, as far as the gender of its title tells: by last words before first words, and
    /// by those before words between. What the text shows as a place is no first word of anybody.
    fn of_short(&self, key: &str, mark: &Mark, titled: bool) -> Vec<usize> {
        let agrees = |group: &&usize| {
            let known = self.groups[**group].known_gender().map(|(known, _)| known);
            let told = mark.title_gender;
            told.is_none_or(|gender| known.is_none_or(|known| known == gender))
        };
        let tails = self.by_tail.get(key);
        let is_place = !titled && (self.places.contains(key) || is_demonym(key));
        if !tails.is_empty() || is_place {
            return tails.iter().filter(agrees).copied().collect();
        }
        let heads: Vec<usize> = self
            .by_head
            .get(key)
            .iter()
            .filter(agrees)
            .copied()
            .collect();
        if !heads.is_empty() {
            return heads;
        }
        self.by_inner
            .get(key)
            .iter()
            .filter(agrees)
            .copied()
            .collect()
    }

    /// The group of a name that is not part of another. "Mr. Lee" beside Ann Lee is somebody else, and from then on one
    /// of those who "Lee" may mean.
    fn add_lone(&mut self, name: &str, key: String) -> usize {
        let group = self.groups.len();
        self.groups.push(Group::new(name));
        if self.by_tail.get(&key).is_empty() {
            self.by_name.insert(key, group);
        } else {
            self.by_tail.add(key, group);
        }
        group
    }

    /// The group of a surname that means one of several: its key stays free, for they may be told apart further on.
    fn ambiguous(&mut self, name: &str, key: &str, fitting: Vec<usize>) -> usize {
        let known = self.by_ambiguous.get(key).copied();
        known.unwrap_or_else(|| {
            let mut group = Group::new(name);
            group.ambiguous = fitting;
            self.groups.push(group);
            self.by_ambiguous
                .insert(key.to_owned(), self.groups.len() - 1);
            self.groups.len() - 1
        })
    }
}

/// False for "George W." and "George H. W.".
fn is_compatible(a: &str, b: &str) -> bool {
    a.is_empty() || b.is_empty() || a == b
}
