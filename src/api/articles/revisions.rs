//! Article revisions and their claims.

use prost::Message;
use tonic::Status;
use tonic::metadata::MetadataMap;

use crate::api::convert::article::hex;
use crate::api::convert::claim::stored;
use crate::api::convert::span::SpanWriter;
use crate::api::convert::time::timestamp;
use crate::api::request::{Check, next_page_token};
use crate::api::wire::page_token::ListId;
use crate::api::wire::read_from;
use crate::api::wire::status::Reason;
use crate::domain::{ArticleId, ArticleRevision};
use crate::proto::{
    self, ListArticleRevisionsRequest, ListArticleRevisionsResponse, ListRevisionClaimsRequest,
    ListRevisionClaimsResponse,
};
use crate::service::Database;
use crate::service::articles::{list_revision_claims, list_revisions};
use crate::text::TextEncoding;

/// Lists the revisions of an article.
pub(super) async fn list(
    database: &Database,
    metadata: &MetadataMap,
    request: &ListArticleRevisionsRequest,
) -> Result<ListArticleRevisionsResponse, Status> {
    let list = ListId {
        rpc: "ListArticleRevisions",
        filter: request.parent.as_bytes(),
    };
    let mut check = Check::default();
    let id = check.resource::<ArticleId>("parent", &request.parent);
    let size = check.page_size(request.page_size);
    let before: Option<i32> = check.page_token(list, &request.page_token);
    let id = check.finish_with(id)?;
    let page = list_revisions(read_from(database, metadata)?, id, before, size).await?;
    Ok(ListArticleRevisionsResponse {
        next_page_token: next_page_token(list, page.next.as_ref()),
        revisions: page.items.into_iter().map(message).collect(),
    })
}

/// Lists the claims of an article's revision.
pub(super) async fn list_claims(
    database: &Database,
    metadata: &MetadataMap,
    request: &ListRevisionClaimsRequest,
) -> Result<ListRevisionClaimsResponse, Status> {
    let list_bytes = list_bytes(request);
    let list = ListId {
        rpc: "ListRevisionClaims",
        filter: &list_bytes,
    };
    let mut check = Check::default();
    let id = check.resource::<ArticleId>("parent", &request.parent);
    if request.revision == 0 {
        check.fail("revision", Reason::RequiredFieldMissing, "is required");
    }
    check.revision(request.revision);
    let size = check.page_size(request.page_size);
    let after: Option<i32> = check.page_token(list, &request.page_token);
    let encoding = check.encoding(request.encoding_type);
    let id = check.finish_with(id)?;
    let store = read_from(database, metadata)?;
    let with_text = encoding != TextEncoding::Utf8;
    let of = (id, request.revision);
    let (article, page) = list_revision_claims(store, of, after, size, with_text).await?;
    let writer = SpanWriter::new(&article.document.text, encoding);
    let claims = page.items.iter().map(|claim| stored(claim, &writer));
    Ok(ListRevisionClaimsResponse {
        next_page_token: next_page_token(list, page.next.as_ref()),
        claims: claims.collect(),
    })
}

fn message(revision: ArticleRevision) -> proto::ArticleRevision {
    let correction = revision.correction.unwrap_or_default();
    proto::ArticleRevision {
        revision: revision.revision,
        title: revision.title.unwrap_or_default(),
        authors: revision.authors,
        text_sha256: hex(&revision.text_sha256),
        claim_count: revision.claim_count,
        requested_by: correction.requested_by,
        reason: correction.reason,
        create_time: Some(timestamp(revision.create_time)),
        caller: correction.caller,
    }
}

/// The part of the request that a page token is bound to.
fn list_bytes(request: &ListRevisionClaimsRequest) -> Vec<u8> {
    let list = ListRevisionClaimsRequest {
        parent: request.parent.clone(),
        revision: request.revision,
        ..ListRevisionClaimsRequest::default()
    };
    list.encode_to_vec()
}
