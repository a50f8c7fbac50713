use std::sync::Arc;

use tokio::sync::{Notify, watch};

/// Tells this server's worker that an operation was started here, and that the server is about to stop. Clones are the
/// same.
#[derive(Debug, Clone, Default)]
pub struct OperationSignals {
    begun: Arc<Notify>,
    stopping: watch::Sender<bool>,
}

impl OperationSignals {
    /// An operation was started.
    pub(super) fn begin(&self) {
        self.begun.notify_one();
    }

    /// Waits until an operation was started since the last time.
    pub(super) async fn begun(&self) {
        self.begun.notified().await;
    }

    /// The server is about to stop: whatever is at hand is the last.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Whether the server is about to stop.
    pub(super) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }
}
