use std::convert::Infallible;
use std::time::{Duration, Instant};

use tonic_health::ServingStatus;
use tonic_health::pb::health_server::{Health as HealthProtocol, HealthServer};
use tonic_health::server::{HealthReporter, health_reporter};

use super::readiness::Readiness;
use crate::store::{Probe, Store, StoreError};

/// How often the database is probed.
const PERIOD: Duration = Duration::from_secs(1);

/// A database that does not answer for longer counts as lost.
const HICCUP: Duration = Duration::from_secs(1);

/// What needs no database.
const ALWAYS: [&str; 2] = ["onrecord.v1.ExtractionService", "onrecord.v1.ServerService"];
const LOOKUPS: [&str; 4] = [
    "google.longrunning.Operations",
    "onrecord.v1.ArticleService",
    "onrecord.v1.ActorService",
    "onrecord.v1.ClaimService",
];

/// Reports the health of each service through `grpc.health.v1`. Extraction and what the server tells of
/// itself are serving as long as the process runs; lookups are serving while the database responds and is migrated; the server as a whole (`""`) is serving when
/// everything it was configured for is.
#[derive(Debug)]
pub(super) struct Health {
    board: Board,
    probe: Option<Probe>,
}

/// Where the status of each service is posted.
#[derive(Debug, Clone)]
struct Board {
    reporter: HealthReporter,
    readiness: Readiness,
}

impl Board {
    async fn post(&self, service: &'static str, serves: bool) {
        let status = if serves {
            ServingStatus::Serving
        } else {
            ServingStatus::NotServing
        };
        self.reporter.set_service_status(service, status).await;
        self.readiness.set(service, serves);
    }
}

impl Health {
    /// Creates the reporter, and the health service to add to the server. The initial status comes from a first probe
    /// of the database.
    pub(super) async fn new(store: Option<Store>) -> (Self, HealthServer<impl HealthProtocol>) {
        let (reporter, service) = health_reporter();
        let probe = store.as_ref().map(Store::probe);
        let readiness = Readiness::default();
        let board = Board {
            reporter,
            readiness,
        };
        let mut health = Self { board, probe };
        for service in ALWAYS {
            health.board.post(service, true).await;
        }
        let ready = health.look().await.is_ok();
        health.report(ready).await;
        (health, service)
    }

    /// A handle that reports NOT_SERVING once the server begins to shut down.
    pub(super) fn farewell(&self) -> Farewell {
        Farewell(self.board.clone())
    }

    /// The same statuses, for those who do not ask over gRPC.
    pub(super) fn readiness(&self) -> Readiness {
        self.board.readiness.clone()
    }

    /// Keeps the status of the lookups up to date. A failure that is over within a second changes nothing, so
    /// that a hiccup does not send all clients elsewhere. Never returns.
    pub(super) async fn watch(mut self) -> Infallible {
        let mut was_ready = None;
        let mut failing_since = None;
        loop {
            let begun = Instant::now();
            let look = self.look().await;
            let ready = look.is_ok();
            failing_since = if ready {
                None
            } else {
                failing_since.or(Some(begun))
            };
            let lasts = failing_since.is_some_and(|since: Instant| since.elapsed() >= HICCUP);
            let is_certain = ready || was_ready.is_none() || lasts;
            if is_certain && was_ready != Some(ready) {
                match look {
                    Ok(()) => tracing::info!("the database is ready"),
                    Err(Some(error)) => {
                        let cause = std::error::Error::source(&error).map(ToString::to_string);
                        tracing::warn!(%error, cause, "not serving lookups");
                    }
                    Err(None) => tracing::info!("no database: serving extraction only"),
                }
                self.report(ready).await;
                was_ready = Some(ready);
            }
            tokio::time::sleep(PERIOD).await;
        }
    }

    async fn look(&mut self) -> Result<(), Option<StoreError>> {
        let probe = self.probe.as_mut().ok_or(None)?;
        probe.check().await.map_err(Some)
    }

    async fn report(&self, ready: bool) {
        for service in LOOKUPS {
            self.board.post(service, ready).await;
        }
        self.board.post("", ready || self.probe.is_none()).await;
    }
}

/// Announces that the server is shutting down.
#[derive(Debug)]
pub(super) struct Farewell(Board);

impl Farewell {
    /// Reports NOT_SERVING for everything.
    pub(super) async fn tell(&self) {
        for service in LOOKUPS.into_iter().chain(ALWAYS).chain([""]) {
            self.0.post(service, false).await;
        }
    }
}
