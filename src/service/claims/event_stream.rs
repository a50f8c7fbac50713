use std::convert::Infallible;
use std::time::{Duration, Instant};

use tokio::sync::watch::{Receiver, Sender};

use super::held_back::HeldBack;
use crate::store::{ClaimTail, EventPosition, Store, StoreError};

/// How often the log is polled even without a notification: notifications can be lost, and an event may have been
/// held back by another open transaction.
const POLL: Duration = Duration::from_millis(500);
/// How often it is looked up who holds the log back.
const LOOK: Duration = Duration::from_secs(5);
/// The pause before reconnecting to the database.
const PAUSE: Duration = Duration::from_secs(1);

/// What the watchers in this process are notified of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// Nothing is known yet.
    Unknown,
    /// The end of the event log.
    Reaches(EventPosition),
    /// The database is unavailable.
    Down,
    /// The server is shutting down.
    Stopping,
}

/// Notifies watchers when the event log grows. Each process has one listening connection and one poller, however many
/// watchers there are. Clones share one stream.
#[derive(Debug, Clone)]
pub struct EventStream(Sender<Signal>);

impl Default for EventStream {
    fn default() -> Self {
        Self(Sender::new(Signal::Unknown))
    }
}

impl EventStream {
    /// Follows the log of `store` and notifies other processes of this process's writes. Never returns.
    pub async fn follow(self, store: Store) -> Infallible {
        loop {
            let Err(error) = self.follow_connected(&store).await;
            tracing::debug!(%error, "cannot follow the event log");
            self.tell(Signal::Down);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Ends all current and future watches.
    pub fn stop(&self) {
        self.tell(Signal::Stopping);
    }

    pub(super) fn subscribe(&self) -> Receiver<Signal> {
        self.0.subscribe()
    }

    async fn follow_connected(&self, store: &Store) -> Result<Infallible, StoreError> {
        let mut tail = store.claim_tail().await?;
        let (mut held, mut looked) = (HeldBack::default(), Instant::now());
        loop {
            if looked.elapsed() >= LOOK {
                looked = Instant::now();
                report(&mut held, &mut tail).await?;
            }
            // A new watcher reads the log itself, so without watchers there is nothing to signal, except that the
            // database is back.
            if self.0.receiver_count() > 0 || *self.0.borrow() == Signal::Down {
                self.tell(Signal::Reaches(tail.last().await?));
            }
            tail.wait(POLL).await?;
        }
    }

    fn tell(&self, signal: Signal) {
        self.0.send_if_modified(|last| {
            let news = *last != signal && *last != Signal::Stopping;
            if news {
                *last = signal;
            }
            news
        });
    }
}

/// Logs who has held back the log for long.
async fn report(held: &mut HeldBack, tail: &mut ClaimTail) -> Result<(), StoreError> {
    let holder = tail.holder().await?;
    if let Some(holder) = held.look(holder, Instant::now()) {
        tracing::warn!("watchers wait for a transaction that does not end: {holder}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{EventStream, Signal};

    #[test]
    fn who_stops_does_not_begin_again() {
        let feed = EventStream::default();
        feed.tell(Signal::Down);
        feed.stop();
        feed.tell(Signal::Down);
        assert_eq!(*feed.subscribe().borrow(), Signal::Stopping);
    }
}
