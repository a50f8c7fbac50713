use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Lines of one second that may be logged at level info.
const A_SECOND: u64 = 100;
/// Where in the state the second stands, above the number of lines in it.
const SHIFT: u32 = 32;

/// Keeps a log bearable while everything fails: says whether one more line may be logged at level info.
#[derive(Debug)]
pub(super) struct Bearable {
    start: Instant,
    /// The second since the start, and the number of lines in it.
    state: AtomicU64,
}

impl Bearable {
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            state: AtomicU64::new(0),
        }
    }

    /// Counts one more line; returns false once the current second has had its share.
    pub(super) fn one_more(&self) -> bool {
        self.one_more_after(self.start.elapsed())
    }

    fn one_more_after(&self, elapsed: Duration) -> bool {
        let second = elapsed.as_secs() << SHIFT;
        let next = |state: u64| {
            let of_this_second = state >> SHIFT == second >> SHIFT;
            Some(if of_this_second {
                state + 1
            } else {
                second + 1
            })
        };
        let before = self
            .state
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, next)
            .unwrap_or_else(|state| state);
        before >> SHIFT != second >> SHIFT || before - second < A_SECOND
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{A_SECOND, Bearable};

    #[test]
    fn each_second_has_its_share_of_lines() {
        let bearable = Bearable::new();
        for second in [0, 1, 7] {
            let allowed = |_: &u64| bearable.one_more_after(Duration::from_secs(second));
            assert_eq!((0..3 * A_SECOND).filter(allowed).count(), 100, "{second}");
        }
    }
}
