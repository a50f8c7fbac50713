//! From the model's scores to probabilities that mean what they say: logistic functions fitted on the development part
//! (Platt 1999).

use serde::Deserialize;

use crate::domain::PartConfidence;
use crate::extract::model::network::weights::{Entries, ModelError};

/// Log odds beyond this say no more: a probability of 1 is never given.
const LIMIT: f32 = 12.0;

/// The log odds that each part of an attribution is exactly as read, as they come out of the model.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct RawOdds {
    /// Of the source, or of there being none.
    pub source: f32,
    /// Of the cue.
    pub cue: f32,
    /// Of the content.
    pub content: f32,
}

impl RawOdds {
    /// Of what no score was computed for because the layout says it outright: 19 to 1.
    pub const AS_PRINTED: Self = Self {
        source: 2.94,
        cue: 2.94,
        content: 2.94,
    };
    /// Of what only the position of a quotation indicates: 3 to 1.
    pub const BY_PLACE: Self = Self {
        source: 1.1,
        cue: 1.1,
        content: 2.94,
    };
}

/// How raw log odds become probabilities.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::extract::model) struct Calibration {
    source: Line,
    cue: Line,
    content: Line,
    claim: Plane,
}

/// A logistic function of one number.
#[derive(Debug, Clone, Deserialize)]
struct Line {
    factor: f32,
    offset: f32,
}

/// A logistic function of the odds of all parts.
#[derive(Debug, Clone, Deserialize)]
struct Plane {
    source: f32,
    cue: f32,
    content: f32,
    offset: f32,
}

/// Calibrated probabilities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::extract::model) struct Probabilities {
    /// That source and content are right, give or take words at their ends.
    pub claim: f32,
    /// That each part is right to the last word.
    pub parts: PartConfidence,
}

impl Calibration {
    pub(in crate::extract::model) fn new(entries: &Entries<'_>) -> Result<Self, ModelError> {
        let text = entries.text("calibration")?;
        serde_json::from_str(text).map_err(|_| ModelError::Entry("calibration".to_owned()))
    }

    pub(in crate::extract::model) fn apply(&self, odds: RawOdds) -> Probabilities {
        let claim = &self.claim;
        Probabilities {
            claim: logistic(
                claim.source * odds.source
                    + claim.cue * odds.cue
                    + claim.content * odds.content
                    + claim.offset,
            ),
            parts: PartConfidence {
                source: self.source.apply(odds.source),
                cue: self.cue.apply(odds.cue),
                content: self.content.apply(odds.content),
            },
        }
    }
}

impl Line {
    fn apply(&self, odds: f32) -> f32 {
        logistic(self.factor * odds + self.offset)
    }
}

pub(super) fn logistic(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// The log odds of a probability given by its logarithm.
pub(in crate::extract::model) fn log_odds(log_probability: f32) -> f32 {
    let p = log_probability.min(0.0).exp();
    let odds = log_probability - (1.0 - p).max(f32::MIN_POSITIVE).ln();
    odds.clamp(-LIMIT, LIMIT)
}

#[cfg(test)]
mod tests {
    use super::{log_odds, logistic};

    #[test]
    fn odds_and_probabilities_belong_together() {
        for p in [0.001_f32, 0.3, 0.5, 0.9, 0.999] {
            assert!((logistic(log_odds(p.ln())) - p).abs() < 1e-5);
        }
        assert!(logistic(log_odds(0.0)) < 1.0);
        assert!(logistic(log_odds(-1000.0)) > 0.0);
    }
}
