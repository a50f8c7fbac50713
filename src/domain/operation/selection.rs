use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::ArticleState;

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
