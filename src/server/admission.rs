//! Which calls are let in: so many of each class at a time, and so many a second of each caller.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tonic::Status;

use super::limit_options::LimitOptions;
use super::rate_limit::RateLimiter;
use super::rpc_class::RpcClass;
use crate::api::wire::status::{Reason, retry_later};

/// When a place of each class may be free again.
const LOOKUP_RETRY: Duration = Duration::from_millis(200);
const READING_RETRY: Duration = Duration::from_secs(1);
const STREAM_RETRY: Duration = Duration::from_secs(5);

/// The limits that all calls share. Clones share one instance.
#[derive(Debug, Clone)]
pub(super) struct Admission {
    lookups: Arc<Semaphore>,
    reading: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    rates: Option<Arc<RateLimiter>>,
    in_flight: Arc<watch::Sender<Counts>>,
    most_of_one_connection: [usize; 3],
}

/// How many calls of a class each connection has in flight.
type Counts = HashMap<(RpcClass, Arc<str>), usize>;

/// A call that was let in. Its place is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Admitted {
    _permit: OwnedSemaphorePermit,
    share: (RpcClass, Arc<str>),
    in_flight: Arc<watch::Sender<Counts>>,
}

/// Whose call it is, for limits and turns.
#[derive(Debug)]
pub(super) struct Origin {
    /// Whose rate is limited.
    pub name: String,
    /// Who takes turns with others. Callers without names may share an address: each connection has turns of its own.
    pub line: Arc<str>,
    /// The connection, which may not take all places.
    pub connection: Arc<str>,
}

impl Admission {
    pub(super) fn new(max_in_flight: usize, limits: &LimitOptions) -> Self {
        Self {
            lookups: Arc::new(Semaphore::new(max_in_flight)),
            reading: Arc::new(Semaphore::new(limits.max_reading)),
            streams: Arc::new(Semaphore::new(limits.max_streams)),
            rates: limits.rate.map(|rate| Arc::new(RateLimiter::new(rate))),
            in_flight: Arc::default(),
            // Calls whose message does not come hold their places, too: one connection must not take all.
            most_of_one_connection: [max_in_flight, limits.max_reading, limits.max_streams]
                .map(|places| places.div_ceil(2)),
        }
    }

    /// Lets a call in.
    ///
    /// # Errors
    /// `RATE_LIMITED` or `OVERLOADED`, with the time after which to try again.
    pub(super) fn admit(&self, class: RpcClass, origin: &Origin) -> Result<Admitted, Status> {
        if let Some(rates) = &self.rates {
            rates.check(&origin.name).map_err(|wait| {
                let message = "more calls than the rate limit allows";
                retry_later(Reason::RateLimited, message, wait)
            })?;
        }
        let (permits, retry_after) = match class {
            RpcClass::Lookup => (&self.lookups, LOOKUP_RETRY),
            RpcClass::Reading => (&self.reading, READING_RETRY),
            RpcClass::Stream => (&self.streams, STREAM_RETRY),
        };
        let full = |message| retry_later(Reason::Overloaded, message, retry_after);
        let permit = Arc::clone(permits).try_acquire_owned();
        let permit = permit.map_err(|_| full("too many calls in flight"))?;
        let share = (class, Arc::clone(&origin.connection));
        let most = self.most_of_one_connection[class as usize];
        let has_its_share = self.in_flight.send_if_modified(|calls| {
            let mine = calls.entry(share.clone()).or_default();
            let fits = *mine < most;
            *mine += usize::from(fits);
            fits
        });
        if !has_its_share {
            return Err(full("too many calls in flight on this connection"));
        }
        Ok(Admitted {
            _permit: permit,
            share,
            in_flight: Arc::clone(&self.in_flight),
        })
    }

    /// The places of calls that read texts, which the documents of streams share.
    pub(super) fn reading(&self) -> Arc<Semaphore> {
        Arc::clone(&self.reading)
    }

    /// Waits until no call is in flight.
    pub(super) async fn idle(&self) {
        let mut in_flight = self.in_flight.subscribe();
        // The sender is ours: it is not gone.
        let _ = in_flight.wait_for(HashMap::is_empty).await;
    }

    /// How many calls are in flight.
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.borrow().values().sum()
    }

    /// Forgets callers that have not called for a while.
    pub(super) fn forget_idle_callers(&self) {
        if let Some(rates) = &self.rates {
            rates.forget_idle_callers();
        }
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.in_flight.send_modify(|calls| {
            if let Some(mine) = calls.get_mut(&self.share) {
                *mine -= 1;
                if *mine == 0 {
                    calls.remove(&self.share);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use tonic_types::StatusExt;

    use super::*;

    fn origin(name: &str) -> Origin {
        Origin {
            name: name.to_owned(),
            line: Arc::from(name),
            connection: Arc::from(name),
        }
    }

    #[tokio::test]
    async fn one_connection_does_not_take_all_places() {
        let admission = Admission::new(4, &LimitOptions::default());
        let admit = |name| admission.admit(RpcClass::Lookup, &origin(name));
        let held = [admit("a").unwrap(), admit("a").unwrap()];
        assert!(admit("a").is_err());
        assert!(admit("b").is_ok());
        drop(held);
        assert!(admit("a").is_ok());
    }

    #[tokio::test]
    async fn one_class_does_not_take_the_places_of_another() {
        let limits = LimitOptions {
            max_reading: 1,
            ..LimitOptions::default()
        };
        let admission = Admission::new(1, &limits);
        let reading = admission.admit(RpcClass::Reading, &origin("a")).unwrap();
        let refused = admission
            .admit(RpcClass::Reading, &origin("b"))
            .unwrap_err();
        assert_eq!(refused.code(), Code::ResourceExhausted);
        assert!(refused.get_details_retry_info().is_some());
        let lookup = admission.admit(RpcClass::Lookup, &origin("b")).unwrap();
        assert_eq!(admission.in_flight(), 2);
        drop((reading, lookup));
        admission.idle().await;
        assert!(admission.admit(RpcClass::Reading, &origin("b")).is_ok());
    }
}
