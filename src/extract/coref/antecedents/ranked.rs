//! The entity that a pronoun most likely means, by the learnt ranker.

use crate::extract::lexicon::lists::{Class, Noun};

use super::fitness::{may_be, person};
use super::ranking::Weighed;
use crate::extract::coref::entities::Entity;
use crate::extract::coref::mentions::found::Sort;
use crate::extract::coref::reader::Reader;
use crate::extract::coref::understood::{LEAST_SHARE, MAX_CANDIDATES, Meaning, Understood};

/// A candidate less likely than this is not told, and a name ahead less likely than that is not looked at.
const LEAST_LIKELY: f32 = 0.02;
const LEAST_LIKELY_AHEAD: f32 = 0.2;
/// If no candidate for a noun is more likely than this, the noun introduces somebody new.
const LEAST_OF_NOUN: f32 = 0.5;

impl Reader<'_> {
    /// Who a description of one person refers to: "the Ohio governor", "the lawyer". Only where it is likely.
    pub fn ranked_noun(&self, state: &mut Understood, at: usize, noun: Noun) -> Option<Meaning> {
        let ranking = self.ranking.as_ref()?;
        let one = noun.class == Class::Person && !noun.plural;
        if !one || !is_definite(self.found[at].span.slice(self.layout.text)) {
            return None;
        }
        let fit = |entity: &Entity| match noun.gender {
            Some(gender) => may_be(entity, gender),
            None => person(entity),
        };
        let best = self.ranked(state, at, &ranking.weigh(at), fit);
        state.candidates[at].clear();
        best.filter(|best| best.confidence >= LEAST_OF_NOUN)
    }

    /// The most likely of the candidates that `fit` does not rule out, with the probabilities of all their mentions.
    pub fn ranked(
        &self,
        state: &mut Understood,
        at: usize,
        weighed: &Weighed,
        fit: impl Fn(&Entity) -> f32,
    ) -> Option<Meaning> {
        let mut ranked: Vec<Meaning> = Vec::new();
        for (mention, likely) in &weighed.mentions {
            let Some(entity) = self.entity_at(state, *mention, *likely) else {
                continue;
            };
            if fit(state.entities.get(entity)) <= 0.0 {
                continue;
            }
            match ranked.iter_mut().find(|known| known.entity == entity) {
                Some(known) => known.confidence += likely,
                None => ranked.push(Meaning {
                    entity,
                    confidence: *likely,
                }),
            }
        }
        let total: f32 = ranked.iter().map(|own| own.confidence).sum();
        for candidate in &mut ranked {
            candidate.confidence = calibrated(candidate.confidence / (total + weighed.nobody));
        }
        ranked.retain(|candidate| candidate.confidence >= LEAST_LIKELY);
        ranked.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        ranked.truncate(MAX_CANDIDATES);
        let nobody = calibrated(weighed.nobody / (total + weighed.nobody));
        let best = ranked.first().copied();
        state.candidates[at] = ranked;
        best.filter(|best| best.confidence > nobody && best.confidence >= LEAST_SHARE)
    }

    /// The entity of a mention; of a name ahead that is likely meant, its entity to be.
    fn entity_at(&self, state: &mut Understood, mention: usize, likely: f32) -> Option<usize> {
        if let Some(meaning) = state.meant(mention) {
            return Some(meaning.entity);
        }
        let Sort::Name(name) = self.found[mention].sort else {
            return None;
        };
        let group = self.group_of[name];
        match state.entity_of_group[group] {
            None if likely >= LEAST_LIKELY_AHEAD => Some(self.named(state, mention, group)),
            known => known.map(|entity| state.entities.resolve(entity)),
        }
    }
}

/// Calibrates a probability: the ranker is overconfident (Guo et al. 2017). The divisor of the log odds was
/// fitted on the development part of GAP.
fn calibrated(likely: f32) -> f32 {
    const SOFTER: f32 = 1.8;
    if likely >= 1.0 {
        return 1.0;
    }
    let odds = (likely / (1.0 - likely)).powf(1.0 / SOFTER);
    odds / (1.0 + odds)
}

/// True for "the mayor" and "this mayor".
fn is_definite(phrase: &str) -> bool {
    let determiner = phrase.split_whitespace().next().unwrap_or_default();
    ["the", "this", "that"]
        .iter()
        .any(|own| determiner.eq_ignore_ascii_case(own))
}

#[cfg(test)]
mod tests {
    use super::calibrated;
    use crate::domain::Document;
    use crate::extract::{Options, extract};

    /// Who is on record with the last claim of a text, as the model reads it.
    fn last_speaker(text: &str) -> String {
        let document = Document {
            text: text.to_owned(),
            ..Document::default()
        };
        let read = extract(&document, &Options::default());
        let actor = read.claims.last().and_then(|claim| claim.actor);
        actor.map_or_else(String::new, |actor| read.actors[actor].display_name.clone())
    }

    #[test]
    fn the_next_pronoun_is_the_last_speaker_whatever_the_name() {
        for name in [
            "Kwame Boateng",
            "Zoltan Pereszlenyi",
            "Ben Rathaur",
            "Nguyen Van Minh",
        ] {
            let text = format!(
                "Tom Reid said the delay was due to rain. He blamed the weather.\n\n{name} said the project had become a \
                 farce. \"Let them publish the white paper,\" he added."
            );
            assert_eq!(last_speaker(&text), name);
        }
    }

    #[test]
    fn what_stands_behind_in_is_no_company() {
        let text = "In Wellington, Aroha Te Kanawa, whose company builds sleeping cars, said orders had doubled. The \
                    company said it would open a second plant.";
        assert_ne!(last_speaker(text), "Wellington");
    }

    #[test]
    fn what_is_calibrated_is_nearer_to_even_odds_and_in_the_same_order() {
        let all = [0.0, 0.1, 0.5, 0.9, 0.99, 1.0].map(calibrated);
        assert!(all.is_sorted() && (all[2] - 0.5).abs() < 1e-6, "{all:?}");
        assert!(all[1] > 0.1 && all[3] < 0.9 && all[5] <= 1.0, "{all:?}");
    }
}
