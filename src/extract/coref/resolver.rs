//! Reads the mentions of a text from its begin to its end and decides whom each means.

use crate::domain::{Gender, MAX_NAME_BYTES};
use crate::text::Layout;

use super::entities::{Entities, Entity};
use super::fitness::{several, single, thing};
use super::found::{Found, Sort};
use super::interview::Interview;
use super::links;
use super::naming::Group;
use super::pronouns::{Case, Pronoun};
use super::quoting::Quoting;
use super::understood::{Meaning, Understood};

/// How likely a meaning is right that was not chosen among several.
pub(super) const OF_NAME: f32 = 0.95;
const OF_APPOSITION: f32 = 0.9;
const OF_NOUN: f32 = 0.7;
const OF_SPEAKER: f32 = 0.85;
/// A pronoun whose best candidate is less present than this, or has a smaller share of what is present, stays open.
const LEAST_SALIENCE: f32 = 0.05;
const LEAST_SHARE: f32 = 0.3;
/// How far "who" may stand from whom it means: in mentions and in bytes.
const MAX_STEPS: usize = 3;
const MAX_GAP: usize = 60;
/// How many candidates of a pronoun are told.
const MAX_CANDIDATES: usize = 5;

/// Everything the resolver looks at.
pub(super) struct Reader<'a> {
    pub layout: &'a Layout<'a>,
    pub found: &'a [Found],
    /// For each mention: it is a source.
    pub is_source: &'a [bool],
    /// For each attribution its source's mention.
    pub sources: &'a [Option<usize>],
    pub groups: &'a [Group],
    /// For each name its group.
    pub group_of: &'a [usize],
    pub quoting: Quoting,
}

impl Reader<'_> {
    pub fn read(&self) -> Understood {
        let mut state = Understood {
            entities: Entities::default(),
            meanings: vec![None; self.found.len()],
            candidates: vec![Vec::new(); self.found.len()],
            entity_of_group: vec![None; self.groups.len()],
            together: None,
        };
        for at in 0..self.found.len() {
            state.meanings[at] = self.meaning(&mut state, at);
            self.note(&mut state, at);
        }
        self.read_speakers(&mut state);
        self.abstain(&mut state);
        state
    }

    /// The first and second persons, once the other mentions are understood.
    fn read_speakers(&self, state: &mut Understood) {
        let interview = Interview::of(self, state);
        let outside = |at: usize| {
            interview
                .as_ref()
                .filter(|_| !self.is_quoted(&self.found[at]))
        };
        for at in 0..self.found.len() {
            let meant = match self.found[at].sort {
                Sort::Pronoun(Pronoun::Speaker | Pronoun::Speakers, _) => self
                    .speaker_around(state, at)
                    .or_else(|| outside(at)?.meant(self, state, at))
                    .or_else(|| self.signer(state, at)),
                Sort::Pronoun(Pronoun::Addressee, _) => {
                    outside(at).and_then(|own| own.meant(self, state, at))
                }
                Sort::Pronoun(Pronoun::Single(gender), _) if state.meant(at).is_none() => {
                    outside(at).and_then(|own| own.other(self, state, at, gender))
                }
                _ => continue,
            };
            state.meanings[at] = meant.map(|entity| Meaning {
                entity,
                confidence: OF_SPEAKER,
            });
            if let Some(entity) = meant {
                state.entities.mention(entity, self.found[at].sentence, 0.0);
            }
        }
    }

    /// Who signs the paragraph around a mention: its last sentence is nothing but a name.
    fn signer(&self, state: &Understood, at: usize) -> Option<usize> {
        if self.is_quoted(&self.found[at]) {
            return None;
        }
        let block = self.block_of(at);
        let next = self
            .layout
            .sentences
            .partition_point(|sentence| sentence.block <= block);
        let signature = self.layout.sentences[next.checked_sub(1)?].span;
        let name = self
            .found
            .partition_point(|found| found.head.start < signature.start);
        let signs = |found: &&Found| matches!(found.sort, Sort::Name(_)) && found.head == signature;
        self.found.get(name).filter(signs)?;
        state.meant(name).map(|meaning| meaning.entity)
    }

    /// Leaves open whom a surname means that several bear.
    fn abstain(&self, state: &mut Understood) {
        for at in 0..self.found.len() {
            let Sort::Name(name) = self.found[at].sort else {
                continue;
            };
            let fitting = &self.groups[self.group_of[name]].ambiguous;
            if fitting.is_empty() {
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "a bounded number of people")]
            let confidence = OF_NAME / fitting.len() as f32;
            let entities = fitting
                .iter()
                .take(MAX_CANDIDATES)
                .filter_map(|group| state.entity_of_group[*group]);
            state.candidates[at] = entities
                .map(|entity| Meaning { entity, confidence })
                .collect();
            state.meanings[at] = None;
        }
    }

    /// The speaker of the quotation around a mention, as far as its source is understood.
    fn speaker_around(&self, state: &Understood, at: usize) -> Option<usize> {
        let quotation = self.quoting.quotation_at(self.found[at].head.start)?;
        let source = self.sources[self.quoting.attribution_of(quotation)?]?;
        state.meant(source).map(|meaning| meaning.entity)
    }

    /// True inside of quotation marks.
    pub fn is_quoted(&self, found: &Found) -> bool {
        self.quoting.quotation_at(found.head.start).is_some()
    }

    /// The block a mention stands in.
    pub fn block_of(&self, at: usize) -> usize {
        self.layout.sentences[self.found[at].sentence].block
    }

    fn meaning(&self, state: &mut Understood, at: usize) -> Option<Meaning> {
        match self.found[at].sort {
            Sort::Name(name) => {
                let group = self.group_of[name];
                let entity = if let Some(entity) = state.entity_of_group[group] {
                    self.explain(state, at, entity);
                    entity
                } else {
                    self.named(state, at, group)
                };
                Some(Meaning {
                    entity,
                    confidence: OF_NAME,
                })
            }
            Sort::Noun(_) => Some(self.nominal(state, at)),
            Sort::Pronoun(Pronoun::Single(gender), case) => self.single(state, at, gender, case),
            Sort::Pronoun(Pronoun::Several, case) => self.best(state, at, case, several),
            Sort::Pronoun(Pronoun::Thing, case) => {
                // Most things are no actors: "it" is read only as a source, and as an owner.
                let is_read = self.is_source[at] || case == Case::Possessive;
                is_read.then(|| self.best(state, at, case, thing)).flatten()
            }
            Sort::Pronoun(Pronoun::Relative, _) => self.relative(state, at),
            Sort::Pronoun(Pronoun::Speaker | Pronoun::Speakers | Pronoun::Addressee, _) => None,
        }
    }

    /// A new entity for a name, or that of the noun it explains: "The head of Acme, Ann Lee,".
    fn named(&self, state: &mut Understood, at: usize, group: usize) -> usize {
        let own = &self.groups[group];
        let explained = links::explained_by(self, at).and_then(|noun| state.meant(noun));
        let explained = explained
            .map(|meaning| meaning.entity)
            .filter(|entity| state.entities.get(*entity).group.is_none());
        let entity = explained.unwrap_or_else(|| state.entities.add(None));
        let known = state.entities.get_mut(entity);
        known.group = Some(group);
        known.gender = own
            .known_gender()
            .map(|(gender, _)| gender)
            .or(known.gender);
        known.person += own.person_score();
        known.plural |= own.is_plural();
        let titles = own.titles.iter();
        let titles = titles.flat_map(|title| title.slice(self.layout.text).split_whitespace());
        for word in own.display_name.split(' ').chain(titles) {
            state.entities.add_noun(word, entity);
        }
        state.entity_of_group[group] = Some(entity);
        entity
    }

    /// Joins the noun that a name explains, "her father, Johann,", to who is known by that name.
    fn explain(&self, state: &mut Understood, at: usize, entity: usize) {
        let noun = links::explained_by(self, at).and_then(|noun| state.meant(noun));
        let noun = noun
            .map(|meaning| meaning.entity)
            .filter(|noun| state.entities.get(*noun).group.is_none());
        let Some(noun) = noun else {
            return;
        };
        state.entities.join(noun, entity);
    }

    fn nominal(&self, state: &mut Understood, at: usize) -> Meaning {
        let Found {
            span, head, sort, ..
        } = self.found[at];
        let noun = if let Sort::Noun(noun) = sort {
            noun
        } else {
            None
        };
        let (entity, confidence) = if let Some(entity) = links::described(self, state, at) {
            (entity, OF_APPOSITION)
        } else if let Some(entity) = links::same_noun(self, state, at) {
            (entity, OF_NOUN)
        } else {
            (state.entities.add(noun), OF_NOUN)
        };
        state
            .entities
            .add_noun(head.slice(self.layout.text), entity);
        let known = state.entities.get_mut(entity);
        known.gender = known.gender.or(noun.and_then(|noun| noun.gender));
        let longer = known.phrase.is_none_or(|phrase| phrase.len() < span.len());
        if longer && span.len() <= MAX_NAME_BYTES {
            known.phrase = Some(span);
        }
        Meaning { entity, confidence }
    }

    fn single(
        &self,
        state: &mut Understood,
        at: usize,
        gender: Gender,
        case: Case,
    ) -> Option<Meaning> {
        let meaning = self.best(state, at, case, |entity| single(entity, gender))?;
        let known = state.entities.get_mut(meaning.entity);
        known.gender = known.gender.or(Some(gender));
        known.person += 1;
        Some(meaning)
    }

    /// The mention right before "who", or, where that is a body, the person before it: "an aide at Acme, who".
    fn relative(&self, state: &Understood, at: usize) -> Option<Meaning> {
        let is_who = self.found[at]
            .head
            .slice(self.layout.text)
            .eq_ignore_ascii_case("who");
        let near = (at.saturating_sub(MAX_STEPS)..at).rev();
        let fitting = near.filter_map(|before| Some((before, state.meant(before)?)));
        let fits = |meaning: &Meaning| !is_who || state.entities.get(meaning.entity).person >= 0;
        let (before, meaning) = fitting.into_iter().find(|(_, meaning)| fits(meaning))?;
        let gap = self
            .layout
            .text
            .get(self.found[before].head.end..self.found[at].head.start)?;
        let adjacent = gap.len() <= MAX_GAP
            && gap.matches(',').count() <= 1
            && !gap.contains(['.', ';', '“', '"']);
        adjacent.then_some(Meaning {
            confidence: OF_APPOSITION,
            ..meaning
        })
    }

    /// The candidate that stands out most, with its share of what all stand out as its confidence. `fit` says how well
    /// an entity suits the pronoun, from 0, not at all, to 1.
    fn best(
        &self,
        state: &mut Understood,
        at: usize,
        case: Case,
        fit: impl Fn(&Entity) -> f32,
    ) -> Option<Meaning> {
        let sentence = self.found[at].sentence;
        let subject = (case == Case::Object)
            .then(|| self.first_in_sentence(state, at))
            .flatten();
        let speaker = self.speaker_around(state, at);
        let score = |entity: usize| {
            let mut score =
                fit(state.entities.get(entity)) * state.entities.get(entity).salience(sentence);
            // "Lee saw him": seldom Lee. “He left,” said Lee: seldom Lee either.
            if subject == Some(entity) {
                score *= 0.2;
            }
            if speaker == Some(entity) {
                score *= 0.1;
            }
            Meaning {
                entity,
                confidence: score,
            }
        };
        let mut ranked: Vec<Meaning> = state
            .entities
            .present(sentence)
            .into_iter()
            .map(score)
            .collect();
        ranked.retain(|candidate| candidate.confidence >= LEAST_SALIENCE);
        let total: f32 = ranked.iter().map(|candidate| candidate.confidence).sum();
        ranked.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        ranked.truncate(MAX_CANDIDATES);
        for candidate in &mut ranked {
            candidate.confidence *= 0.9 / total;
        }
        let best = ranked
            .first()
            .copied()
            .filter(|best| best.confidence >= LEAST_SHARE);
        state.candidates[at] = ranked;
        best
    }

    /// The first mention of the sentence, which is seldom its own object.
    fn first_in_sentence(&self, state: &Understood, at: usize) -> Option<usize> {
        let begin = self.layout.sentences[self.found[at].sentence].span.start;
        let first = self.found.partition_point(|found| found.head.start < begin);
        (first < at)
            .then(|| state.meant(first))
            .flatten()
            .map(|meaning| meaning.entity)
    }

    fn note(&self, state: &mut Understood, at: usize) {
        let Some(meaning) = state.meant(at) else {
            return;
        };
        let here = self.found[at];
        let first = at == 0 || self.found[at - 1].sentence != here.sentence;
        let weight = match (self.is_source[at], first) {
            (true, _) => 1.5,
            (false, true) => 1.2,
            (false, false) => 0.6,
        };
        let quoted = if self.is_quoted(&here) { 0.4 } else { 1.0 };
        state
            .entities
            .mention(meaning.entity, here.sentence, weight * quoted);
    }
}
