//! Getting articles by name.

use tonic::Status;
use tonic::metadata::MetadataMap;

use super::list::MAX_FULL_PAGE;
use crate::api::convert::article::stored;
use crate::api::request::{Check, MAX_BATCH};
use crate::api::wire::read_from;
use crate::domain::ArticleId;
use crate::proto::{self, ArticleView, BatchGetArticlesRequest, GetArticleRequest};
use crate::service::Database;
use crate::service::articles::{article_at_revision, articles};

pub(super) async fn one(
    database: &Database,
    metadata: &MetadataMap,
    request: &GetArticleRequest,
) -> Result<proto::Article, Status> {
    let mut check = Check::default();
    let id = check.resource::<ArticleId>("name", &request.name);
    let view = check.enumeration::<ArticleView>("view", request.view);
    let encoding = check.encoding(request.encoding_type);
    check.revision(request.revision);
    let id = check.finish_with(id)?;
    let full = view != Some(ArticleView::Basic);
    let store = read_from(database, metadata)?;
    let article = article_at_revision(store, id, request.revision, full).await?;
    Ok(stored(article, full, encoding))
}

pub(super) async fn batch(
    database: &Database,
    metadata: &MetadataMap,
    request: &BatchGetArticlesRequest,
) -> Result<Vec<proto::Article>, Status> {
    let mut check = Check::default();
    let view = check.enumeration::<ArticleView>("view", request.view);
    let full = view == Some(ArticleView::Full);
    let most = if full { MAX_FULL_PAGE } else { MAX_BATCH };
    let ids = check.batch(&request.names, most);
    let encoding = check.encoding(request.encoding_type);
    check.finish()?;
    let found = articles(read_from(database, metadata)?, &ids, full).await?;
    let found = found
        .into_iter()
        .map(|article| stored(article, full, encoding));
    Ok(found.collect())
}
