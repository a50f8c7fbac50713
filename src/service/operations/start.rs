use super::signals::OperationSignals;
use crate::domain::{ArticleSelection, Operation};
use crate::extract::EngineKind;
use crate::service::ServiceError;
use crate::service::own_task::in_own_task;
use crate::store::{StartOperation, Started, Store, WriteRequest};

/// A request to re-extract the claims of many articles.
#[derive(Debug, Clone)]
pub struct ReextractArticles {
    /// Which articles.
    pub selection: ArticleSelection,
    /// The engine that reads them.
    pub engine: EngineKind,
    /// Who requested it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
}

/// Starts an operation that re-extracts the claims of many articles, or returns the one that the same request started
/// before. A worker reads the articles.
///
/// # Errors
/// [`ServiceError::OperationNotFound`] if that was deleted since; [`ServiceError::Store`], [`ServiceError::Lost`].
#[tracing::instrument(level = "debug", skip_all)]
pub async fn reextract_articles(
    store: &Store,
    signals: &OperationSignals,
    command: ReextractArticles,
    request: Option<WriteRequest>,
) -> Result<Operation, ServiceError> {
    let start = StartOperation {
        selection: command.selection,
        engine: command.engine.id(),
        requested_by: command.requested_by,
        caller: command.caller,
    };
    let started = in_own_task(store, |store| async move {
        store.start_operation(&start, request.as_ref()).await
    });
    match started.await? {
        Started::Operation(operation) => {
            signals.begin();
            Ok(*operation)
        }
        Started::Deleted(id) => Err(ServiceError::OperationNotFound(id)),
    }
}

/// Counts the articles that such an operation would read.
///
/// # Errors
/// [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all)]
pub async fn count_articles(
    store: &Store,
    command: &ReextractArticles,
) -> Result<i64, ServiceError> {
    let engine = command.engine.id();
    Ok(store.count_selected(&command.selection, &engine).await?)
}
