use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

use super::{ArticleId, ArticleState, EngineId, OperationId};

/// Which articles an operation reads again: those that meet every condition given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleSelection {
    /// Of any of these publishers; of any at all if empty.
    pub publishers: Vec<String>,
    /// In any of these languages; in any at all if empty.
    pub language_codes: Vec<String>,
    /// Published (or, where unknown, ingested) at or after.
    pub start_time: Option<DateTime<Utc>>,
    /// Published (or, where unknown, ingested) before.
    pub end_time: Option<DateTime<Utc>>,
    /// In this state.
    pub state: Option<ArticleState>,
    /// Not read yet by the operation's engine in the version that the server has.
    pub outdated_only: bool,
}

/// Whether an operation goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum OperationState {
    /// There is something left to do.
    Running,
    /// All is done.
    Succeeded,
    /// Somebody ended it.
    Cancelled,
}

/// Why an article could not be read again. No more than what callers may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FailureReason {
    /// A bug, or a stored value that cannot be read.
    Internal,
    /// The database took too long.
    DeadlineExceeded,
    /// Other writes kept getting in the way.
    WriteConflict,
}

/// An article that could not be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleFailure {
    /// The article.
    pub article: ArticleId,
    /// Why.
    pub reason: FailureReason,
}

/// What an operation has done so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReextractionCounts {
    /// Articles to read, as they were counted when the operation was started.
    pub total: i64,
    /// Articles that were read and stored.
    pub done: i64,
    /// Articles that could not be read.
    pub failed: i64,
    /// New claims.
    pub created: i64,
    /// Claims with another value.
    pub updated: i64,
    /// Claims that are gone.
    pub deleted: i64,
}

/// A long-running operation that reads articles again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its id.
    pub id: OperationId,
    /// Which articles it reads.
    pub selection: ArticleSelection,
    /// The engine that reads them.
    pub engine: EngineId,
    /// Who requested it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Whether it goes on.
    pub state: OperationState,
    /// How far it is.
    pub counts: ReextractionCounts,
    /// The first articles that could not be read.
    pub failures: Vec<ArticleFailure>,
    /// The article that was read last.
    pub last_article: Option<ArticleId>,
    /// When it was started.
    pub create_time: DateTime<Utc>,
    /// When it last went on.
    pub update_time: DateTime<Utc>,
    /// When it ended.
    pub end_time: Option<DateTime<Utc>>,
}
