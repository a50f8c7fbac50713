use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::published::{FactCheckRating, PublishedCheck};
use crate::domain::{ClaimId, FactCheckId};

/// A claim that says what a fact check checked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FactCheckMatch {
    /// The claim.
    pub claim: ClaimId,
    /// How sure it is that it says the same, from 0 to 1.
    pub confidence: f32,
    /// Whether its actor has the claimant's name.
    pub by_claimant: bool,
}

/// What a claim tells of a fact check.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ClaimFactCheck {
    /// The fact check.
    pub id: FactCheckId,
    /// Where it was published.
    pub uri: String,
    /// The claim that was checked, in the words of the fact check.
    pub claim_reviewed: String,
    /// Who checked it.
    pub publisher: Option<String>,
    /// When it was published.
    pub publish_time: Option<DateTime<Utc>>,
    /// What was found.
    pub rating: Option<FactCheckRating>,
    /// The language of the fact check.
    pub language_code: Option<String>,
    /// How sure it is that the claim says what was checked, from 0 to 1.
    pub confidence: f32,
    /// Whether the claim's actor has the claimant's name.
    pub by_claimant: bool,
}

impl ClaimFactCheck {
    /// The number of bytes of text in it.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let rating = self.rating.as_ref().map(|rating| &rating.text);
        let texts = [self.publisher.as_ref(), rating].into_iter().flatten();
        let texts = texts.chain([&self.uri, &self.claim_reviewed]);
        texts.map(String::len).sum()
    }
}

/// A stored fact check.
#[derive(Debug, Clone, PartialEq)]
pub struct FactCheck {
    /// Its id.
    pub id: FactCheckId,
    /// What was published.
    pub published: PublishedCheck,
    /// The claims that say what was checked, most confident first.
    pub matches: Vec<FactCheckMatch>,
    /// When it was first stored.
    pub create_time: DateTime<Utc>,
    /// When it was last changed.
    pub update_time: DateTime<Utc>,
}

/// What an import did to a fact check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FactCheckChange {
    /// It was not known before.
    Created,
    /// It was known with other values.
    Updated,
    /// It was known just like this.
    Unchanged,
}
