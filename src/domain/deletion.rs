use chrono::{DateTime, Utc};

/// What stays of something that was deleted for good: who had it deleted, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// How many claims went with it.
    pub claim_count: i64,
    /// Who requested it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why.
    pub reason: String,
    /// When.
    pub time: DateTime<Utc>,
}
