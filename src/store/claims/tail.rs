//! Following the log of claims: where it ends, and being woken when it grows.

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgExecutor;
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::Notify;

use super::events::EventPlace;
use crate::store::db::{Store, StoreError};

const CHANNEL: &str = "onrecord_claims";

// NOTIFY takes a lock that all transactions which notify share until they are committed: one inside every write would
// have them all commit one by one. So the writing process tells of many writes at once, behind them.
const NOTIFY: &str = "SELECT pg_notify('onrecord_claims', '')";

// Where nothing is kept the log ends where it was pruned to.
const LAST: &str = "SELECT coalesce(l.tx, p.tx), coalesce(l.id, p.id) \
     FROM claim_events_pruned p LEFT JOIN LATERAL ( \
       SELECT e.tx, e.id FROM claim_events e WHERE e.tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
       ORDER BY e.tx DESC, e.id DESC LIMIT 1) l ON true";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("claims::tail::NOTIFY", NOTIFY),
    ("claims::tail::LAST", LAST),
];

/// How long a writing process waits for further writes before it tells of them.
const GATHER: Duration = Duration::from_millis(10);
/// How long the connection may take to come up.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// The end of the log, over a connection of its own, which all followers in a process share.
#[derive(Debug)]
pub struct ClaimTail {
    listener: PgListener,
    written: Arc<Notify>,
}

impl Store {
    /// The end of the log of claims.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn claim_tail(&self) -> Result<ClaimTail, StoreError> {
        let connect = self.pool.connect_options().as_ref().clone();
        let own = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(CONNECT_TIMEOUT)
            .connect_lazy_with(connect);
        let mut listener = PgListener::connect_with(&own).await?;
        listener.listen(CHANNEL).await?;
        Ok(ClaimTail {
            listener,
            written: Arc::clone(&self.written),
        })
    }

    /// The last event below which nothing can come any more. Who begins to read there sees all that is committed from
    /// now on, and perhaps some that was committed while an older transaction still ran.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn last_claim_event(&self) -> Result<EventPlace, StoreError> {
        last(&self.pool).await
    }
}

async fn last(executor: impl PgExecutor<'_>) -> Result<EventPlace, StoreError> {
    let (tx, id) = sqlx::query_as(LAST).fetch_one(executor).await?;
    Ok(EventPlace { tx, id })
}

impl ClaimTail {
    /// As [`Store::last_claim_event`].
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn last(&mut self) -> Result<EventPlace, StoreError> {
        last(&mut self.listener).await
    }

    /// Waits until this or another process has written, at most so long. Wakes for nothing, too, and may miss a write of
    /// a process that ends just then.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn wait(&mut self, at_most: Duration) -> Result<(), StoreError> {
        let written = Arc::clone(&self.written);
        tokio::select! {
            () = written.notified() => {
                tokio::time::sleep(GATHER).await;
                sqlx::query(NOTIFY).execute(&mut self.listener).await?;
            }
            // `None`: the connection broke. It is made again with the next statement.
            heard = self.listener.try_recv() => { heard?; }
            () = tokio::time::sleep(at_most) => {}
        }
        Ok(())
    }
}
