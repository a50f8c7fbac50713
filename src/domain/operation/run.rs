use chrono::{DateTime, Utc};
use strum::{Display, EnumString};

use super::failure::ArticleFailure;
use super::selection::ArticleSelection;
use crate::domain::{ArticleId, EngineId, OperationId};

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
