use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use strum::{Display, EnumString, VariantArray};

use super::{ClaimId, ReviewState};

/// What a person does with a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ReviewAction {
    /// Agrees with it.
    Confirm,
    /// Finds it wrong.
    Reject,
    /// Changes fields.
    Edit,
    /// Takes back what people said, so that the engine stands behind it alone.
    Withdraw,
}

impl ReviewAction {
    /// The claim's state after it.
    #[must_use]
    pub const fn state(self) -> ReviewState {
        match self {
            Self::Confirm => ReviewState::Confirmed,
            Self::Reject => ReviewState::Rejected,
            Self::Edit => ReviewState::Edited,
            Self::Withdraw => ReviewState::Machine,
        }
    }
}

/// A field of a claim that a person may change. Its spelling is its path in the schema's `Claim`.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Display,
    EnumString,
    VariantArray,
    serde::Serialize,
    serde::Deserialize,
)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ClaimField {
    /// Who is on record.
    Actor,
    /// What kind of act it is.
    Kind,
    /// How sure the one on record is.
    Certainty,
    /// That it is so, or that it is not.
    Polarity,
    /// The reporter's view.
    ReporterStance,
    /// What sort of source it is.
    #[strum(serialize = "source.source_class")]
    #[serde(rename = "source.source_class")]
    SourceClass,
    /// How much of the content is quoted.
    QuoteType,
}

/// Values of some fields as they are stored, `None` where a field is empty.
pub type FieldValues = BTreeMap<ClaimField, Option<String>>;

/// What a person thought of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimReview {
    /// Grows with time among the reviews of a claim.
    pub id: i64,
    /// The claim.
    pub claim: ClaimId,
    /// What the person did.
    pub action: ReviewAction,
    /// The claim's state from then on.
    pub state: ReviewState,
    /// The fields that were set, as they were before.
    pub before: FieldValues,
    /// The same fields, as they became.
    pub after: FieldValues,
    /// Who asked for it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why. May be empty.
    pub reason: String,
    /// When it was noted.
    pub create_time: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::ClaimField;

    /// Stored reviews and the schema name fields alike.
    #[test]
    fn a_field_is_stored_under_its_path() {
        for field in ClaimField::VARIANTS {
            let path = field.to_string();
            assert_eq!(path.parse(), Ok(*field));
            assert_eq!(serde_json::to_string(field).unwrap(), format!("{path:?}"));
        }
    }
}
