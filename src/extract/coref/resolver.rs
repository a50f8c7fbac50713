//! Reads the mentions of a text from its beginning to its end and decides who each refers to.

use crate::domain::{Gender, GenderBasis, MAX_NAME_BYTES};

use crate::extract::lexicon::lists::Noun;
use crate::extract::names::word_before;

use super::antecedents::fitness::{may_be, several, single, thing};
use super::entities::{Entities, Entity};
use super::interview::Interview;
use super::links;
use super::mentions::found::{Found, Sort};
use super::mentions::pronouns::{Case, Pronoun};
use super::reader::Reader;
use super::understood::{LEAST_SHARE, MAX_CANDIDATES, Meaning, OF_NAME, Understood};

/// The confidence in an antecedent that had no competitor.
const OF_APPOSITION: f32 = 0.9;
const OF_NOUN: f32 = 0.8;
const OF_SPEAKER: f32 = 0.85;
/// A pronoun whose best candidate is less salient than this stays open.
const LEAST_SALIENCE: f32 = 0.05;
/// How far "who" may be from its antecedent: in mentions and in bytes.
const MAX_STEPS: usize = 3;
const MAX_GAP: usize = 60;
/// A pronoun resolved with less confidence than this is no evidence of gender.
const LEAST_EVIDENCE: f32 = 0.5;

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

    /// Leaves open who a surname refers to if several people bear it.
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
    pub fn named(&self, state: &mut Understood, at: usize, group: usize) -> usize {
        let own = &self.groups[group];
        let explained = links::explained_by(self, at).and_then(|noun| state.meant(noun));
        let explained = explained
            .map(|meaning| meaning.entity)
            .filter(|entity| state.entities.get(*entity).group.is_none());
        let entity = explained.unwrap_or_else(|| state.entities.add(None));
        let known = state.entities.get_mut(entity);
        known.group = Some(group);
        if let Some((gender, basis)) = own.known_gender() {
            let guessed = basis == GenderBasis::Forename;
            if !guessed || known.gender.is_none() {
                known.gender = Some(gender);
                known.is_guessed = guessed;
            }
        }
        known.person += own.person_score();
        known.plural |= own.is_plural();
        known.place = own.is_read_as_place();
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
        let Meaning { entity, confidence } = self.described(state, at, noun);
        state
            .entities
            .add_noun(head.slice(self.layout.text), entity);
        let known = state.entities.get_mut(entity);
        known.gender = known.gender.or(noun.and_then(|noun| noun.gender));
        let longer = known.phrase.is_none_or(|phrase| phrase.len() < span.len());
        if longer && span.len() <= MAX_NAME_BYTES {
            (known.phrase, known.head) = (Some(span), Some(head));
        }
        known.head = known.head.or(Some(head));
        Meaning { entity, confidence }
    }

    /// Who a noun describes: one in apposition, one for whom it has stood, or one who is likely meant; else somebody
    /// new.
    fn described(&self, state: &mut Understood, at: usize, noun: Option<Noun>) -> Meaning {
        let of_noun = |entity: usize| Meaning {
            entity,
            confidence: OF_NOUN,
        };
        if let Some(entity) = links::described(self, state, at) {
            return Meaning {
                entity,
                confidence: OF_APPOSITION,
            };
        }
        let same = links::same_noun(self, state, at);
        if let Some(entity) = same.filter(|own| state.entities.get(*own).group.is_some()) {
            return of_noun(entity);
        }
        noun.and_then(|noun| self.ranked_noun(state, at, noun))
            .or_else(|| same.map(of_noun))
            .unwrap_or_else(|| of_noun(state.entities.add(noun)))
    }

    fn single(
        &self,
        state: &mut Understood,
        at: usize,
        gender: Gender,
        case: Case,
    ) -> Option<Meaning> {
        let fit = if self.ranking.is_some() {
            may_be
        } else {
            single
        };
        let meaning = self.best(state, at, case, |entity| fit(entity, gender))?;
        let known = state.entities.get_mut(meaning.entity);
        if self.ranking.is_none() || meaning.confidence >= LEAST_EVIDENCE {
            known.note_pronoun(gender);
        }
        known.person += 1;
        Some(meaning)
    }

    /// The mention right before "who", or, where that is an organization, the person before it: "an aide at Acme, who".
    fn relative(&self, state: &Understood, at: usize) -> Option<Meaning> {
        let is_who = self.found[at]
            .head
            .slice(self.layout.text)
            .to_lowercase()
            .starts_with("who");
        let near = (at.saturating_sub(MAX_STEPS)..at).rev();
        let fitting = near.filter_map(|before| Some((before, state.meant(before)?)));
        let fits = |before: usize, meaning: &Meaning| {
            let person = state.entities.get(meaning.entity).person;
            !is_who || person > 0 || (person == 0 && !self.is_behind_at(before))
        };
        let (before, meaning) = fitting
            .into_iter()
            .find(|(before, meaning)| fits(*before, meaning))?;
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

    /// True for "Acme" in "an aide at Acme".
    fn is_behind_at(&self, mention: usize) -> bool {
        let Found { span, sentence, .. } = self.found[mention];
        word_before(self.layout, sentence, span.start) == "at"
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
        if let Some(ranking) = &self.ranking {
            return self.ranked(state, at, &ranking.weigh(at), fit);
        }
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
