use chrono::{DateTime, Utc};
use strum::{Display, EnumString};

use super::Span;

/// How precise a time expression is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Display,
    EnumString,
    serde::Serialize,
    serde::Deserialize,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TimeGranularity {
    /// "at 14:05:09".
    Second,
    /// "at 2.05 pm".
    Minute,
    /// "around noon".
    Hour,
    /// "on Monday morning".
    DayPart,
    /// "on Monday".
    Day,
    /// A week or weekend: "last week".
    Week,
    /// "in May".
    Month,
    /// "in the third quarter".
    Quarter,
    /// A season or half of a year: "last summer".
    Season,
    /// "in 2019".
    Year,
    /// "in the nineties".
    Decade,
    /// "in the 18th century".
    Century,
}

/// What a time expression counts from.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Display,
    EnumString,
    serde::Serialize,
    serde::Deserialize,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TimeAnchor {
    /// The time the article was published: "on Monday".
    Publish,
    /// The day the words were spoken, where that is known and is another than that of publication: "yesterday" inside a
    /// quotation that someone gave "on Monday".
    Utterance,
    /// The text alone: a full date, or a time named before.
    Text,
}

/// A time that words may mean.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TimeReading {
    /// The value in the notation of TIMEX3 (ISO 24617-1): "2024-05-06", "2024-W19", "P3D". "Since May", "until May"
    /// and "early May" have the value of May; `start` and `end` tell them apart. Empty where it cannot be told.
    pub timex: String,
    /// The first moment meant; `None` where it is open or not known.
    pub start: Option<DateTime<Utc>>,
    /// The first moment no longer meant; `None` where it is open or not known.
    pub end: Option<DateTime<Utc>>,
    /// 0..=1: how likely it is meant; 0 where neither `start` nor `end` is known.
    pub confidence: f32,
}

/// Words that name a time, and the time they mean.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TimeExpression {
    /// Where the words stand: "on Monday" or "Monday".
    pub span: Span,
    /// What they most likely mean.
    pub reading: TimeReading,
    /// How precise they are, where that can be told.
    pub granularity: Option<TimeGranularity>,
    /// What they count from; `None` where neither end of the reading is known.
    pub anchor: Option<TimeAnchor>,
    /// What else they may mean, best first.
    pub candidates: Vec<TimeReading>,
}

/// A time expression together with its words: what is stored, so that a claim can be shown without its article.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct NamedTime {
    /// The words, exactly.
    pub text: String,
    /// What they mean.
    #[serde(flatten)]
    pub time: TimeExpression,
}

impl NamedTime {
    /// The time expression of `text` with its words.
    ///
    /// # Panics
    /// If its span does not lie on character boundaries of `text`.
    #[must_use]
    pub fn of(text: &str, time: &TimeExpression) -> Self {
        Self {
            text: time.span.slice(text).to_owned(),
            time: time.clone(),
        }
    }
}
