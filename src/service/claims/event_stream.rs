use std::convert::Infallible;
use std::time::Duration;

use tokio::sync::watch::{Receiver, Sender};

use crate::store::{EventPlace, Store, StoreError};

/// How often the log is looked at though nobody told that it grew: a message may be lost, and an event may have had to
/// wait for the end of another transaction.
const POLL: Duration = Duration::from_millis(500);
/// The pause before a broken connection to the database is made again.
const PAUSE: Duration = Duration::from_secs(1);

/// What the watchers in this process are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// Nothing was found out yet.
    Unknown,
    /// The log of claims reaches up to here.
    Reaches(EventPlace),
    /// The database does not answer.
    Down,
    /// The server is about to stop.
    Stopping,
}

/// Tells watchers of claims that the log has grown, the same to all: there is one connection that listens and one look
/// at the log for each process, however many watch. Clones are one stream.
#[derive(Debug, Clone)]
pub struct EventStream(Sender<Signal>);

impl Default for EventStream {
    fn default() -> Self {
        Self(Sender::new(Signal::Unknown))
    }
}

impl EventStream {
    /// Follows the log of `store`, and tells other processes what this one writes. Never ends.
    pub async fn follow(self, store: Store) -> Infallible {
        loop {
            let Err(error) = self.follow_connected(&store).await;
            tracing::debug!(%error, "the log of claims cannot be followed");
            self.tell(Signal::Down);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Ends every watch, now and to come.
    pub fn stop(&self) {
        self.tell(Signal::Stopping);
    }

    pub(super) fn subscribe(&self) -> Receiver<Signal> {
        self.0.subscribe()
    }

    async fn follow_connected(&self, store: &Store) -> Result<Infallible, StoreError> {
        let mut tail = store.claim_tail().await?;
        loop {
            // Who begins to watch looks for itself, so nothing has to be known where nobody does; but that the database
            // is back has.
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
