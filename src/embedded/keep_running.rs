use std::convert::Infallible;
use std::time::{Duration, Instant};

use super::server::EmbeddedPostgres;

/// How often it is checked whether the server runs.
const POLL: Duration = Duration::from_millis(200);
/// Pauses before a start. They grow from one to the next, and begin anew once a server has run for long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
const LONG: Duration = Duration::from_mins(5);

impl EmbeddedPostgres {
    /// Starts the server again whenever it ends, for as long as this is polled. Meanwhile the address stays as it is.
    pub async fn keep_running(&mut self) -> Infallible {
        let (mut pause, mut started) = (FIRST_PAUSE, Instant::now());
        loop {
            self.wait_for_end().await;
            if started.elapsed() > LONG {
                pause = FIRST_PAUSE;
            }
            tokio::time::sleep(pause).await;
            pause = LONGEST_PAUSE.min(pause * 2);
            match self.start_again().await {
                Ok(()) => tracing::info!("{}", self.report()),
                Err(error) => tracing::error!("PostgreSQL does not start again: {error}"),
            }
            started = Instant::now();
        }
    }

    async fn wait_for_end(&mut self) {
        loop {
            match self.running.supervisor.exit_status() {
                Ok(None) => tokio::time::sleep(POLL).await,
                Ok(Some(status)) => {
                    tracing::error!("PostgreSQL has ended ({status}): starting it again");
                    return;
                }
                Err(error) => {
                    tracing::error!("PostgreSQL is lost: {error}");
                    return;
                }
            }
        }
    }
}
