//! Names that mean the same actor within one text, and what they show of it.

use crate::domain::{ActorKind, Gender, GenderBasis, Span};
use crate::extract::lexicon::folding::folded;
use crate::extract::lexicon::lists::{BODIES, forename_gender};
use crate::extract::lexicon::nouns::STATES;
use crate::extract::names::{NameKind, is_acronym};

use super::evidence::Mark;
use super::identity::identity_key;
use super::keys::{Key, is_in_capitals};

/// How many titles of one actor are kept.
const MAX_TITLES: usize = 8;

/// The names of one actor, and what they show.
#[derive(Debug, Clone, Default)]
pub(in crate::extract::coref) struct Group {
    /// The fullest name.
    pub display_name: String,
    /// The words of the fullest name.
    pub key: Key,
    /// The gender indicated by a title, by a noun or pronoun beside it, and by the forename.
    title_gender: Option<Gender>,
    told_gender: Option<Gender>,
    forename: Option<Gender>,
    /// The titles before its names, as far as they are kept.
    pub titles: Vec<Span>,
    /// How many names stand in the text, after a title or a noun for people, after "the", after "in".
    pub count: usize,
    titled: usize,
    pub definite: usize,
    pub located: usize,
    /// How many are sources.
    speaks: usize,
    /// How many are read as a person's, how many as something else's, and of these how many as a place's.
    persons: usize,
    others: usize,
    places: usize,
    /// Who a surname borne by several people may mean; empty for all other names.
    pub ambiguous: Vec<usize>,
}

impl Group {
    pub fn new(name: &str) -> Self {
        let first = name.split(' ').next().unwrap_or_default();
        Self {
            display_name: name.to_owned(),
            key: Key::of(name),
            forename: forename_gender(first),
            ..Self::default()
        }
    }

    fn words(&self) -> usize {
        self.display_name.split(' ').count()
    }

    fn is_body(&self) -> bool {
        let is_somebody = self.title_gender.is_some() && self.words() == 2;
        is_acronym(&self.display_name)
            || self.display_name.starts_with("The ")
            || (!is_somebody && self.display_name.split(' ').any(|word| BODIES.has(word)))
    }

    /// Takes a fuller name, or one that is not all in capitals.
    pub fn call(&mut self, name: &str, key: &Key) {
        let fuller = key.len() > self.key.len() || name.len() > self.display_name.len();
        let plainer = is_in_capitals(&self.display_name) && !is_in_capitals(name);
        if (fuller && !(is_in_capitals(name) && key.len() <= self.key.len()))
            || (plainer && key.len() >= self.key.len())
        {
            name.clone_into(&mut self.display_name);
            self.key = key.clone();
            self.forename = self.forename.or_else(|| forename_gender(key.first()));
        }
    }

    /// Notes what stands around one of the names.
    pub fn note(&mut self, mark: &Mark) {
        self.count += 1;
        self.add(mark);
        if self.titles.len() < MAX_TITLES {
            self.titles.extend(mark.title);
        }
        self.title_gender = self.title_gender.or(mark.title_gender);
        self.told_gender = self.told_gender.or(mark.gender);
    }

    fn add(&mut self, mark: &Mark) {
        self.titled += usize::from(mark.is_titled()) + usize::from(mark.person_noun);
        self.definite += usize::from(mark.is_definite());
        self.located += usize::from(mark.is_located());
        self.speaks += usize::from(mark.speaks);
        self.persons += usize::from(mark.kind == Some(NameKind::Person));
        self.others += usize::from(mark.kind.is_some_and(|kind| kind != NameKind::Person));
        self.places += usize::from(mark.kind == Some(NameKind::Place));
    }

    /// How much speaks for a person: negative where it is more likely something else.
    pub fn person_score(&self) -> i32 {
        let mut score = 0;
        if self.titled > 0 || self.persons > self.others {
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
        if self.is_body() || self.others > self.persons {
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

    /// True where most of the names are read as a place's; if none has been classified, a name that follows "in" is one.
    pub fn is_read_as_place(&self) -> bool {
        match self.persons + self.others {
            0 => self.located > 0,
            read => 2 * self.places > read,
        }
    }

    /// The gender and what it was concluded from: a title, what stands beside the name, or else the forename.
    pub fn known_gender(&self) -> Option<(Gender, GenderBasis)> {
        let by_title = self.title_gender.map(|gender| (gender, GenderBasis::Title));
        let told = self
            .told_gender
            .map(|gender| (gender, GenderBasis::Pronoun));
        by_title
            .or(told)
            .or_else(|| Some((self.forename?, GenderBasis::Forename)))
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
