//! Who mentions refer to: entities that grow as a text is read.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::domain::{Gender, Span};

use crate::extract::lexicon::lists::{Class, Noun};

/// How far back a pronoun looks: in sentences, and in mentions where sentences are endless.
const MAX_SENTENCES: usize = 12;
const MAX_MENTIONS: usize = 200;
/// How much of its weight a mention keeps from one sentence to the next.
const DECAY: f32 = 0.5;
/// How many entities of one noun are told apart.
const MAX_NAMESAKES: usize = 50;

/// What the mentions of one entity show.
#[derive(Debug, Clone, Default)]
pub(super) struct Entity {
    /// The group of its names.
    pub group: Option<usize>,
    pub gender: Option<Gender>,
    /// Nothing but a forename tells the gender.
    pub is_guessed: bool,
    /// How often "she" and "he" referred to it.
    pronouns: [usize; 2],
    pub plural: bool,
    /// It is more likely a place than an organization.
    pub place: bool,
    /// How much speaks for a person; negative if it is more likely an organization or a place.
    pub person: i32,
    /// The noun it was first read from.
    pub noun: Option<Noun>,
    /// The longest phrase headed by a noun that referred to it, and that noun.
    pub phrase: Option<Span>,
    pub head: Option<Span>,
    /// How salient it was at `last`, the sentence of its last mention.
    presence: f32,
    last: usize,
    mentions: usize,
}

impl Entity {
    fn of_noun(noun: Option<Noun>) -> Self {
        Self {
            gender: noun.and_then(|noun| noun.gender),
            plural: noun.is_some_and(|noun| noun.plural),
            person: match noun.map(|noun| noun.class) {
                Some(Class::Person) => 4,
                Some(Class::Body) => -5,
                None => 0,
            },
            noun,
            ..Self::default()
        }
    }

    /// What follows the noun in its phrase: " of the museum" in "the director of the museum". `None` where nothing
    /// does.
    pub fn behind<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (phrase, head) = (self.phrase?, self.head?);
        let behind = text.get(head.end..phrase.end)?;
        (!behind.is_empty()).then_some(behind)
    }

    /// How salient it is for a reader at `sentence`: the sum of its mentions, each worth half as much a sentence later
    /// (Lappin and Leass 1994).
    pub fn salience(&self, sentence: usize) -> f32 {
        let steps = sentence.saturating_sub(self.last);
        if steps > MAX_SENTENCES {
            return 0.0;
        }
        self.presence * DECAY.powi(i32::try_from(steps).unwrap_or(i32::MAX))
    }

    fn mention(&mut self, sentence: usize, weight: f32, mentions: usize) {
        let last = self.last.max(sentence);
        let (own, other) = (last - self.last, last - sentence);
        let faded = |weight: f32, steps: usize| {
            weight * DECAY.powi(i32::try_from(steps).unwrap_or(i32::MAX))
        };
        self.presence = faded(self.presence, own) + faded(weight, other);
        self.last = last;
        self.mentions += mentions;
    }

    /// Notes that a pronoun of a gender refers to it: better evidence than a forename.
    pub fn note_pronoun(&mut self, gender: Gender) {
        match gender {
            Gender::Female => self.pronouns[0] += 1,
            Gender::Male => self.pronouns[1] += 1,
            Gender::Other => {}
        }
        if self.gender.is_none() || self.is_guessed {
            self.gender = self.by_pronoun();
            self.is_guessed = false;
        }
    }

    /// The gender of most pronouns that refer to it.
    pub fn by_pronoun(&self) -> Option<Gender> {
        let [female, male] = self.pronouns;
        match female.cmp(&male) {
            Ordering::Greater => Some(Gender::Female),
            Ordering::Less => Some(Gender::Male),
            Ordering::Equal => None,
        }
    }

    /// False if it is known to be of another gender; a guess from a forename does not count.
    pub fn may_be(&self, gender: Gender) -> bool {
        self.is_guessed || self.agrees(gender)
    }

    /// False if it is taken to be of another gender.
    pub fn agrees(&self, gender: Gender) -> bool {
        self.gender.is_none_or(|known| known == gender)
    }

    /// How often it is mentioned.
    pub const fn mentions(&self) -> usize {
        self.mentions
    }
}

/// The entities of a text, as far as it is read.
#[derive(Debug, Default)]
pub(super) struct Entities {
    all: Vec<Entity>,
    /// Common nouns, and words of names, in lower case → who they referred to.
    by_noun: HashMap<String, Vec<usize>>,
    /// Entities without a name that turned out to be named ones; they are never merged again.
    joined: HashMap<usize, usize>,
    /// Sentence and entity of each mention.
    recent: Vec<(usize, usize)>,
}

impl Entities {
    pub fn get(&self, entity: usize) -> &Entity {
        &self.all[entity]
    }

    pub fn get_mut(&mut self, entity: usize) -> &mut Entity {
        &mut self.all[entity]
    }

    pub const fn len(&self) -> usize {
        self.all.len()
    }

    /// A new entity, read from a noun or, without one, from a name.
    pub fn add(&mut self, noun: Option<Noun>) -> usize {
        self.all.push(Entity::of_noun(noun));
        self.all.len() - 1
    }

    /// Notes that a noun, or a word of a name, refers to an entity.
    pub fn add_noun(&mut self, noun: &str, entity: usize) {
        let known = self.by_noun.entry(noun.to_lowercase()).or_default();
        if !known.contains(&entity) {
            known.push(entity);
        }
        if known.len() > MAX_NAMESAKES {
            known.remove(0);
        }
    }

    /// Merges one entity into another: they turned out to be the same.
    pub fn join(&mut self, gone: usize, stays: usize) {
        self.joined.insert(gone, stays);
        let Entity {
            phrase,
            head,
            noun,
            presence,
            last,
            mentions,
            ..
        } = std::mem::take(&mut self.all[gone]);
        let entity = &mut self.all[stays];
        entity.gender = entity.gender.or(noun.and_then(|noun| noun.gender));
        if entity.phrase.is_none() {
            (entity.phrase, entity.head) = (phrase, head);
        }
        entity.mention(last, presence, mentions);
    }

    /// The entity that an entity turned out to be; itself where it is no other.
    pub fn resolve(&self, entity: usize) -> usize {
        self.joined.get(&entity).copied().unwrap_or(entity)
    }

    /// Those for whom a noun, in lower case, has stood.
    pub fn of_noun(&self, noun: &str) -> impl Iterator<Item = usize> {
        let known = self.by_noun.get(noun).into_iter().flatten();
        known.map(|entity| self.resolve(*entity))
    }

    /// Notes a mention.
    pub fn mention(&mut self, entity: usize, sentence: usize, weight: f32) {
        self.all[entity].mention(sentence, weight, 1);
        self.recent.push((sentence, entity));
    }

    /// Those mentioned in the last sentences before and in `sentence`, each once.
    pub fn present(&self, sentence: usize) -> Vec<usize> {
        let near = self.recent.iter().rev().take(MAX_MENTIONS);
        let near = near.take_while(|(at, _)| at + MAX_SENTENCES >= sentence);
        let mut present: Vec<usize> = near.map(|(_, entity)| self.resolve(*entity)).collect();
        present.sort_unstable();
        present.dedup();
        present
    }

    /// The most salient of `candidates`, and how salient it is; the last one if several are equal.
    pub fn most_present(
        &self,
        candidates: impl Iterator<Item = usize>,
        sentence: usize,
    ) -> Option<(usize, f32)> {
        candidates
            .map(|entity| (entity, self.all[entity].salience(sentence)))
            .max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

#[cfg(test)]
mod tests {
    use super::Entities;

    #[test]
    fn what_was_mentioned_last_and_most_is_most_present() {
        let mut entities = Entities::default();
        let (first, second) = (entities.add(None), entities.add(None));
        entities.mention(first, 0, 1.0);
        entities.mention(second, 1, 1.0);
        assert_eq!(entities.present(1), [first, second]);
        assert_eq!(
            entities.most_present([first, second].into_iter(), 1),
            Some((second, 1.0))
        );
        entities.mention(first, 1, 1.0);
        assert_eq!(
            entities.most_present([first, second].into_iter(), 1),
            Some((first, 1.5))
        );
        assert!(entities.present(40).is_empty());
    }
}
