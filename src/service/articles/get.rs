use std::collections::HashMap;

use crate::domain::{Article, ArticleId, ArticleRevision, Claim, Deletion};
use crate::service::ServiceError;
use crate::store::{ArticleCursor, ArticleFilter, Page, Store};

/// Returns the article; without `with_text`, its text and blocks are empty.
///
/// # Errors
/// [`ServiceError::ArticleNotFound`], [`ServiceError::ArticleDeleted`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip(store))]
pub async fn article(
    store: &Store,
    id: ArticleId,
    with_text: bool,
) -> Result<Article, ServiceError> {
    if let Some(article) = store.article(id, with_text).await? {
        return Ok(article);
    }
    Err(missing(store, id).await)
}

/// Why there is no such article: it was deleted, or never there.
pub(super) async fn missing(store: &Store, id: ArticleId) -> ServiceError {
    match store.article_deletion(id).await {
        Ok(Some(Deletion { time, .. })) => ServiceError::ArticleDeleted { id, time },
        Ok(None) => ServiceError::ArticleNotFound(id),
        Err(error) => error.into(),
    }
}

/// Returns the articles in the order of `ids`, repeating duplicates; without `with_text`, their texts and blocks are empty.
///
/// # Errors
/// [`ServiceError::ArticleNotFound`] or [`ServiceError::ArticleDeleted`] where one does not exist; [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(articles = ids.len()))]
pub async fn articles(
    store: &Store,
    ids: &[ArticleId],
    with_text: bool,
) -> Result<Vec<Article>, ServiceError> {
    let found = store.articles(ids, with_text).await?;
    let found: HashMap<ArticleId, Article> = found.into_iter().map(|one| (one.id, one)).collect();
    if let Some(absent) = ids.iter().find(|id| !found.contains_key(id)) {
        return Err(missing(store, *absent).await);
    }
    Ok(ids.iter().filter_map(|id| found.get(id).cloned()).collect())
}

/// Lists articles, newest first.
///
/// # Errors
/// [`ServiceError::InvalidField`] where the words of the title have none to search for; [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all)]
pub async fn list_articles(
    store: &Store,
    filter: &ArticleFilter,
    after: Option<ArticleCursor>,
    size: usize,
    with_text: bool,
) -> Result<Page<Article, ArticleCursor>, ServiceError> {
    if let Some(words) = &filter.title_words
        && store.read_words(words).await?.is_none()
    {
        return Err(ServiceError::InvalidField {
            field: "title_query",
            description: "has no word to search for".to_owned(),
        });
    }
    Ok(store.list_articles(filter, after, size, with_text).await?)
}

/// Returns the article as it is now (`revision` 0) or at an earlier revision.
///
/// # Errors
/// [`ServiceError::ArticleNotFound`], [`ServiceError::RevisionNotFound`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip(store))]
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
#[tracing::instrument(level = "debug", skip(store))]
pub async fn list_revisions(
    store: &Store,
    id: ArticleId,
    before: Option<i32>,
    size: usize,
) -> Result<Page<ArticleRevision, i32>, ServiceError> {
    let page = store.list_article_revisions(id, before, size).await?;
    if page.items.is_empty() && before.is_none() {
        return Err(missing(store, id).await);
    }
    Ok(page)
}

/// Returns the article at a revision, with the claims of that revision.
///
/// # Errors
/// [`ServiceError::ArticleNotFound`], [`ServiceError::RevisionNotFound`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip(store))]
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
