//! What was understood of a text: its entities, and who each mention refers to.

use crate::domain::Span;

use super::entities::Entities;

/// How likely a name means who it is taken for.
pub(super) const OF_NAME: f32 = 0.98;
/// A pronoun stays open if the share of its best candidate is smaller than this.
pub(super) const LEAST_SHARE: f32 = 0.3;
/// How many candidates of a pronoun are returned.
pub(super) const MAX_CANDIDATES: usize = 5;

/// Who a mention refers to and how likely that is.
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

    /// Who a mention refers to.
    pub fn meant(&self, at: usize) -> Option<Meaning> {
        let meaning = self.meanings[at]?;
        let entity = self.entities.resolve(meaning.entity);
        Some(Meaning { entity, ..meaning })
    }

    /// Who a mention may mean, best first, each once.
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
