use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// What a caller hands in to be read: a text and what is known about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The text, as received. Spans are byte ranges of it; it is never normalised.
    pub text: String,
    /// The headline. It may also stand as the text's first line.
    pub title: Option<String>,
    /// Where the article was published, as the caller writes it.
    pub uri: Option<String>,
    /// The outlet's name.
    pub publisher: Option<String>,
    /// Bylined authors, in order.
    pub authors: Vec<String>,
    /// BCP 47 language tag. The engines read English.
    pub language_code: Option<String>,
    /// When it was published: what "Monday" counts from.
    pub publish_time: Option<DateTime<Utc>>,
    /// The zone in which the article says "Monday".
    pub time_zone: Option<Tz>,
    /// The caller's own id of the article.
    pub external_id: Option<String>,
}

impl Document {
    /// What is known about the text, without the text.
    #[must_use]
    pub fn without_text(&self) -> Self {
        Self {
            text: String::new(),
            title: self.title.clone(),
            uri: self.uri.clone(),
            publisher: self.publisher.clone(),
            authors: self.authors.clone(),
            language_code: self.language_code.clone(),
            publish_time: self.publish_time,
            time_zone: self.time_zone,
            external_id: self.external_id.clone(),
        }
    }
}
