use onrecord::domain::{
    ArticleFailure, ArticleId, ArticleSelection, FailureReason, Operation, OperationState,
};
use onrecord::extract::EngineKind;
use onrecord::store::{
    OperationChange, OperationChanged, Reextracted, Rereading, StartOperation, Started, Store,
    StoreError, WriteRequest,
};
use uuid::Uuid;

use super::new_article;
use crate::harness::NEWS;

/// Starts an operation that reads all articles.
async fn start(store: &Store, id: Option<&str>) -> Result<Operation, StoreError> {
    let start = StartOperation {
        selection: ArticleSelection::default(),
        engine: EngineKind::Rules.id(),
        requested_by: "somebody".to_owned(),
        caller: String::new(),
    };
    let request = id.map(|id| WriteRequest {
        caller: String::new(),
        method: "ReextractArticles",
        id: id.to_owned(),
        hash: [0; 32],
    });
    match store.start_operation(&start, request.as_ref()).await? {
        Started::Operation(operation) => Ok(*operation),
        Started::Deleted(id) => panic!("{id} was deleted"),
    }
}

/// Works on an operation to its end: one article is read, one fails, and one is not there any more.
async fn work(store: &Store, article: ArticleId) -> Result<(), StoreError> {
    let operation = start(store, Some("one")).await?;
    let again = start(store, Some("one")).await?;
    assert_eq!(again, operation);
    let engine = EngineKind::Rules.id();
    let all = ArticleSelection::default();
    assert_eq!(store.count_selected(&all, &engine).await?, 1);

    let worker = Uuid::now_v7();
    let taken = store.take_operation(worker, &[engine]).await?;
    let taken = taken.expect("nobody works on it");
    let next = store.next_articles(&taken, 9).await?;
    let mut next = next.expect("an article");
    assert_eq!(next.articles, [article]);
    assert_eq!(next.cursor, article);
    let [failing, gone] = [(); 2].map(|()| ArticleId(Uuid::now_v7()));
    next.articles.extend([failing, gone]);
    assert!(store.take_in_hand(&taken, &next).await?);
    assert!(store.renew_operation(&taken).await?);
    let read = new_article(NEWS, None);
    let rereading = Rereading {
        id: article,
        revision: 1,
        row_version: None,
        metadata: read.document.without_text(),
        document: read.document,
        extraction: read.extraction,
        run: read.run,
    };
    let stored = store.reextract_for(operation.id, &rereading).await?;
    assert!(matches!(stored, Reextracted::Stored(_)), "{stored:?}");
    let failure = ArticleFailure {
        article: failing,
        reason: FailureReason::Internal,
    };
    store.count_failure(&taken, failure).await?;
    store.leave_out(&taken, gone).await?;
    store.succeed_operation(&taken).await?;
    let ended = store.operation(operation.id).await?.expect("it is there");
    assert_eq!(ended.state, OperationState::Succeeded);
    assert_eq!((ended.counts.done, ended.counts.failed), (1, 1));
    assert_eq!(ended.failures, [failure]);
    Ok(())
}

/// Works on an operation, and ends another.
pub(super) async fn check(store: &Store, article: ArticleId) -> Result<(), StoreError> {
    work(store, article).await?;
    let operation = start(store, None).await?;
    let engines = [EngineKind::Rules.id()];
    let taken = store.take_operation(Uuid::now_v7(), &engines).await?;
    let taken = taken.expect("nobody works on it");
    store.give_back_operation(&taken).await?;
    let running = store.list_operations(Some(false), None, 9).await?;
    assert_eq!(running.items.len(), 1);
    let change = OperationChange {
        id: operation.id,
        caller: String::new(),
    };
    let refused = store.delete_operation(&change).await?;
    assert_eq!(refused, OperationChanged::Running);
    for _ in 0..2 {
        let cancelled = store.cancel_operation(&change).await?;
        assert_eq!(cancelled, OperationChanged::Done);
    }
    let deleted = store.delete_operation(&change).await?;
    assert_eq!(deleted, OperationChanged::Done);
    let again = store.delete_operation(&change).await?;
    assert_eq!(again, OperationChanged::NotFound);
    Ok(())
}
