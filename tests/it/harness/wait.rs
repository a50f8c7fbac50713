use std::time::Duration;

/// How long anything may take that is waited for: far longer than it does on a busy machine.
const PATIENCE: Duration = Duration::from_mins(5);
const POLL: Duration = Duration::from_millis(20);

/// Polls until there is something. For what runs beside the test's runtime; `process::wait_for` blocks the thread.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let polling = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(POLL).await;
        }
    };
    let found = tokio::time::timeout(PATIENCE, polling).await;
    found.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}
