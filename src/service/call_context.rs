use std::sync::Arc;
use std::time::Instant;

/// On whose behalf a use case works, and until when anybody waits for it.
#[derive(Debug, Clone)]
pub struct CallContext {
    /// The caller, by name, or by address where callers have no names. Callers take turns; see
    /// [`ExtractionPool`](super::extraction::ExtractionPool).
    pub caller: Arc<str>,
    /// When the caller stops waiting; `None` for work in the background.
    pub deadline: Option<Instant>,
}

impl CallContext {
    /// Work that no caller waits for.
    #[must_use]
    pub fn background() -> Self {
        Self {
            caller: Arc::from("background"),
            deadline: None,
        }
    }
}
