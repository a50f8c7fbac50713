use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

use crate::domain::ArticleId;

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
