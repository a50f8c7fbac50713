//! How long texts take to read, as learned from those read so far.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::extract::EngineKind;

/// What is done on a thread of the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Work {
    kind: Kind,
    /// The length of the text in bytes; 1 for work that has no text.
    units: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Model,
    Rules,
    Matching,
}

impl Work {
    /// Extracting claims from a text of this length.
    pub(super) const fn reading(engine: EngineKind, bytes: usize) -> Self {
        let kind = match engine {
            EngineKind::Rules => Kind::Rules,
            EngineKind::Model => Kind::Model,
        };
        let units = if bytes == 0 { 1 } else { bytes };
        Self { kind, units }
    }

    /// Comparing claims.
    pub(super) const fn matching() -> Self {
        Self {
            kind: Kind::Matching,
            units: 1,
        }
    }
}

/// How much each new observation lets older ones fade.
const FADING: f64 = 0.9;

/// The time that a unit of each kind of work takes on this machine, under its present load.
#[derive(Debug)]
pub(super) struct Speed(Mutex<[Rate; 3]>);

/// Seconds and units, both fading, so that long texts count for more than short ones.
#[derive(Debug, Clone, Copy)]
struct Rate {
    seconds: f64,
    units: f64,
}

impl Default for Speed {
    /// Starts with what one core of a server did in 2026; the first texts correct it.
    fn default() -> Self {
        let rate = |seconds, units| Rate { seconds, units };
        Self(Mutex::new([
            rate(0.5, 5_000.0),
            rate(0.01, 5_000.0),
            rate(0.05, 1.0),
        ]))
    }
}

impl Speed {
    /// How long this work is expected to take.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub(super) fn expect(&self, work: Work) -> Duration {
        let rates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rate = rates[work.kind as usize];
        Duration::from_secs_f64(rate.seconds / rate.units * work.units as f64)
    }

    /// Learns from work that was done.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub(super) fn learn(&self, work: Work, took: Duration) {
        let mut rates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rate = &mut rates[work.kind as usize];
        rate.seconds = rate.seconds * FADING + took.as_secs_f64();
        rate.units = rate.units * FADING + work.units as f64;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Speed, Work};
    use crate::extract::EngineKind;

    #[test]
    fn the_time_of_a_text_follows_from_those_before() {
        let speed = Speed::default();
        let text = Work::reading(EngineKind::Rules, 1_000);
        for _ in 0..100 {
            speed.learn(text, Duration::from_millis(20));
        }
        let long = speed.expect(Work::reading(EngineKind::Rules, 1_000_000));
        assert!((19.0..21.0).contains(&long.as_secs_f64()), "{long:?}");
        let other = speed.expect(Work::matching());
        assert_eq!(other, Speed::default().expect(Work::matching()));
    }

    #[test]
    fn a_short_text_that_took_long_does_not_make_long_ones_hopeless() {
        let speed = Speed::default();
        speed.learn(
            Work::reading(EngineKind::Model, 5_000),
            Duration::from_millis(500),
        );
        speed.learn(
            Work::reading(EngineKind::Model, 10),
            Duration::from_millis(100),
        );
        let long = speed.expect(Work::reading(EngineKind::Model, 5_000));
        assert!(long < Duration::from_secs(1), "{long:?}");
    }
}
