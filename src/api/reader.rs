use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use chrono::Utc;
use tokio::sync::Semaphore;
use tonic::Status;

use super::status::{Reason, error};
use crate::domain::{Document, Extraction, ExtractionRun};
use crate::extract::{EngineKind, Options, extract_unless};

/// Reads documents on threads of their own, as many at once as the machine has cores, so that reading never holds up
/// the network.
#[derive(Debug, Clone)]
pub struct Reader {
    slots: Arc<Semaphore>,
    cores: usize,
    max_text_bytes: usize,
    min_confidence: f32,
}

/// A document and what was read in it.
#[derive(Debug)]
pub(super) struct Reading {
    pub document: Document,
    pub extraction: Extraction,
    pub run: ExtractionRun,
}

impl Reader {
    /// A reader of texts of at most `max_text_bytes`, which leaves out claims less likely than `min_confidence` where nobody
    /// asks for them.
    #[must_use]
    pub fn new(max_text_bytes: usize, min_confidence: f32) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            slots: Arc::new(Semaphore::new(cores)),
            cores,
            max_text_bytes,
            min_confidence,
        }
    }

    /// How documents are read that are to be stored, or where a caller does not ask for more.
    pub(super) fn usual(&self, engine: EngineKind) -> Options {
        Options {
            engine,
            min_confidence: self.min_confidence,
            ..Options::default()
        }
    }

    /// The longest text that is read.
    pub(super) const fn max_text_bytes(&self) -> usize {
        self.max_text_bytes
    }

    /// How many documents of one stream are worth having at hand, so that no thread waits for the next: one for each
    /// thread, and as many again that arrive, wait, are stored or sent.
    pub(super) const fn worth_having(&self) -> usize {
        2 * self.cores
    }

    /// Reads one document, once a thread is free, and makes of it what `then` does, on that thread too. Dropping the
    /// future gives up the place in the queue, or ends the reading early.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        document: Document,
        options: Options,
        then: impl FnOnce(Reading) -> T + Send + 'static,
    ) -> Result<T, Status> {
        let wanted = Wanted::default();
        let stopped = Arc::clone(&wanted.stopped);
        self.run(move || then(read(document, options, &stopped)))
            .await
    }

    /// Does other work on texts, once a thread is free. Dropping the future gives up the place in the queue.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Status> {
        let failed = |cause: String| {
            tracing::error!(cause, "reading a document failed");
            error(
                Reason::Internal,
                "an internal error; the server's log tells more",
            )
        };
        let slot = Arc::clone(&self.slots).acquire_owned().await;
        let slot = slot.map_err(|closed| failed(closed.to_string()))?;
        let working = tokio::task::spawn_blocking(move || {
            let made = work();
            drop(slot);
            made
        });
        working
            .await
            .map_err(|panicked| failed(panicked.to_string()))
    }
}

/// Tells a reading, when dropped, that nobody waits for it any more.
#[derive(Debug, Default)]
struct Wanted {
    stopped: Arc<AtomicBool>,
}

impl Drop for Wanted {
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
