//! Places in lists of claims.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::ClaimId;
use crate::store::db::ClaimCursor;

/// The order of a list of claims.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClaimOrder {
    /// Newest article first, within an article in text order.
    #[default]
    PublishTime,
    /// Last spoken first; where that is not known, the article's time counts.
    UtteranceTime,
    /// Most confident first.
    Confidence,
    /// Most worth checking first; what was not judged last.
    CheckWorthiness,
}

/// A place in a list of claims, in one of its orders.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum ClaimPlace {
    /// Among articles and their claims.
    PublishTime(ClaimCursor),
    /// Among times of utterance.
    UtteranceTime(DateTime<Utc>, ClaimId),
    /// Among confidences.
    Confidence(f32, ClaimId),
    /// Among how much claims are worth checking.
    CheckWorthiness(f32, ClaimId),
}

impl ClaimPlace {
    /// The order in which this is a place.
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

    /// Of a place among numbers: confidences, or how much claims are worth checking.
    pub(super) const fn number(self) -> Option<(f32, ClaimId)> {
        match self {
            Self::Confidence(number, id) | Self::CheckWorthiness(number, id) => Some((number, id)),
            _ => None,
        }
    }
}

/// A place among the claims of a proposition, the earliest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppearancePlace {
    /// The time of the claim's article.
    pub time: DateTime<Utc>,
    /// Tells claims of one time apart.
    pub claim: ClaimId,
}
