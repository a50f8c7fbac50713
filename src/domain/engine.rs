use std::time::Duration;

use chrono::{DateTime, Utc};

/// An engine and its version: enough to tell whether an article should be read again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EngineId {
    /// "model" or "rules".
    pub name: String,
    /// Changes whenever the same text may give another result.
    pub version: String,
}

/// Which engine read an article, when, and how long it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtractionRun {
    /// The engine and its version.
    pub engine: EngineId,
    /// When the reading ended.
    pub time: DateTime<Utc>,
    /// How long the reading took.
    pub duration: Duration,
}
