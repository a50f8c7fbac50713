//! What is compared: words, and the day from which they count.

use chrono::DateTime;
use chrono_tz::Tz;

/// What somebody said.
#[derive(Debug, Clone)]
pub struct Said {
    /// The words.
    pub text: String,
    /// When they were published in their local time, from which "on Monday" counts.
    pub published: Option<DateTime<Tz>>,
}

impl Said {
    /// Words of which nobody knows when they were published.
    #[must_use]
    pub fn undated(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            published: None,
        }
    }
}
