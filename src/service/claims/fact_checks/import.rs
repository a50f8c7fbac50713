//! Importing fact checks.

use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::same::{dated, tie};
use crate::domain::{ClaimId, FactCheck, FactCheckChange, FactCheckId, PublishedCheck};
use crate::matching::{DatedText, Depth, is_self_contained, judge_version};
use crate::service::ServiceError;
use crate::service::claims::content::text;
use crate::service::claims::matcher::Matcher;
use crate::service::own_task::in_own_task;
use crate::store::{ClaimFilter, ImportedCheck, Store, Tie, Tied, Ties, WriteRequest};

/// How many of a call's fact checks are matched at a time.
const AT_ONCE: usize = 4;

/// A fact check that was imported.
#[derive(Debug, Clone)]
pub struct ImportedFactCheck {
    /// The fact check with its matches.
    pub fact_check: FactCheck,
    /// What the import did to it.
    pub change: FactCheckChange,
}

/// Stores fact checks, or updates those that are known, all or none, and matches them to the claims that say what they
/// checked. Returns them in the same order; in place of one that was deleted in the meantime, its id.
///
/// # Errors
/// [`ServiceError::Store`], [`ServiceError::Overloaded`], [`ServiceError::Lost`]. They may then be stored without their
/// matches.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn import_fact_checks(
    store: &Store,
    matcher: &Matcher,
    published: Vec<PublishedCheck>,
    request: Option<WriteRequest>,
) -> Result<Vec<Result<ImportedFactCheck, FactCheckId>>, ServiceError> {
    if published.is_empty() {
        return Ok(Vec::new());
    }
    let queries: Vec<DatedText> = published.iter().map(query).collect();
    // Stored first: a claim that is stored while one of them looks for claims finds the fact check itself.
    let put = in_own_task(store, |store| async move {
        store.put_fact_checks(&published, request.as_ref()).await
    });
    let put = put.await?.into_iter().zip(queries);
    let results = stream::iter(put).map(|(put, query)| match_one(store, matcher, put, query));
    results.buffered(AT_ONCE).try_collect().await
}

fn query(published: &PublishedCheck) -> DatedText {
    let said = published.claim_time.or(published.publish_time);
    dated(&published.claim_reviewed, said)
}

/// Matches a stored fact check and reads it with its matches.
async fn match_one(
    store: &Store,
    matcher: &Matcher,
    put: ImportedCheck,
    query: DatedText,
) -> Result<Result<ImportedFactCheck, FactCheckId>, ServiceError> {
    let ties = Ties {
        of: Tied::FactCheck(put.id),
        judge: judge_version(),
        has_changed: put.change == FactCheckChange::Updated,
        found: Box::pin(saying_same(store, matcher, put.id, query)).await?,
    };
    let written = in_own_task(
        store,
        |store| async move { store.tie_fact_checks(&ties).await },
    );
    written.await?;
    let found = store.fact_check(put.id).await?;
    Ok(found.ok_or(put.id).map(|fact_check| ImportedFactCheck {
        fact_check,
        change: put.change,
    }))
}

/// The claims that say what was checked.
async fn saying_same(
    store: &Store,
    matcher: &Matcher,
    fact_check: FactCheckId,
    query: DatedText,
) -> Result<Vec<Tie>, ServiceError> {
    if !is_self_contained(&query.text) {
        return Ok(Vec::new());
    }
    let all = ClaimFilter::default();
    let found = Box::pin(matcher.find(store, query, &all, None, Depth::Meaning)).await?;
    let ties = found
        .into_iter()
        .filter_map(|one| tie(fact_check, one.id, one.relation));
    let mut ties: Vec<Tie> = ties.collect();
    let ids: Vec<ClaimId> = ties.iter().map(|tie| tie.claim).collect();
    let claims = store.claims(&ids).await?;
    ties.retain(|tie| {
        let claim = claims.iter().find(|claim| claim.id == tie.claim);
        claim.is_some_and(|claim| is_self_contained(&text(&claim.content)))
    });
    Ok(ties)
}
