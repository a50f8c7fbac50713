//! The texts that articles had, and their claims.

use prost::Message;
use tonic::Status;

use super::Archive;
use super::article_service::{find, not_found};
use super::check::Check;
use super::convert::article::hex;
use super::convert::claim::stored;
use super::convert::span::SpanWriter;
use super::convert::time::timestamp;
use super::names::Named;
use super::page_token::ListId;
use super::paging::next_page_token;
use super::status::{Reason, error_with};
use crate::domain::{Article, ArticleId, ArticleRevision};
use crate::proto::{
    self, ListArticleRevisionsRequest, ListArticleRevisionsResponse, ListRevisionClaimsRequest,
    ListRevisionClaimsResponse,
};
use crate::store::Store;
use crate::text::TextEncoding;

/// The article as it is (`revision` 0), or as it was with one of its texts.
pub(super) async fn find_revision(
    store: &Store,
    id: ArticleId,
    revision: i32,
    with_text: bool,
) -> Result<Article, Status> {
    if revision != 0
        && let Some(earlier) = store.earlier_article(id, revision, with_text).await?
    {
        return Ok(earlier);
    }
    let article = find(store, id, with_text).await?;
    if revision == 0 || revision == article.revision {
        return Ok(article);
    }
    let name = id.resource_name();
    let message = format!("{name} has no revision {revision}");
    let metadata = [("name", name), ("revision", revision.to_string())];
    Err(error_with(Reason::RevisionNotFound, message, metadata))
}

/// Lists the texts of an article.
pub(super) async fn list(
    archive: &Archive,
    request: &ListArticleRevisionsRequest,
) -> Result<ListArticleRevisionsResponse, Status> {
    let list = ListId {
        rpc: "ListArticleRevisions",
        filter: request.name.as_bytes(),
    };
    let mut check = Check::default();
    let id = check.resource::<ArticleId>("name", &request.name);
    let size = check.page_size(request.page_size);
    let before: Option<i32> = check.page_token(list, &request.page_token);
    let id = check.finish_with(id)?;
    let page = archive.store()?.list_article_revisions(id, before, size);
    let page = page.await?;
    if page.items.is_empty() && before.is_none() {
        return Err(not_found(id));
    }
    Ok(ListArticleRevisionsResponse {
        next_page_token: next_page_token(list, page.next.as_ref()),
        revisions: page.items.into_iter().map(message).collect(),
    })
}

/// Lists the claims of one of an article's texts.
pub(super) async fn list_claims(
    archive: &Archive,
    request: &ListRevisionClaimsRequest,
) -> Result<ListRevisionClaimsResponse, Status> {
    let list_bytes = list_bytes(request);
    let list = ListId {
        rpc: "ListRevisionClaims",
        filter: &list_bytes,
    };
    let mut check = Check::default();
    let id = check.resource::<ArticleId>("name", &request.name);
    if request.revision == 0 {
        check.fail("revision", Reason::RequiredFieldMissing, "is required");
    }
    check.revision(request.revision);
    let size = check.page_size(request.page_size);
    let after: Option<i32> = check.page_token(list, &request.page_token);
    let encoding = check.encoding(request.encoding_type);
    let id = check.finish_with(id)?;
    let store = archive.store()?;
    let with_text = encoding != TextEncoding::Utf8;
    let article = find_revision(store, id, request.revision, with_text).await?;
    let page = store.claims_of_revision(id, request.revision, after, size);
    let page = page.await?;
    let writer = SpanWriter::new(&article.document.text, encoding);
    let claims = page.items.iter().map(|claim| stored(claim, &writer));
    Ok(ListRevisionClaimsResponse {
        next_page_token: next_page_token(list, page.next.as_ref()),
        claims: claims.collect(),
    })
}

impl Check {
    /// Notes if a number cannot be that of a revision, nor 0.
    pub fn revision(&mut self, revision: i32) {
        if revision < 0 {
            let description = format!("is negative: {revision}");
            self.fail("revision", Reason::InvalidField, description);
        }
    }
}

fn message(revision: ArticleRevision) -> proto::ArticleRevision {
    let (requested_by, reason) = revision.correction.unwrap_or_default();
    proto::ArticleRevision {
        revision: revision.revision,
        title: revision.title.unwrap_or_default(),
        authors: revision.authors,
        text_sha256: hex(&revision.text_sha256),
        claim_count: revision.claim_count,
        requested_by,
        reason,
        create_time: Some(timestamp(revision.create_time)),
    }
}

/// The part of the request that a page token belongs to.
fn list_bytes(request: &ListRevisionClaimsRequest) -> Vec<u8> {
    let list = ListRevisionClaimsRequest {
        name: request.name.clone(),
        revision: request.revision,
        ..ListRevisionClaimsRequest::default()
    };
    list.encode_to_vec()
}
