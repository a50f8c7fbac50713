use std::sync::OnceLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// How much the threads yield to all others, as `nice` counts it.
const NICENESS: i32 = 10;

/// Threads for long texts. Apart from those of short texts, since a thread that has begun a part of a long text would
/// finish all its parts first; and of low priority, so that they use what the others leave.
#[derive(Debug, Default)]
pub(super) struct LongTexts(OnceLock<Option<ThreadPool>>);

impl LongTexts {
    /// Does the work on these threads, and waits for it. Where the system grants no threads, it is done on this one.
    pub(super) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match self.0.get_or_init(threads) {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}

fn threads() -> Option<ThreadPool> {
    let built = ThreadPoolBuilder::new()
        .thread_name(|number| format!("long-text-{number}"))
        // On Linux niceness is a thread's own. Without it they are only less polite.
        .start_handler(|_| {
            let _ = rustix::process::nice(NICENESS);
        })
        .build();
    built
        .inspect_err(|error| tracing::warn!(%error, "no threads for long texts"))
        .ok()
}
