//! Reading the articles of operations, beside the calls.

use std::convert::Infallible;
use std::time::Duration;

use futures_util::future::try_join_all;
use uuid::Uuid;

use super::failure::reason;
use super::signals::OperationSignals;
use crate::domain::{ArticleFailure, ArticleId};
use crate::extract::EngineKind;
use crate::service::ServiceError;
use crate::service::articles::{ReextractArticle, reextract_article};
use crate::service::extraction::ExtractionPool;
use crate::store::{LEASE, Store, TakenOperation};

/// How often to look for an operation that another server started or left behind.
const IDLE: Duration = Duration::from_secs(5);
/// How long to wait after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Reads the articles of operations: one operation at a time, and few articles at a time.
#[derive(Debug)]
pub struct OperationWorker {
    /// What the operations know it by.
    id: Uuid,
    pool: ExtractionPool,
    signals: OperationSignals,
}

impl OperationWorker {
    /// Creates a worker that reads in `pool`.
    #[must_use]
    pub fn new(pool: ExtractionPool, signals: OperationSignals) -> Self {
        Self {
            id: Uuid::now_v7(),
            pool,
            signals,
        }
    }

    /// Works on operations as they come, for as long as it is polled. Once the server is about to stop, it leaves them to
    /// other servers.
    pub async fn run(self, store: Store) -> Infallible {
        loop {
            let pause = match self.work(&store).await {
                Ok(true) => continue,
                Ok(false) => IDLE,
                Err(error) => {
                    tracing::warn!(%error, "could not go on with an operation");
                    AFTER_FAILURE
                }
            };
            if self.signals.is_stopping() {
                return std::future::pending().await;
            }
            // Where the pause ends is no error.
            let _ = tokio::time::timeout(pause, self.signals.begun()).await;
        }
    }

    /// Works on an operation as long as there is something to do; returns false if there is none.
    async fn work(&self, store: &Store) -> Result<bool, ServiceError> {
        if self.signals.is_stopping() {
            return Ok(false);
        }
        let engines = [EngineKind::Model, EngineKind::Rules].map(EngineKind::id);
        let Some(mut taken) = store.take_operation(self.id, &engines).await? else {
            return Ok(false);
        };
        let operation = taken.operation.id;
        tracing::info!(%operation, "working on an operation");
        while self.next_batch(store, &mut taken).await? {
            if self.signals.is_stopping() {
                store.give_back_operation(&taken).await?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads the next articles; returns false if there are none, or the operation is no longer this worker's.
    async fn next_batch(
        &self,
        store: &Store,
        taken: &mut TakenOperation,
    ) -> Result<bool, ServiceError> {
        if taken.at_hand.is_empty() {
            let most = self.pool.in_background();
            let Some(next) = store.next_articles(taken, most).await? else {
                store.succeed_operation(taken).await?;
                return Ok(false);
            };
            if !store.take_in_hand(taken, &next).await? {
                return Ok(false);
            }
            taken.cursor = Some(next.cursor);
            taken.at_hand = next.articles;
        }
        let articles = taken.at_hand.iter();
        let reading = try_join_all(articles.map(|article| self.read(store, taken, *article)));
        tokio::select! {
            read = Box::pin(reading) => read?,
            lost = keep(store, taken) => return lost.map(|()| false),
        };
        taken.at_hand.clear();
        Ok(true)
    }

    /// Reads an article at hand, and counts what became of it.
    async fn read(
        &self,
        store: &Store,
        taken: &TakenOperation,
        article: ArticleId,
    ) -> Result<(), ServiceError> {
        let operation = taken.operation.id;
        let command = ReextractArticle {
            id: article,
            engine: EngineKind::named(&taken.operation.engine.name),
            row_version: None,
            operation: Some(operation),
        };
        loop {
            match Box::pin(reextract_article(store, &self.pool, command, None)).await {
                Ok(_) => {
                    count("done");
                    return Ok(());
                }
                Err(ServiceError::ArticleNotFound(_) | ServiceError::ArticleDeleted { .. }) => {
                    return Ok(store.leave_out(taken, article).await?);
                }
                Err(ServiceError::Overloaded { retry_after }) => {
                    tokio::time::sleep(retry_after).await;
                }
                Err(error) => {
                    let Some(reason) = reason(&error) else {
                        return Err(error);
                    };
                    tracing::warn!(%operation, %article, %error, "could not read an article again");
                    count("failed");
                    let failure = ArticleFailure { article, reason };
                    return Ok(store.count_failure(taken, failure).await?);
                }
            }
        }
    }
}

/// Keeps the operation for this worker. Returns once it is no longer this worker's.
async fn keep(store: &Store, taken: &TakenOperation) -> Result<(), ServiceError> {
    loop {
        tokio::time::sleep(LEASE / 3).await;
        if !store.renew_operation(taken).await? {
            return Ok(());
        }
    }
}

fn count(outcome: &'static str) {
    metrics::counter!("onrecord_operation_articles_total", "outcome" => outcome).increment(1);
}
