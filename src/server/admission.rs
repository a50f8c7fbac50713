//! Which calls are let in: so many of each class at a time, and so many a second of each caller.

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
    in_flight: Arc<watch::Sender<usize>>,
}

/// A call that was let in. Its place is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Admitted {
    _permit: OwnedSemaphorePermit,
    in_flight: Arc<watch::Sender<usize>>,
}

impl Admission {
    pub(super) fn new(max_in_flight: usize, limits: &LimitOptions) -> Self {
        Self {
            lookups: Arc::new(Semaphore::new(max_in_flight)),
            reading: Arc::new(Semaphore::new(limits.max_reading)),
            streams: Arc::new(Semaphore::new(limits.max_streams)),
            rates: limits.rate.map(|rate| Arc::new(RateLimiter::new(rate))),
            in_flight: Arc::default(),
        }
    }

    /// Lets a call in.
    ///
    /// # Errors
    /// `RATE_LIMITED` or `OVERLOADED`, with the time after which to try again.
    pub(super) fn admit(&self, class: RpcClass, caller: &str) -> Result<Admitted, Status> {
        if let Some(rates) = &self.rates {
            rates.check(caller).map_err(|wait| {
                let message = "more calls than the rate limit allows";
                retry_later(Reason::RateLimited, message, wait)
            })?;
        }
        let (permits, retry_after) = match class {
            RpcClass::Lookup => (&self.lookups, LOOKUP_RETRY),
            RpcClass::Reading => (&self.reading, READING_RETRY),
            RpcClass::Stream => (&self.streams, STREAM_RETRY),
        };
        let permit = Arc::clone(permits).try_acquire_owned();
        let permit = permit.map_err(|_| {
            retry_later(Reason::Overloaded, "too many calls in flight", retry_after)
        })?;
        self.in_flight.send_modify(|calls| *calls += 1);
        Ok(Admitted {
            _permit: permit,
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
        let _ = in_flight.wait_for(|calls| *calls == 0).await;
    }

    /// How many calls are in flight.
    pub(super) fn in_flight(&self) -> usize {
        *self.in_flight.borrow()
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
        self.in_flight.send_modify(|calls| *calls -= 1);
    }
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use tonic_types::StatusExt;

    use super::*;

    #[tokio::test]
    async fn one_class_does_not_take_the_places_of_another() {
        let limits = LimitOptions {
            max_reading: 1,
            ..LimitOptions::default()
        };
        let admission = Admission::new(1, &limits);
        let reading = admission.admit(RpcClass::Reading, "a").unwrap();
        let refused = admission.admit(RpcClass::Reading, "b").unwrap_err();
        assert_eq!(refused.code(), Code::ResourceExhausted);
        assert!(refused.get_details_retry_info().is_some());
        let lookup = admission.admit(RpcClass::Lookup, "b").unwrap();
        assert_eq!(admission.in_flight(), 2);
        drop((reading, lookup));
        admission.idle().await;
        assert!(admission.admit(RpcClass::Reading, "b").is_ok());
    }
}
