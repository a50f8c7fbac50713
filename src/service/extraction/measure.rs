use std::time::Instant;

use crate::domain::ExtractionRun;
use crate::extract::EngineKind;

/// A document that waits for a thread. It is counted as waiting until this is dropped, so also where its caller goes
/// away.
#[derive(Debug)]
pub(super) struct Waiting {
    start: Instant,
}

impl Waiting {
    pub(super) fn begin() -> Self {
        metrics::gauge!("onrecord_extraction_queue_length").increment(1);
        Self {
            start: Instant::now(),
        }
    }

    /// A thread is free.
    pub(super) fn end(self) {
        metrics::histogram!("onrecord_extraction_queue_seconds").record(self.start.elapsed());
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        metrics::gauge!("onrecord_extraction_queue_length").decrement(1);
    }
}

/// Counts a document that was read.
pub(super) fn count(text: &str, run: &ExtractionRun) {
    let engine = run.engine.name.clone();
    let words = text.split_whitespace().count() as u64;
    metrics::counter!("onrecord_extraction_words_total", "engine" => engine.clone())
        .increment(words);
    metrics::histogram!("onrecord_extraction_duration_seconds", "engine" => engine)
        .record(run.duration);
}

/// Tells the version of each engine as a metric.
pub fn describe_engines() {
    for engine in [EngineKind::Model, EngineKind::Rules] {
        let id = engine.id();
        metrics::gauge!("onrecord_model_info", "engine" => id.name, "version" => id.version).set(1);
    }
}
