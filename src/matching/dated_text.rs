//! A text to compare: its words, and the date on which they were published.

use chrono::DateTime;
use chrono_tz::Tz;

/// A text with its date.
#[derive(Debug, Clone)]
pub struct DatedText {
    /// The words.
    pub text: String,
    /// When the words were published, in local time; the reference for expressions such as "on Monday".
    pub published: Option<DateTime<Tz>>,
}

impl DatedText {
    /// Words whose time of publication is unknown.
    #[must_use]
    pub fn undated(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            published: None,
        }
    }
}
