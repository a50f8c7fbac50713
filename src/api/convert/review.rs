//! Encoding reviews of claims as messages.

use prost_types::FieldMask;

use super::time::timestamp;
use crate::api::wire::names::Named;
use crate::domain::{ActorId, ClaimField, ClaimReview, FieldValues};
use crate::proto;

/// Encodes a review.
#[must_use]
pub fn review(review: &ClaimReview) -> proto::ClaimReview {
    let paths: Vec<String> = review.after.keys().map(ToString::to_string).collect();
    let edited = !paths.is_empty();
    proto::ClaimReview {
        claim: review.claim.resource_name(),
        action: proto::ReviewAction::from(review.action).into(),
        review_state: proto::ReviewState::from(review.state).into(),
        changed_fields: edited.then_some(FieldMask { paths }),
        before: edited.then(|| partial(&review.before)),
        after: edited.then(|| partial(&review.after)),
        requested_by: review.requested_by.clone(),
        reason: review.reason.clone(),
        create_time: Some(timestamp(review.create_time)),
        caller: review.caller.clone(),
    }
}

/// A claim with only these fields set.
fn partial(values: &FieldValues) -> proto::Claim {
    let mut claim = proto::Claim::default();
    for (field, value) in values {
        let value = value.as_deref().unwrap_or_default();
        match field {
            ClaimField::Actor => {
                let actor = value.parse::<ActorId>().ok();
                claim.actor = actor.map(|id| id.resource_name()).unwrap_or_default();
            }
            ClaimField::Kind => {
                claim.kind = number("CLAIM_KIND_", value, proto::ClaimKind::from_str_name);
            }
            ClaimField::Certainty => {
                claim.certainty = number("CERTAINTY_", value, proto::Certainty::from_str_name);
            }
            ClaimField::Polarity => {
                claim.polarity = number("POLARITY_", value, proto::Polarity::from_str_name);
            }
            ClaimField::ReporterStance => {
                let read = proto::ReporterStance::from_str_name;
                claim.reporter_stance = number("REPORTER_STANCE_", value, read);
            }
            ClaimField::SourceClass => {
                let read = proto::SourceClass::from_str_name;
                claim.source = Some(proto::Source {
                    source_class: number("SOURCE_CLASS_", value, read),
                    ..proto::Source::default()
                });
            }
            ClaimField::QuoteType => {
                claim.quote_type = number("QUOTE_TYPE_", value, proto::QuoteType::from_str_name);
            }
        }
    }
    claim
}

/// The schema number for a stored spelling; 0 if there is none, or if this version does not know it.
fn number<E: Into<i32>>(prefix: &str, stored: &str, read: fn(&str) -> Option<E>) -> i32 {
    read(&format!("{prefix}{stored}")).map_or(0, Into::into)
}
