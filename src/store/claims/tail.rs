//! Following the event log: where it ends, and being notified when it grows.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use sqlx::PgExecutor;
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::Notify;

use super::events::EventPosition;
use super::horizon::{Holder, holder};
use crate::store::db::{Store, StoreError, end_abandoned};

const CHANNEL: &str = "onrecord_claims";

// NOTIFY takes a lock that is held until commit and shared by all notifying transactions: inside every write it would
// serialise all commits. So the writing process notifies once for many writes, after their commits.
const NOTIFY: &str = "SELECT pg_notify('onrecord_claims', '')";

// If no event is retained, the log ends where it was pruned to.
const LAST: &str = "SELECT coalesce(l.tx, p.tx), coalesce(l.id, p.id) \
     FROM claim_events_pruned p LEFT JOIN LATERAL ( \
       SELECT e.tx, e.id FROM claim_events e WHERE e.tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint \
       ORDER BY e.tx DESC, e.id DESC LIMIT 1) l ON true";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("claims::tail::NOTIFY", NOTIFY),
    ("claims::tail::LAST", LAST),
];

/// How long a writing process gathers further writes before it notifies.
const GATHER: Duration = Duration::from_millis(10);
/// How long the connection may take to come up.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a statement may take: no answer means that the connection was cut off.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// Follows the end of the log over its own connection, which all watchers in a process share.
#[derive(Debug)]
pub struct ClaimTail {
    listener: PgListener,
    written: Arc<Notify>,
}

impl Store {
    /// Opens a follower of the end of the event log.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn claim_tail(&self) -> Result<ClaimTail, StoreError> {
        let connect = self.pool.connect_options().as_ref().clone();
        let own = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(CONNECT_TIMEOUT)
            .after_connect(|connection, _| end_abandoned(connection).boxed())
            .connect_lazy_with(connect);
        let mut listener = PgListener::connect_with(&own).await?;
        listener.listen(CHANNEL).await?;
        Ok(ClaimTail {
            listener,
            written: Arc::clone(&self.written),
        })
    }

    /// Returns the last event before which none can be added any more. A reader that starts there sees everything
    /// committed from now on, and possibly some events that were committed while an older transaction was still
    /// running.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn last_claim_event(&self) -> Result<EventPosition, StoreError> {
        last(&self.pool).await
    }
}

async fn last(executor: impl PgExecutor<'_>) -> Result<EventPosition, StoreError> {
    let (tx, id) = sqlx::query_as(LAST).fetch_one(executor).await?;
    Ok(EventPosition { tx, id })
}

/// Waits for the answer to a statement, for a while.
async fn in_time<T>(answer: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let answer = tokio::time::timeout(ANSWER_TIMEOUT, answer).await;
    answer.unwrap_or_else(|_| {
        let slow = io::Error::from(io::ErrorKind::TimedOut);
        Err(StoreError::Unavailable(slow.into()))
    })
}

impl ClaimTail {
    /// See [`Store::last_claim_event`].
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn last(&mut self) -> Result<EventPosition, StoreError> {
        in_time(last(&mut self.listener)).await
    }

    /// Returns the oldest running transaction, which the end of the log waits for, if there is one.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn holder(&mut self) -> Result<Option<Holder>, StoreError> {
        in_time(holder(&mut self.listener)).await
    }

    /// Waits until this or another process has written, for at most this long. May wake spuriously, and may miss a
    /// write of a process that exits at that moment.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn wait(&mut self, at_most: Duration) -> Result<(), StoreError> {
        let written = Arc::clone(&self.written);
        tokio::select! {
            () = written.notified() => {
                tokio::time::sleep(GATHER).await;
                in_time(async { Ok(sqlx::query(NOTIFY).execute(&mut self.listener).await?) }).await?;
            }
            // `None`: the connection was lost. It is reopened with the next statement.
            heard = self.listener.try_recv() => { heard?; }
            () = tokio::time::sleep(at_most) => {}
        }
        Ok(())
    }
}
