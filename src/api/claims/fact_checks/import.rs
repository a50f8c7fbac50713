use futures_util::stream::{self, StreamExt, TryStreamExt};
use tonic::Status;

use crate::api::convert::fact_check::fact_check;
use crate::api::request::Check;
use crate::api::wire::status::{Reason, message};
use crate::domain::PublishedCheck;
use crate::proto::import_claim_review_result::Outcome;
use crate::proto::{
    FactCheckChange, ImportClaimReviewResult, ImportClaimReviewsRequest,
    ImportClaimReviewsResponse, ImportedClaimReview,
};
use crate::service::claims::{ImportedFactCheck, Matcher, import_fact_check};
use crate::service::{Database, ServiceError};
use crate::store::Store;

const MOST: usize = 50;
/// How many of a call's fact checks are worked on at a time.
const AT_ONCE: usize = 4;

/// Imports fact checks. One that is invalid is so in its own result; if one cannot be stored, the call fails.
pub(in crate::api::claims) async fn import(
    database: &Database,
    matcher: &Matcher,
    request: ImportClaimReviewsRequest,
) -> Result<ImportClaimReviewsResponse, Status> {
    let mut check = Check::default();
    if request.fact_checks.is_empty() {
        check.fail("fact_checks", Reason::RequiredFieldMissing, "is required");
    }
    check.at_most("fact_checks", request.fact_checks.len(), MOST);
    check.finish()?;
    let store = database.primary()?;
    let parsed: Vec<_> = request
        .fact_checks
        .into_iter()
        .enumerate()
        .map(|(n, sent)| {
            let mut check = Check::default();
            let published = check.published(&format!("fact_checks[{n}]"), sent);
            check.finish().map(|()| published)
        })
        .collect();
    let results = stream::iter(parsed).map(|parsed| import_one(store, matcher, parsed));
    let results = results.buffered(AT_ONCE).try_collect().await?;
    Ok(ImportClaimReviewsResponse { results })
}

async fn import_one(
    store: &Store,
    matcher: &Matcher,
    parsed: Result<PublishedCheck, Status>,
) -> Result<ImportClaimReviewResult, ServiceError> {
    let outcome = match parsed {
        Ok(published) => {
            let imported = Box::pin(import_fact_check(store, matcher, published));
            Outcome::Imported(imported_message(imported.await?))
        }
        Err(status) => Outcome::Error(message(&status)),
    };
    Ok(ImportClaimReviewResult {
        outcome: Some(outcome),
    })
}

fn imported_message(imported: ImportedFactCheck) -> ImportedClaimReview {
    ImportedClaimReview {
        fact_check: Some(fact_check(imported.fact_check)),
        change: FactCheckChange::from(imported.change).into(),
    }
}
