use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use tracing::Instrument;

use super::error::StoreError;
use super::store::Store;

/// Maximum number of attempts of a transaction.
const MAX_ATTEMPTS: u32 = 6;
/// The pause after the first failure; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(10);

/// The work done inside a transaction.
pub type Work<I, T> =
    for<'c> fn(&'c mut PgConnection, &'c I) -> BoxFuture<'c, Result<T, StoreError>>;

impl Store {
    /// Runs `work` on `input` in one transaction (READ COMMITTED) and commits it if `work` succeeds.
    ///
    /// A serialization failure or a deadlock, in `work` or at commit, rolls back and runs `work` again, up to six
    /// times with growing pauses. Any other error rolls back and is returned. Dropping the future midway rolls back.
    ///
    /// `work` may therefore run more than once: it must have no effect outside the transaction. `name` appears in
    /// the log of every retry, in metrics and in traces.
    ///
    /// # Errors
    /// The error of `work`, or of begin or commit; [`StoreError::Contention`] when the attempts are used up.
    pub async fn run_tx<I, T>(
        &self,
        name: &'static str,
        input: &I,
        work: Work<I, T>,
    ) -> Result<T, StoreError>
    where
        I: Sync,
    {
        let span = tracing::debug_span!("transaction", otel.name = name);
        let start = Instant::now();
        let outcome = self.attempts(name, input, work).instrument(span).await;
        let told = match &outcome {
            Ok(_) => "committed",
            Err(StoreError::Contention(_)) => "conflicted",
            Err(_) => "failed",
        };
        metrics::counter!("onrecord_transactions_total", "name" => name, "outcome" => told)
            .increment(1);
        metrics::histogram!("onrecord_transaction_duration_seconds", "name" => name)
            .record(start.elapsed());
        outcome
    }

    async fn attempts<I, T>(
        &self,
        name: &'static str,
        input: &I,
        work: Work<I, T>,
    ) -> Result<T, StoreError>
    where
        I: Sync,
    {
        let retries = metrics::counter!("onrecord_transaction_retries_total", "name" => name);
        let mut attempt = 1;
        loop {
            let outcome = tokio::select! {
                outcome = self.attempt(input, work) => outcome,
                cut_off = self.cut_off() => Err(cut_off),
            };
            match outcome {
                Err(StoreError::Contention(error)) if attempt < MAX_ATTEMPTS => {
                    tracing::debug!(tx = name, attempt, %error, "transaction conflicted, trying again");
                    retries.increment(1);
                    tokio::time::sleep(pause_after(attempt)).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn attempt<I, T>(&self, input: &I, work: Work<I, T>) -> Result<T, StoreError>
    where
        I: Sync,
    {
        let mut tx = self.writes.begin().await?;
        let value = work(&mut tx, input).await?;
        tx.commit().await?;
        self.written.notify_one();
        Ok(value)
    }
}

/// Doubling pauses with jitter of up to half, so that two transactions that collided do not collide again in
/// lockstep.
fn pause_after(attempt: u32) -> Duration {
    let full = FIRST_PAUSE * 2u32.saturating_pow(attempt - 1);
    full.mul_f64(0.5 + fastrand::f64() / 2.0)
}
