//! Whether Postgres refuses our credentials.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// How long no other connection is tried after one that was refused: failed log-ins are costly, and servers lock out
/// who has too many.
const PAUSE: Duration = Duration::from_secs(1);

/// Notices refused connections, and keeps a refused caller from trying again in a tight loop.
#[derive(Debug, Default)]
pub(in crate::store::db) struct Refusal {
    last: Mutex<Option<(Instant, String)>>,
    noticed: Notify,
}

impl Refusal {
    /// Takes note of an error, if it is a refusal.
    pub(super) fn note(&self, error: &sqlx::Error) {
        if is_refusal(error) {
            *self.lock() = Some((Instant::now(), error.to_string()));
            self.noticed.notify_one();
        }
    }

    /// Whether a connection may be tried now.
    pub(super) fn ask(&self) -> sqlx::Result<()> {
        let last = self.lock();
        if last
            .as_ref()
            .is_some_and(|(last, _)| last.elapsed() < PAUSE)
        {
            let message = "Postgres has just refused the credentials";
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, message).into());
        }
        Ok(())
    }

    /// Forgets the last refusal: there are new credentials.
    pub(in crate::store::db) fn forget(&self) {
        *self.lock() = None;
    }

    /// Waits for a refusal, and returns what Postgres said.
    pub(in crate::store::db) async fn noticed(&self) -> String {
        self.noticed.notified().await;
        let last = self.lock();
        last.as_ref()
            .map(|(_, words)| words.clone())
            .unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Instant, String)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether Postgres refused who we say we are: SQLSTATE class 28, invalid authorization specification.
fn is_refusal(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(database)
        if database.code().is_some_and(|code| code.starts_with("28")))
}

#[cfg(test)]
mod tests {
    use super::{Refusal, is_refusal};

    #[test]
    fn other_errors_are_no_refusal() {
        let refusal = Refusal::default();
        refusal.note(&sqlx::Error::PoolTimedOut);
        assert!(!is_refusal(&sqlx::Error::PoolTimedOut));
        assert!(refusal.ask().is_ok());
    }
}
