use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A fact check as it was published. Its URI and the claim that it reviewed identify it.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedCheck {
    /// Where it was published.
    pub uri: String,
    /// The claim that was checked, in the words of the fact check.
    pub claim_reviewed: String,
    /// Who checked it.
    pub publisher: Option<String>,
    /// When it was published.
    pub publish_time: Option<DateTime<Utc>>,
    /// Who made the claim, in the words of the fact check.
    pub claimant: Option<String>,
    /// When the claim was made.
    pub claim_time: Option<DateTime<Utc>>,
    /// Where the claim appeared.
    pub appearance_uris: Vec<String>,
    /// What was found.
    pub rating: Option<FactCheckRating>,
    /// The language of the fact check.
    pub language_code: Option<String>,
}

/// What a fact check found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FactCheckRating {
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// As a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The number that is best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<f64>,
    /// The number that is worst.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<f64>,
}
