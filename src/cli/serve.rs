use std::io::{Write, stdout};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

use super::database::postgres::Database;
use super::database::seed::seed;
use super::demo;
use super::model::ModelFlag;
use super::server_options::server_options;
use crate::config::{Observability, ServeConfig};
use crate::server::Server;
use crate::service::extraction::self_test;
use crate::telemetry::{LogConfig, LogControl, Traces};

/// Serve over gRPC: extract claims, store articles, and answer who said what
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord serve --demo                       a private Postgres, sample articles, something to try
  onrecord serve                              the same without the samples
  ONRECORD_DATABASE_URL=postgres://… onrecord serve --listen 0.0.0.0:50051 --auth-keys keys
                                              a database of your own (run `onrecord migrate` first), for callers
                                              with a key (see `onrecord key`)")]
pub(super) struct Serve {
    /// Ingest a few sample articles through the server's own API and print their claims
    #[arg(long)]
    demo: bool,

    /// First store the register of people that comes with onrecord, as `onrecord seed` does
    #[arg(long)]
    seed: bool,

    #[command(flatten)]
    config: ServeConfig,

    #[command(flatten)]
    model: ModelFlag,
}

impl Serve {
    /// Serves until SIGINT or SIGTERM; a second signal exits immediately.
    pub(super) async fn run(self, log: &LogConfig) -> anyhow::Result<ExitCode> {
        self.config.validate()?;
        self.check_demo()?;
        let observability = &self.config.observability;
        let traces = traces(observability)?;
        let log = log.install(traces.as_ref())?;
        let outcome = Box::pin(self.serve(log)).await;
        if let Some(traces) = traces {
            tokio::task::spawn_blocking(|| traces.stop()).await?;
        }
        outcome
    }

    async fn serve(self, log: LogControl) -> anyhow::Result<ExitCode> {
        warn_of_open_doors(&self.config);
        let mut signals = Signals::listen()?;
        self.model.load()?;
        self_test()?;
        let given = Database::given(&self.config).await?;
        allow_many_connections();
        let server = Server::bind(server_options(&self.config, log)).await?;
        let mut database = if let Some(database) = given {
            database
        } else {
            tokio::select! {
                database = Database::start(&self.config) => database?,
                () = signals.next() => return Ok(ExitCode::SUCCESS),
            }
        };
        if self.seed
            && let Some(store) = &database.store
            && let Err(error) = seed(store).await
        {
            tracing::error!("could not store the register: {error:#}");
        }
        let address = server.address();
        // Standard output may be closed; that is no reason not to serve.
        let _ = writeln!(stdout(), "onrecord is serving on {address}");
        let demo = async {
            if self.demo
                && let Err(error) = demo::run(address).await
            {
                tracing::error!("the demo failed: {error:#}");
            }
            std::future::pending::<()>().await;
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = server.serve(database.store.clone(), async {
            stopped.await.unwrap_or_default();
        });
        let outcome = tokio::select! {
            outcome = serving => outcome,
            never = database.keep_running() => match never {},
            () = demo => Ok(()),
            () = signals.twice(stop) => {
                tracing::warn!("second signal: exiting at once, calls in flight are cut off");
                return Ok(ExitCode::FAILURE);
            }
        };
        tokio::select! {
            closed = database.close() => closed?,
            () = signals.next() => tracing::warn!("second signal: exiting without waiting for Postgres to stop"),
        }
        outcome?;
        Ok(ExitCode::SUCCESS)
    }

    /// The demo calls the server as anybody could.
    fn check_demo(&self) -> anyhow::Result<()> {
        let open = self.config.tls.tls_cert.is_none() && !self.config.auth.has_credentials();
        anyhow::ensure!(
            open || !self.demo,
            "--demo is for a server without TLS and authentication"
        );
        Ok(())
    }
}

/// Starts exporting traces, if they go anywhere.
fn traces(config: &Observability) -> anyhow::Result<Option<Traces>> {
    let start = |endpoint: String| Traces::start(&endpoint);
    let traces = config.collector().map(start).transpose();
    traces.context("--otlp-endpoint (or ONRECORD_OTLP_ENDPOINT)")
}

/// Says in the log what others on the network can read or do.
fn warn_of_open_doors(config: &ServeConfig) {
    if config.listen.ip().is_loopback() {
        return;
    }
    let asks = config.auth.has_credentials();
    if config.tls.tls_cert.is_none() && asks {
        tracing::warn!(
            "keys and tokens arrive unencrypted unless something in front of this server does TLS"
        );
    }
    if !asks && !config.tls.requires_certificates() {
        tracing::warn!(
            "no authentication: whoever reaches this port may read and change everything"
        );
    }
}

/// Raises the limit of file descriptors, of which each connection needs one, as far as the system allows.
fn allow_many_connections() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let all = Rlimit {
        current: maximum,
        maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, all) {
        tracing::debug!(%error, "could not raise the limit of file descriptors");
    }
}

/// The signals that ask a server to stop: Ctrl-C, and the one that Kubernetes and systemd send.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    /// Waits for a first signal, passes it on, and waits for a second one.
    async fn twice(&mut self, first: oneshot::Sender<()>) {
        self.next().await;
        let _ = first.send(());
        self.next().await;
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
