use super::get::{article, missing};
use crate::domain::Article;
use crate::service::own_task::in_own_task;
use crate::service::{ServiceError, Versioned};
use crate::store::{Retract, Retracted, Store, WriteRequest};

/// Marks an article as retracted and returns it without its text.
///
/// # Errors
/// [`ServiceError::ArticleNotFound`], [`ServiceError::EtagMismatch`], [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all, fields(article = %retract.id))]
pub async fn retract_article(
    store: &Store,
    retract: Retract,
    request: Option<WriteRequest>,
) -> Result<Article, ServiceError> {
    let id = retract.id;
    let write =
        |store: Store| async move { store.retract_article(&retract, request.as_ref()).await };
    match in_own_task(store, write).await? {
        Retracted::Done => article(store, id, false).await,
        Retracted::NotFound => Err(missing(store, id).await),
        Retracted::OtherVersion => Err(ServiceError::EtagMismatch(Versioned::Article(id))),
    }
}
