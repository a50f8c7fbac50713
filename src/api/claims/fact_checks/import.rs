use tonic::Status;

use crate::api::convert::fact_check::fact_check;
use crate::api::request::{Check, Writes};
use crate::api::wire::status::{Reason, message};
use crate::domain::FactCheckId;
use crate::proto::import_claim_review_result::Outcome;
use crate::proto::{
    FactCheckChange, ImportClaimReviewResult, ImportClaimReviewsRequest,
    ImportClaimReviewsResponse, ImportedClaimReview,
};
use crate::service::claims::{ImportedFactCheck, Matcher, import_fact_checks};
use crate::service::{Database, ServiceError};

const MOST: usize = 50;

/// Imports fact checks. One that is invalid is so in its own result; if one cannot be stored, the call fails.
pub(in crate::api::claims) async fn import(
    database: &Database,
    matcher: &Matcher,
    mut request: ImportClaimReviewsRequest,
    caller: &str,
) -> Result<ImportClaimReviewsResponse, Status> {
    let sent = request.take_id(caller);
    let mut check = Check::default();
    if request.fact_checks.is_empty() {
        check.fail("fact_checks", Reason::RequiredFieldMissing, "is required");
    }
    check.at_most("fact_checks", request.fact_checks.len(), MOST);
    check.write_request(sent.as_ref());
    check.finish()?;
    let store = database.primary()?;
    let mut published = Vec::new();
    let mut errors = Vec::new();
    for (n, fact_check) in request.fact_checks.into_iter().enumerate() {
        let mut check = Check::default();
        let parsed = check.published(&format!("fact_checks[{n}]"), fact_check);
        let error = check.finish().err();
        if error.is_none() {
            published.push(parsed);
        }
        errors.push(error);
    }
    let imported = Box::pin(import_fact_checks(store, matcher, published, sent)).await?;
    let mut imported = imported.into_iter();
    let outcomes = errors.into_iter().map(|error| match error {
        Some(status) => Some(Outcome::Error(message(&status))),
        None => imported.next().map(outcome),
    });
    let results = outcomes.map(|outcome| ImportClaimReviewResult { outcome });
    Ok(ImportClaimReviewsResponse {
        results: results.collect(),
    })
}

fn outcome(imported: Result<ImportedFactCheck, FactCheckId>) -> Outcome {
    match imported {
        Ok(imported) => Outcome::Imported(imported_message(imported)),
        Err(gone) => Outcome::Error(message(&ServiceError::FactCheckNotFound(gone).into())),
    }
}

fn imported_message(imported: ImportedFactCheck) -> ImportedClaimReview {
    ImportedClaimReview {
        fact_check: Some(fact_check(imported.fact_check)),
        change: FactCheckChange::from(imported.change).into(),
    }
}
