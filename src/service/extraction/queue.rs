//! The queue before the threads that read texts: callers take turns, and nobody waits in vain.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::service::CallContext;

/// Most bytes of text that may wait: what a burst of long texts costs in memory.
const MOST_WAITING_BYTES: usize = 64 << 20;

/// The shortest time after which a refused caller is told to come back.
const SHORTEST_RETRY: Duration = Duration::from_millis(100);

/// A queue for a number of threads. Each caller has a line of its own; the lines take turns, so that a caller with many
/// texts does not hold up one with few. Clones share one queue.
#[derive(Debug, Clone)]
pub(super) struct FairQueue {
    state: Arc<Mutex<State>>,
    threads: u32,
}

/// A place on a thread, which is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    queue: FairQueue,
    cost: Duration,
}

/// What asks for a turn.
#[derive(Debug)]
pub(super) struct Entry {
    /// Who asks, and until when.
    pub call: CallContext,
    /// How long a thread will be occupied.
    pub cost: Duration,
    /// The length of the text that waits meanwhile.
    pub bytes: usize,
}

/// The work would not be done in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QueueFull {
    /// When it makes sense to ask again.
    pub retry_after: Duration,
}

#[derive(Debug)]
struct State {
    free: u32,
    /// The expected time of all work that is being done.
    running: Duration,
    waiting_bytes: usize,
    lines: VecDeque<Line>,
}

#[derive(Debug)]
struct Line {
    caller: Arc<str>,
    waiting: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    entry: Entry,
    start: oneshot::Sender<Result<Turn, QueueFull>>,
}

impl FairQueue {
    /// A queue for this many threads.
    pub(super) fn new(threads: usize) -> Self {
        let threads = u32::try_from(threads).unwrap_or(u32::MAX).max(1);
        Self {
            state: Arc::new(Mutex::new(State {
                free: threads,
                running: Duration::ZERO,
                waiting_bytes: 0,
                lines: VecDeque::new(),
            })),
            threads,
        }
    }

    /// Waits for a turn. Dropping the future leaves the queue.
    ///
    /// # Errors
    /// [`QueueFull`] at once where the turn would come too late for the caller's deadline, or too much text is waiting;
    /// later where others turned out to take longer than expected.
    pub(super) async fn enter(&self, entry: Entry) -> Result<Turn, QueueFull> {
        let (start, started) = oneshot::channel();
        {
            let mut state = self.lock();
            state.forget_the_gone();
            if state.free > 0 && state.lines.is_empty() {
                return Ok(self.begin(&mut state, entry.cost));
            }
            self.admit(&state, &entry)?;
            state.push(Waiting { entry, start });
        }
        let never = QueueFull {
            retry_after: SHORTEST_RETRY,
        };
        started.await.unwrap_or(Err(never))
    }

    fn begin(&self, state: &mut State, cost: Duration) -> Turn {
        state.free -= 1;
        state.running += cost;
        Turn {
            queue: self.clone(),
            cost,
        }
    }

    /// Refuses what would come too late.
    fn admit(&self, state: &State, entry: &Entry) -> Result<(), QueueFull> {
        let Some(deadline) = entry.call.deadline else {
            return Ok(());
        };
        let wait = state.wait_of(&entry.call.caller) / self.threads;
        let left = deadline.saturating_duration_since(Instant::now());
        let too_late = wait + entry.cost > left;
        let too_much = state.waiting_bytes + entry.bytes > MOST_WAITING_BYTES;
        if too_late || too_much {
            let retry_after = wait.max(SHORTEST_RETRY);
            return Err(QueueFull { retry_after });
        }
        Ok(())
    }

    /// Gives free threads to those whose turn it is.
    fn dispatch(&self) {
        loop {
            let Some((waiting, in_time)) = self.lock().next() else {
                return;
            };
            let turn = if in_time {
                Ok(Turn {
                    queue: self.clone(),
                    cost: waiting.entry.cost,
                })
            } else {
                let retry_after = waiting.entry.cost.max(SHORTEST_RETRY);
                Err(QueueFull { retry_after })
            };
            // Whoever has left in this moment drops the turn, which frees the thread again.
            let _ = waiting.start.send(turn);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        {
            let mut state = self.queue.lock();
            state.free += 1;
            state.running = state.running.saturating_sub(self.cost);
        }
        self.queue.dispatch();
    }
}

impl State {
    fn push(&mut self, waiting: Waiting) {
        self.waiting_bytes += waiting.entry.bytes;
        let caller = Arc::clone(&waiting.entry.call.caller);
        match self.lines.iter_mut().find(|line| line.caller == caller) {
            Some(line) => line.waiting.push_back(waiting),
            None => self.lines.push_back(Line {
                caller,
                waiting: VecDeque::from([waiting]),
            }),
        }
    }

    /// Takes whose turn it is, if a thread is free, and says whether there is still time for the work: otherwise no
    /// thread is spent on it.
    fn next(&mut self) -> Option<(Waiting, bool)> {
        if self.free == 0 {
            return None;
        }
        let mut line = self.lines.pop_front()?;
        let waiting = line.waiting.pop_front()?;
        if !line.waiting.is_empty() {
            self.lines.push_back(line);
        }
        let entry = &waiting.entry;
        self.waiting_bytes -= entry.bytes;
        let deadline = entry.call.deadline;
        let in_time = deadline.is_none_or(|deadline| Instant::now() + entry.cost / 2 < deadline);
        if in_time {
            self.free -= 1;
            self.running += entry.cost;
        }
        Some((waiting, in_time))
    }

    /// Work ahead of a caller that joins now: half of what is running, its own line, and as many turns of each other
    /// line.
    fn wait_of(&self, caller: &str) -> Duration {
        let own = self.lines.iter().find(|line| &*line.caller == caller);
        let turns = own.map_or(0, |line| line.waiting.len()) + 1;
        let lines = self.lines.iter().flat_map(|line| {
            let is_own = &*line.caller == caller;
            let turns = if is_own { turns - 1 } else { turns };
            line.waiting.iter().take(turns)
        });
        let ahead: Duration = lines.map(|waiting| waiting.entry.cost).sum();
        ahead + self.running / 2
    }

    /// Removes those whose callers do not wait any more.
    fn forget_the_gone(&mut self) {
        for line in &mut self.lines {
            line.waiting.retain(|waiting| {
                let is_gone = waiting.start.is_closed();
                if is_gone {
                    self.waiting_bytes -= waiting.entry.bytes;
                }
                !is_gone
            });
        }
        self.lines.retain(|line| !line.waiting.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn entry(caller: &str, time: Duration) -> Entry {
        Entry {
            call: CallContext {
                caller: Arc::from(caller),
                deadline: Some(Instant::now() + time),
            },
            cost: SECOND,
            bytes: 1,
        }
    }

    fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
        std::pin::Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn callers_take_turns() {
        let queue = FairQueue::new(1);
        let first = queue.enter(entry("greedy", 60 * SECOND)).await.unwrap();
        let mut greedy: Vec<_> = (0..3)
            .map(|_| Box::pin(queue.enter(entry("greedy", 60 * SECOND))))
            .collect();
        assert!(greedy.iter_mut().all(|one| poll(one).is_pending()));
        let mut modest = pin!(queue.enter(entry("modest", 60 * SECOND)));
        assert!(poll(&mut modest).is_pending());
        drop(first);
        let Poll::Ready(Ok(second)) = poll(&mut greedy[0]) else {
            panic!("the first in line comes first");
        };
        drop(second);
        assert!(poll(&mut greedy[1]).is_pending());
        assert!(matches!(poll(&mut modest), Poll::Ready(Ok(_))));
    }

    #[tokio::test]
    async fn who_would_come_too_late_is_told_at_once() {
        let queue = FairQueue::new(1);
        let _running = queue.enter(entry("a", 60 * SECOND)).await.unwrap();
        let mut waiting: Vec<_> = (0..4)
            .map(|_| Box::pin(queue.enter(entry("a", 60 * SECOND))))
            .collect();
        assert!(waiting.iter_mut().all(|one| poll(one).is_pending()));
        let late = queue.enter(entry("a", 4 * SECOND)).await.unwrap_err();
        assert!(late.retry_after >= 4 * SECOND, "{late:?}");
        // Another caller has only one turn before its own.
        let mut other = pin!(queue.enter(entry("b", 4 * SECOND)));
        assert!(poll(&mut other).is_pending());
    }

    #[tokio::test]
    async fn with_a_free_thread_even_a_short_deadline_is_tried() {
        let queue = FairQueue::new(1);
        assert!(queue.enter(entry("a", SECOND / 10)).await.is_ok());
    }

    #[tokio::test]
    async fn no_thread_is_spent_on_what_has_become_hopeless() {
        let queue = FairQueue::new(1);
        let at_once = Entry {
            cost: Duration::ZERO,
            ..entry("a", 60 * SECOND)
        };
        let running = queue.enter(at_once).await.unwrap();
        // It would be in time if what is running took as long as expected.
        let mut hopeless = pin!(queue.enter(Entry {
            cost: SECOND / 10,
            ..entry("a", SECOND / 5)
        }));
        assert!(poll(&mut hopeless).is_pending());
        std::thread::sleep(SECOND / 5);
        drop(running);
        assert!(matches!(poll(&mut hopeless), Poll::Ready(Err(_))));
        assert!(queue.enter(entry("a", SECOND)).await.is_ok());
    }

    #[tokio::test]
    async fn who_leaves_frees_the_place() {
        let queue = FairQueue::new(1);
        let running = queue.enter(entry("a", 60 * SECOND)).await.unwrap();
        let mut gone = Box::pin(queue.enter(entry("a", 60 * SECOND)));
        assert!(poll(&mut gone).is_pending());
        let mut stays = pin!(queue.enter(entry("a", 60 * SECOND)));
        assert!(poll(&mut stays).is_pending());
        drop(gone);
        drop(running);
        assert!(matches!(poll(&mut stays), Poll::Ready(Ok(_))));
    }

    #[tokio::test]
    async fn texts_that_wait_are_bounded() {
        let queue = FairQueue::new(1);
        let _running = queue.enter(entry("a", 60 * SECOND)).await.unwrap();
        let long = || Entry {
            cost: Duration::ZERO,
            bytes: MOST_WAITING_BYTES / 2 + 1,
            ..entry("a", 60 * SECOND)
        };
        let mut one = pin!(queue.enter(long()));
        assert!(poll(&mut one).is_pending());
        assert!(queue.enter(long()).await.is_err());
    }
}
