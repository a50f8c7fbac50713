//! Positions in lists of claims.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::ClaimId;
use crate::store::db::ClaimCursor;

/// The order of a list of claims.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClaimOrder {
    /// Newest article first, in text order within an article.
    #[default]
    PublishTime,
    /// Most recent utterance first; if unknown, the article's time counts.
    UtteranceTime,
    /// Highest confidence first.
    Confidence,
    /// Highest check-worthiness first; unscored claims last.
    CheckWorthiness,
}

/// A position in a list of claims, in one of its orders.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum ClaimPosition {
    /// By article and order in the text.
    PublishTime(ClaimCursor),
    /// By utterance time.
    UtteranceTime(DateTime<Utc>, ClaimId),
    /// By confidence.
    Confidence(f32, ClaimId),
    /// By check-worthiness.
    CheckWorthiness(f32, ClaimId),
}

impl ClaimPosition {
    /// The order to which this position belongs.
    #[must_use]
    pub const fn order(&self) -> ClaimOrder {
        match self {
            Self::PublishTime(_) => ClaimOrder::PublishTime,
            Self::UtteranceTime(..) => ClaimOrder::UtteranceTime,
            Self::Confidence(..) => ClaimOrder::Confidence,
            Self::CheckWorthiness(..) => ClaimOrder::CheckWorthiness,
        }
    }

    pub(super) const fn cursor(self) -> Option<ClaimCursor> {
        match self {
            Self::PublishTime(cursor) => Some(cursor),
            _ => None,
        }
    }

    pub(super) const fn spoken(self) -> Option<(DateTime<Utc>, ClaimId)> {
        match self {
            Self::UtteranceTime(time, id) => Some((time, id)),
            _ => None,
        }
    }

    /// The value of a numeric position: confidence or check-worthiness.
    pub(super) const fn number(self) -> Option<(f32, ClaimId)> {
        match self {
            Self::Confidence(number, id) | Self::CheckWorthiness(number, id) => Some((number, id)),
            _ => None,
        }
    }
}

/// A position among the claims of a proposition, earliest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppearancePosition {
    /// The time of the claim's article.
    pub time: DateTime<Utc>,
    /// Breaks ties between claims with the same time.
    pub claim: ClaimId,
}
