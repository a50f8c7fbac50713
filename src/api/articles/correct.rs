use tonic::Status;

use super::reextract::changed;
use crate::api::convert::article::stored;
use crate::api::convert::{engine, wanted_version};
use crate::api::request::{Check, MAX_TITLE, Sent, Writes};
use crate::domain::Article;
use crate::extract::EngineKind;
use crate::proto::{CorrectArticleRequest, CorrectArticleResponse, ReextractArticleResponse};
use crate::service::articles::CorrectArticle;
use crate::store::ClaimChanges;
use crate::text::TextEncoding;

pub(super) fn parse(
    mut request: CorrectArticleRequest,
    caller: String,
    max_text: usize,
) -> Result<Sent<CorrectArticle>, Status> {
    let sent = request.take_id(&caller);
    let mut check = Check::default();
    let id = check.resource("name", &request.name);
    check.article_text("text", &request.text, max_text);
    let title = check.optional_text("title", request.title, MAX_TITLE);
    check.authors("authors", &request.authors);
    let engine = check.engine(request.engine);
    check.requester(&request.requested_by, &request.reason);
    check.write_request(sent.as_ref());
    let command = CorrectArticle {
        id: check.finish_with(id)?,
        text: request.text,
        title,
        authors: request.authors,
        engine,
        requested_by: request.requested_by,
        caller,
        reason: request.reason,
        row_version: wanted_version(&request.etag),
        validate_only: request.validate_only,
    };
    Ok((command, sent))
}

/// Encodes the outcome of a correction; if nothing changed, every claim counts as unchanged.
pub(super) fn corrected(
    (article, changes): (Article, Option<ClaimChanges>),
    kind: EngineKind,
) -> CorrectArticleResponse {
    let is_changed = changes.is_some();
    let unchanged = || ReextractArticleResponse {
        unchanged_claim_count: article.claim_count,
        ..ReextractArticleResponse::default()
    };
    let told = changes.as_ref().map_or_else(unchanged, changed);
    CorrectArticleResponse {
        article: Some(stored(article, false, TextEncoding::Utf8)),
        engine: is_changed.then(|| engine(&kind.id())),
        created_claims: told.created_claims,
        updated_claims: told.updated_claims,
        deleted_claims: told.deleted_claims,
        unchanged_claim_count: told.unchanged_claim_count,
        kept_claim_count: told.kept_claim_count,
        corrected: is_changed,
    }
}
