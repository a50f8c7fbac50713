use tonic::Status;

use crate::api::convert::article::stored;
use crate::api::convert::{engine, wanted_version};
use crate::api::request::{Check, Sent, Writes};
use crate::api::wire::names::Named;
use crate::domain::ClaimId;
use crate::extract::EngineKind;
use crate::proto::{ReextractArticleRequest, ReextractArticleResponse};
use crate::service::articles::{ReextractArticle, Reextraction};
use crate::store::ClaimChanges;
use crate::text::TextEncoding;

pub(super) fn parse(
    mut request: ReextractArticleRequest,
    caller: &str,
) -> Result<Sent<ReextractArticle>, Status> {
    let sent = request.take_id(caller);
    let mut check = Check::default();
    let id = check.resource("name", &request.name);
    let engine = check.engine(request.engine);
    check.write_request(sent.as_ref());
    let command = ReextractArticle {
        id: check.finish_with(id)?,
        engine,
        row_version: wanted_version(&request.etag),
        operation: None,
    };
    Ok((command, sent))
}

/// Encodes the outcome of re-extraction.
pub(super) fn reextracted(done: Reextraction, kind: EngineKind) -> ReextractArticleResponse {
    ReextractArticleResponse {
        article: Some(stored(done.article, false, TextEncoding::Utf8)),
        engine: Some(engine(&kind.id())),
        ..changed(&done.changes)
    }
}

/// The part of a response that describes how an article's claims changed.
pub(super) fn changed(changes: &ClaimChanges) -> ReextractArticleResponse {
    let names = |ids: &[ClaimId]| ids.iter().map(Named::resource_name).collect();
    let count = |claims: usize| i64::try_from(claims).unwrap_or(i64::MAX);
    ReextractArticleResponse {
        created_claims: names(&changes.created),
        updated_claims: names(&changes.updated),
        deleted_claims: names(&changes.deleted),
        unchanged_claim_count: count(changes.unchanged),
        kept_claim_count: count(changes.kept),
        ..ReextractArticleResponse::default()
    }
}
