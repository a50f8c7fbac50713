use crate::domain::{Article, ArticleId, ArticleRevision, Claim};
use crate::service::ServiceError;
use crate::store::{Page, Store};

/// Returns the article; without `with_text`, its text and blocks are empty.
///
/// # Errors
/// [`ServiceError::ArticleNotFound`], [`ServiceError::Store`].
#[tracing::instrument(skip(store))]
pub async fn article(
    store: &Store,
    id: ArticleId,
    with_text: bool,
) -> Result<Article, ServiceError> {
    let found = store.article(id, with_text).await?;
    found.ok_or(ServiceError::ArticleNotFound(id))
}

/// Returns the article as it is now (`revision` 0) or at an earlier revision.
///
/// # Errors
/// [`ServiceError::ArticleNotFound`], [`ServiceError::RevisionNotFound`], [`ServiceError::Store`].
#[tracing::instrument(skip(store))]
pub async fn article_at_revision(
    store: &Store,
    id: ArticleId,
    revision: i32,
    with_text: bool,
) -> Result<Article, ServiceError> {
    if revision != 0
        && let Some(earlier) = store.earlier_article(id, revision, with_text).await?
    {
        return Ok(earlier);
    }
    let now = article(store, id, with_text).await?;
    if revision == 0 || revision == now.revision {
        return Ok(now);
    }
    Err(ServiceError::RevisionNotFound {
        article: id,
        revision,
    })
}

/// Lists the revisions of an article's text, newest first.
///
/// # Errors
/// [`ServiceError::ArticleNotFound`], [`ServiceError::Store`].
#[tracing::instrument(skip(store))]
pub async fn list_revisions(
    store: &Store,
    id: ArticleId,
    before: Option<i32>,
    size: usize,
) -> Result<Page<ArticleRevision, i32>, ServiceError> {
    let page = store.list_article_revisions(id, before, size).await?;
    if page.items.is_empty() && before.is_none() {
        return Err(ServiceError::ArticleNotFound(id));
    }
    Ok(page)
}

/// Returns the article at a revision, with the claims of that revision.
///
/// # Errors
/// [`ServiceError::ArticleNotFound`], [`ServiceError::RevisionNotFound`], [`ServiceError::Store`].
#[tracing::instrument(skip(store))]
pub async fn list_revision_claims(
    store: &Store,
    (id, revision): (ArticleId, i32),
    after: Option<i32>,
    size: usize,
    with_text: bool,
) -> Result<(Article, Page<Claim, i32>), ServiceError> {
    let article = article_at_revision(store, id, revision, with_text).await?;
    let page = store.claims_of_revision(id, revision, after, size).await?;
    Ok((article, page))
}
