use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::Utc;

use super::long_texts::LongTexts;
use super::measure::{Waiting, count};
use super::queue::{Entry, FairQueue, QueueFull, Turn};
use super::speed::{Speed, Work};
use crate::domain::{Document, Extraction, ExtractionRun};
use crate::extract::{EngineKind, Options, extract_unless};
use crate::service::{CallContext, ServiceError};

/// A text that takes longer is a long one: it waits for other long ones only, and yields the processors to all others.
const LONG: Duration = Duration::from_secs(3);

/// Reads documents on dedicated threads, one per core, so that extraction never blocks the network. Clones share one
/// pool.
///
/// Callers take turns. What would not be done by its caller's deadline is refused at once, judged by how long texts have
/// taken so far. Long texts are read one at a time, beside the others and at a lower priority.
#[derive(Debug, Clone)]
pub struct ExtractionPool {
    shared: Arc<Shared>,
    call: CallContext,
}

#[derive(Debug)]
struct Shared {
    queue: FairQueue,
    long_queue: FairQueue,
    long_texts: LongTexts,
    speed: Speed,
    cores: usize,
    max_text_bytes: usize,
    min_confidence: f32,
}

/// A document and what was extracted from it.
#[derive(Debug)]
pub struct Reading {
    /// The document.
    pub document: Document,
    /// What was extracted.
    pub extraction: Extraction,
    /// Which engine ran, when, and for how long.
    pub run: ExtractionRun,
}

impl ExtractionPool {
    /// Creates a pool that reads texts of at most `max_text_bytes` and, by default, leaves out claims with a
    /// confidence below `min_confidence`. Its work counts as done in the background; see [`for_call`](Self::for_call).
    #[must_use]
    pub fn new(max_text_bytes: usize, min_confidence: f32) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let shared = Shared {
            queue: FairQueue::new(cores),
            long_queue: FairQueue::new(1),
            long_texts: LongTexts::default(),
            speed: Speed::default(),
            cores,
            max_text_bytes,
            min_confidence,
        };
        Self {
            shared: Arc::new(shared),
            call: CallContext::background(),
        }
    }

    /// The same pool, working for a call: the caller takes its turn, and the work has to be done by the deadline.
    #[must_use]
    pub fn for_call(&self, call: CallContext) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            call,
        }
    }

    /// The options for documents that are to be stored, and for callers who do not ask for more.
    #[must_use]
    pub fn default_options(&self, engine: EngineKind) -> Options {
        Options {
            engine,
            min_confidence: self.shared.min_confidence,
            ..Options::default()
        }
    }

    /// The length of the longest text that is read.
    #[must_use]
    pub fn max_text_bytes(&self) -> usize {
        self.shared.max_text_bytes
    }

    /// How many documents of one stream to keep in flight so that no thread idles: one for each thread, and as many
    /// again that are arriving, queued, being stored or being sent.
    #[must_use]
    pub fn in_flight_per_stream(&self) -> usize {
        2 * self.shared.cores
    }

    /// How many documents that nobody waits for to read at a time, so that calls keep threads and connections.
    #[must_use]
    pub fn in_background(&self) -> usize {
        (self.shared.cores / 2).clamp(1, 4)
    }

    /// Reads one document once a thread is free, then applies `then` to the result on the same thread. Dropping the
    /// future leaves the queue, or ends the extraction early.
    ///
    /// # Errors
    /// [`ServiceError::Overloaded`] where it would not be done in time, [`ServiceError::Lost`] where extraction panics.
    pub async fn read<T: Send + 'static>(
        &self,
        document: Document,
        options: Options,
        then: impl FnOnce(Reading) -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        let bytes = document.text.len();
        let work = Work::reading(options.engine, bytes);
        let is_long = self.shared.speed.expect(work) > LONG;
        let read = move |stopped: &AtomicBool| then(read(document, options, stopped));
        if is_long {
            let turn = self.turn(&self.shared.long_queue, work, bytes).await?;
            let shared = Arc::clone(&self.shared);
            let read = move |stopped: &AtomicBool| shared.long_texts.run(|| read(stopped));
            self.on_thread(work, turn, read).await
        } else {
            let turn = self.turn(&self.shared.queue, work, bytes).await?;
            self.on_thread(work, turn, read).await
        }
    }

    /// Compares texts, or does other short work on them, once a thread is free. Dropping the future leaves the queue.
    ///
    /// # Errors
    /// [`ServiceError::Overloaded`] where it would not be done in time, [`ServiceError::Lost`] where the work panics.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        let kind = Work::matching();
        let turn = self.turn(&self.shared.queue, kind, 0).await?;
        self.on_thread(kind, turn, |_| work()).await
    }

    async fn turn(
        &self,
        queue: &FairQueue,
        work: Work,
        bytes: usize,
    ) -> Result<Turn, ServiceError> {
        let entry = Entry {
            call: self.call.clone(),
            cost: self.shared.speed.expect(work),
            bytes,
        };
        let refused = |full: QueueFull| ServiceError::Overloaded {
            retry_after: full.retry_after,
        };
        let waiting = Waiting::begin();
        let turn = queue.enter(entry).await.map_err(refused)?;
        waiting.end();
        Ok(turn)
    }

    async fn on_thread<T: Send + 'static>(
        &self,
        kind: Work,
        turn: Turn,
        work: impl FnOnce(&AtomicBool) -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        let shared = Arc::clone(&self.shared);
        let cancel = CancelOnDrop::default();
        let stopped = Arc::clone(&cancel.stopped);
        let span = tracing::Span::current();
        let working = tokio::task::spawn_blocking(move || {
            let start = Instant::now();
            let made = span.in_scope(|| work(&stopped));
            if !stopped.load(Ordering::Relaxed) {
                shared.speed.learn(kind, start.elapsed());
            }
            drop(turn);
            made
        });
        working.await.map_err(|panicked| {
            let cause = panicked.to_string();
            tracing::error!(cause, "reading a document failed");
            ServiceError::Lost("reading a document failed")
        })
    }
}

/// Cancels an extraction when dropped, because nobody is waiting for it any more.
#[derive(Debug, Default)]
struct CancelOnDrop {
    stopped: Arc<AtomicBool>,
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

fn read(document: Document, options: Options, stopped: &AtomicBool) -> Reading {
    let start = Instant::now();
    let extraction = extract_unless(&document, &options, stopped);
    let run = ExtractionRun {
        engine: extraction.engine.clone(),
        time: Utc::now(),
        duration: start.elapsed(),
    };
    count(&document.text, &run);
    Reading {
        document,
        extraction,
        run,
    }
}
