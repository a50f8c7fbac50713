use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use crate::domain::{Document, Extraction, ExtractionRun};
use crate::extract::{EngineKind, Options, extract_unless};
use crate::service::ServiceError;
use chrono::Utc;
use tokio::sync::Semaphore;

/// Reads documents on dedicated threads, one per core, so that extraction never blocks the network. Clones share one
/// pool.
#[derive(Debug, Clone)]
pub struct ExtractionPool {
    permits: Arc<Semaphore>,
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
    /// confidence below `min_confidence`.
    #[must_use]
    pub fn new(max_text_bytes: usize, min_confidence: f32) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            permits: Arc::new(Semaphore::new(cores)),
            cores,
            max_text_bytes,
            min_confidence,
        }
    }

    /// The options for documents that are to be stored, and for callers who do not ask for more.
    #[must_use]
    pub fn default_options(&self, engine: EngineKind) -> Options {
        Options {
            engine,
            min_confidence: self.min_confidence,
            ..Options::default()
        }
    }

    /// The length of the longest text that is read.
    #[must_use]
    pub const fn max_text_bytes(&self) -> usize {
        self.max_text_bytes
    }

    /// How many documents of one stream to keep in flight so that no thread idles: one for each thread, and as many
    /// again that are arriving, queued, being stored or being sent.
    #[must_use]
    pub const fn in_flight_per_stream(&self) -> usize {
        2 * self.cores
    }

    /// Reads one document once a thread is free, then applies `then` to the result on the same thread. Dropping the
    /// future leaves the queue, or ends the extraction early.
    ///
    /// # Errors
    /// [`ServiceError::Lost`] where extraction panics.
    pub async fn read<T: Send + 'static>(
        &self,
        document: Document,
        options: Options,
        then: impl FnOnce(Reading) -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        let cancel = CancelOnDrop::default();
        let stopped = Arc::clone(&cancel.stopped);
        self.run(move || then(read(document, options, &stopped)))
            .await
    }

    /// Runs other work on texts once a thread is free. Dropping the future leaves the queue.
    ///
    /// # Errors
    /// [`ServiceError::Lost`] where the work panics.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ServiceError> {
        let failed = |cause: String| {
            tracing::error!(cause, "reading a document failed");
            ServiceError::Lost("reading a document failed")
        };
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|closed| failed(closed.to_string()))?;
        let working = tokio::task::spawn_blocking(move || {
            let made = work();
            drop(permit);
            made
        });
        working
            .await
            .map_err(|panicked| failed(panicked.to_string()))
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
    Reading {
        document,
        extraction,
        run,
    }
}
