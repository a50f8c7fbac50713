use chrono::{DateTime, Utc};

use super::{ClaimId, PropositionId};

/// What several claims say, in whatever words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposition {
    /// Its id.
    pub id: PropositionId,
    /// The claim that appeared first.
    pub first: ClaimId,
    /// The claim that appeared last.
    pub last: ClaimId,
    /// When the first claim's article was published, or stored where that is not known.
    pub first_time: DateTime<Utc>,
    /// The same of the last claim.
    pub last_time: DateTime<Utc>,
    /// How many claims say it.
    pub claims: i64,
    /// In how many articles, where all that copy one another count once.
    pub articles: i64,
    /// How many actors are on record with it.
    pub actors: i64,
    /// How many publishers' articles report it.
    pub publishers: i64,
}
