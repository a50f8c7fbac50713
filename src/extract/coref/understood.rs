//! What was understood of a text: its entities, and whom each mention means.

use crate::domain::Span;

use super::entities::Entities;

/// How likely a name means whom it is taken for.
pub(super) const OF_NAME: f32 = 0.98;
/// A pronoun whose best candidate has a smaller share than this of what speaks for all stays open.
pub(super) const LEAST_SHARE: f32 = 0.3;
/// How many candidates of a pronoun are told.
pub(super) const MAX_CANDIDATES: usize = 5;

/// Whom a mention means and how likely that is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Meaning {
    pub entity: usize,
    pub confidence: f32,
}

/// What was understood.
#[derive(Debug)]
pub(super) struct Understood {
    pub entities: Entities,
    /// For each mention whom it was taken for when it was read.
    pub meanings: Vec<Option<Meaning>>,
    /// For each mention that is a pronoun those it may mean, best first.
    pub candidates: Vec<Vec<Meaning>>,
    /// For each group of names its entity.
    pub entity_of_group: Vec<Option<usize>>,
    pub together: Option<Together>,
}

/// Two people who are named together and answer as one: "Ann Lee and Bo Dam of Acme".
#[derive(Debug, Clone, Copy)]
pub(super) struct Together {
    pub entity: usize,
    /// All of the words.
    pub span: Span,
    /// The words from the first name to the second.
    pub names: Span,
}

impl Understood {
    /// A new entity for two people who are named together.
    pub fn together(&mut self, span: Span, names: Span) -> usize {
        let entity = self.entities.add(None);
        self.entities.get_mut(entity).plural = true;
        self.together = Some(Together {
            entity,
            span,
            names,
        });
        entity
    }

    /// Whom a mention means.
    pub fn meant(&self, at: usize) -> Option<Meaning> {
        let meaning = self.meanings[at]?;
        let entity = self.entities.resolve(meaning.entity);
        Some(Meaning { entity, ..meaning })
    }

    /// Whom a mention may mean, best first, each once.
    pub fn candidates(&self, at: usize) -> Vec<Meaning> {
        let mut all: Vec<Meaning> = Vec::new();
        for candidate in &self.candidates[at] {
            let entity = self.entities.resolve(candidate.entity);
            match all.iter_mut().find(|known| known.entity == entity) {
                Some(known) => known.confidence += candidate.confidence,
                None => all.push(Meaning {
                    entity,
                    ..*candidate
                }),
            }
        }
        all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        all
    }
}
