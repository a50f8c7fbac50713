//! Matching: has this been claimed before?

use tonic::Status;

use super::encode;
use crate::api::convert::relation::numbers;
use crate::api::request::Check;
use crate::api::wire::status::Reason;
use crate::domain::Claim;
use crate::matching::{Depth, MAX_COMPARED_BY_MEANING};
use crate::proto::{ClaimMatch, MatchClaimsRequest, MatchClaimsResponse, MatchDepth};
use crate::service::ServiceError;
use crate::service::claims::{MatchClaims, Matched, MatchedClaims};
use crate::store::Store;
use crate::text::TextEncoding;

const MAX_TEXT: usize = 2_000;
const DEFAULT_RESULTS: usize = 10;

pub(super) fn parse(request: MatchClaimsRequest) -> Result<(MatchClaims, TextEncoding), Status> {
    let mut check = Check::default();
    check.required_text("text", &request.text, MAX_TEXT);
    let filter = check.claim_filter(request.filter.unwrap_or_default());
    let max_results = max_results(&mut check, request.max_results);
    let depth = match_depth(&mut check, request.depth);
    let encoding = check.encoding(request.encoding_type);
    check.finish()?;
    let request = MatchClaims {
        text: request.text,
        filter,
        max_results,
        depth,
    };
    Ok((request, encoding))
}

/// Encodes the claims most similar to a text.
pub(super) async fn encode(
    store: &Store,
    found: &MatchedClaims,
    encoding: TextEncoding,
) -> Result<MatchClaimsResponse, ServiceError> {
    let similar = found.matches.iter().map(|(_, claim)| claim);
    let claims: Vec<&Claim> = similar.chain(&found.first).collect();
    let mut encoded = encode::encode(store, &claims, encoding).await?;
    let first_claim = found
        .first
        .as_ref()
        .and_then(|first| encoded.get(&first.id).cloned());
    let matches = found.matches.iter().filter_map(|(one, claim)| {
        Some(ClaimMatch {
            claim: Some(encoded.remove(&claim.id)?),
            ..message(one)
        })
    });
    Ok(MatchClaimsResponse {
        matches: matches.collect(),
        first_claim,
        repeating_article_count: i64::try_from(found.repeating_articles).unwrap_or(i64::MAX),
    })
}

fn message(matched: &Matched) -> ClaimMatch {
    let mut message = ClaimMatch {
        score: matched.score,
        ..ClaimMatch::default()
    };
    if let Some((pair, near)) = matched.relation {
        let (relation, reason) = numbers(pair);
        message.set_relation(relation);
        message.set_contradiction_reason(reason);
        message.confidence = near;
    }
    message
}

fn max_results(check: &mut Check, number: i32) -> usize {
    match usize::try_from(number) {
        Ok(0) => DEFAULT_RESULTS,
        Ok(most) => most.min(MAX_COMPARED_BY_MEANING),
        Err(_) => {
            let description = format!("is negative: {number}");
            check.fail("max_results", Reason::InvalidField, description);
            DEFAULT_RESULTS
        }
    }
}

fn match_depth(check: &mut Check, number: i32) -> Depth {
    match check.enumeration::<MatchDepth>("depth", number) {
        Some(MatchDepth::Words) => Depth::Words,
        _ => Depth::Meaning,
    }
}
