use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota};

/// How many calls a caller may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Calls a second, on average.
    pub per_second: NonZeroU32,
    /// Calls at once, after a pause.
    pub burst: NonZeroU32,
    /// Whether calls above the limit are only logged.
    pub dry_run: bool,
}

/// Counts the calls of each caller: a leaky bucket (GCRA) for each.
#[derive(Debug)]
pub(super) struct RateLimiter {
    buckets: DefaultKeyedRateLimiter<String>,
    dry_run: bool,
    /// What a dry run may log: a line a second tells whom the limit would hit, whatever the load.
    log: DefaultDirectRateLimiter,
}

impl RateLimiter {
    pub(super) fn new(limit: RateLimit) -> Self {
        let quota = Quota::per_second(limit.per_second).allow_burst(limit.burst);
        Self {
            buckets: DefaultKeyedRateLimiter::keyed(quota),
            dry_run: limit.dry_run,
            log: governor::RateLimiter::direct(Quota::per_second(NonZeroU32::MIN)),
        }
    }

    /// Counts a call of this caller; returns how long it has to wait if it was one too many.
    pub(super) fn check(&self, caller: &str) -> Result<(), Duration> {
        let Err(early) = self.buckets.check_key(&caller.to_owned()) else {
            return Ok(());
        };
        if self.dry_run {
            if self.log.check().is_ok() {
                tracing::warn!(caller, "above the rate limit, which is not enforced");
            }
            return Ok(());
        }
        Err(early.wait_time_from(DefaultClock::default().now()))
    }

    /// Forgets callers whose buckets are empty.
    pub(super) fn forget_idle_callers(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(dry_run: bool) -> RateLimiter {
        let two = NonZeroU32::new(2).unwrap();
        RateLimiter::new(RateLimit {
            per_second: NonZeroU32::MIN,
            burst: two,
            dry_run,
        })
    }

    #[test]
    fn each_caller_has_a_limit_of_its_own() {
        let limiter = limiter(false);
        assert!(limiter.check("a").is_ok() && limiter.check("a").is_ok());
        let wait = limiter.check("a").unwrap_err();
        assert!(wait <= Duration::from_secs(1), "{wait:?}");
        assert!(limiter.check("b").is_ok());
    }

    #[test]
    fn a_dry_run_refuses_nobody() {
        let limiter = limiter(true);
        assert!((0..9).all(|_| limiter.check("a").is_ok()));
    }
}
