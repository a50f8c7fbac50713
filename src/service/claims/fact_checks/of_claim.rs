//! Matching a claim to the fact checks that were there before it.

use super::same::{dated, tie};
use crate::domain::{ClaimId, FactCheckId};
use crate::matching::{DatedText, Depth, judge_version};
use crate::service::ServiceError;
use crate::service::claims::matcher::Matcher;
use crate::store::{Store, Tie, Tied, Ties};

/// Matches a claim, whose text means the same in any context, to the fact checks of what it says.
pub(in crate::service::claims) async fn match_fact_checks(
    store: &Store,
    matcher: &Matcher,
    claim: ClaimId,
    text: DatedText,
    depth: Depth,
) -> Result<(), ServiceError> {
    let Some(words) = matcher.words(store, &text.text).await? else {
        return match_to_none(store, claim).await;
    };
    let candidates = store.fact_check_candidates(&words).await?;
    let candidates: Vec<(FactCheckId, DatedText)> = candidates
        .into_iter()
        .map(|one| (one.id, dated(&one.claim_reviewed, one.said)))
        .collect();
    let compared = matcher.compare(store, text, candidates, depth).await?;
    let found = compared
        .into_iter()
        .filter_map(|(fact_check, relation)| tie(fact_check, claim, relation));
    record(store, claim, found.collect()).await
}

/// Takes back what another judge matched to a claim that cannot be compared any more.
pub(in crate::service::claims) async fn match_to_none(
    store: &Store,
    claim: ClaimId,
) -> Result<(), ServiceError> {
    record(store, claim, Vec::new()).await
}

async fn record(store: &Store, claim: ClaimId, found: Vec<Tie>) -> Result<(), ServiceError> {
    let ties = Ties {
        of: Tied::Claim(claim),
        judge: judge_version(),
        has_changed: false,
        found,
    };
    Ok(store.tie_fact_checks(&ties).await?)
}
