//! Encoding fact checks as messages.

use super::time::timestamp;
use crate::api::wire::names::Named;
use crate::domain::{ClaimFactCheck, FactCheck, FactCheckMatch, FactCheckRating};
use crate::proto;

/// Encodes a stored fact check.
pub fn fact_check(found: FactCheck) -> proto::FactCheck {
    let published = found.published;
    proto::FactCheck {
        name: found.id.resource_name(),
        uri: published.uri,
        claim_reviewed: published.claim_reviewed,
        publisher: published.publisher.unwrap_or_default(),
        publish_time: published.publish_time.map(timestamp),
        claimant: published.claimant.unwrap_or_default(),
        claim_time: published.claim_time.map(timestamp),
        appearance_uris: published.appearance_uris,
        rating: published.rating.as_ref().map(rating),
        language_code: published.language_code.unwrap_or_default(),
        matches: found.matches.into_iter().map(matched).collect(),
        create_time: Some(timestamp(found.create_time)),
        update_time: Some(timestamp(found.update_time)),
    }
}

/// Encodes what a claim tells of a fact check.
pub fn of_claim(check: &ClaimFactCheck) -> proto::ClaimFactCheck {
    proto::ClaimFactCheck {
        fact_check: check.id.resource_name(),
        uri: check.uri.clone(),
        publisher: check.publisher.clone().unwrap_or_default(),
        publish_time: check.publish_time.map(timestamp),
        rating: check.rating.as_ref().map(rating),
        confidence: check.confidence,
        by_claimant: check.by_claimant,
    }
}

fn matched(found: FactCheckMatch) -> proto::FactCheckMatch {
    proto::FactCheckMatch {
        claim: found.claim.resource_name(),
        confidence: found.confidence,
        by_claimant: found.by_claimant,
    }
}

fn rating(rating: &FactCheckRating) -> proto::FactCheckRating {
    proto::FactCheckRating {
        text: rating.text.clone(),
        value: rating.value,
        best_value: rating.best,
        worst_value: rating.worst,
    }
}
