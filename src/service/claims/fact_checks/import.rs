//! Importing fact checks.

use super::same::{dated, tie};
use crate::domain::{ClaimId, FactCheck, FactCheckChange, FactCheckId, PublishedCheck};
use crate::matching::{DatedText, Depth, is_self_contained, judge_version};
use crate::service::ServiceError;
use crate::service::claims::content::text;
use crate::service::claims::matcher::Matcher;
use crate::service::own_task::in_own_task;
use crate::store::{ClaimFilter, Store, Tie, Tied, Ties};

/// A fact check that was imported.
#[derive(Debug, Clone)]
pub struct ImportedFactCheck {
    /// The fact check with its matches.
    pub fact_check: FactCheck,
    /// What the import did to it.
    pub change: FactCheckChange,
}

/// Stores a fact check, or updates the one that is known, and matches it to the claims that say what it checked.
///
/// # Errors
/// [`ServiceError::Store`], [`ServiceError::Overloaded`], [`ServiceError::Lost`]. It may then be stored without its
/// matches.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn import_fact_check(
    store: &Store,
    matcher: &Matcher,
    published: PublishedCheck,
) -> Result<ImportedFactCheck, ServiceError> {
    let said = published.claim_time.or(published.publish_time);
    let query = dated(&published.claim_reviewed, said);
    // Stored first: a claim that is stored while this one looks for claims finds the fact check itself.
    let put = in_own_task(store, |store| async move {
        store.put_fact_check(&published).await
    });
    let put = put.await?;
    let ties = Ties {
        of: Tied::FactCheck(put.id),
        judge: judge_version(),
        has_changed: put.change == FactCheckChange::Updated,
        found: saying_same(store, matcher, put.id, query).await?,
    };
    let written = in_own_task(
        store,
        |store| async move { store.tie_fact_checks(&ties).await },
    );
    written.await?;
    let found = store.fact_check(put.id).await?;
    Ok(ImportedFactCheck {
        fact_check: found.ok_or(ServiceError::FactCheckNotFound(put.id))?,
        change: put.change,
    })
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
