#[cfg(test)]
mod tests;

use sqlx::postgres::PgConnectOptions;

use super::error::EmbeddedError;
use super::layout::{Layout, remove_dir};
use super::lock::DirLock;
use super::options::{Lifetime, Options};
use super::programs::{Binaries, Finder};
use super::reachable::ensure_reachable;
use super::report::Report;
use super::setup::Setup;
use super::socket::SocketDir;
use super::supervisor::Supervisor;
use super::user::{ServerUser, server_user};
use super::{initdb, predecessor, ready};

/// A running private Postgres. Dropping it shuts the server down in the background;
/// [`stop`](Self::stop) waits for that.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    pub(super) running: Running,
    layout: Layout,
    options: Options,
    user: Option<ServerUser>,
    // Released last: until then no other onrecord may touch the directory.
    _lock: DirLock,
}

/// What a start comes to.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) supervisor: Supervisor,
    sockets: SocketDir,
    report: Report,
}

impl EmbeddedPostgres {
    /// Starts the server, and makes its database first where there is none.
    ///
    /// A server that a crash left behind in this directory is shut down before, which takes up
    /// to 20 s. As root, the server runs as user `postgres`, else `nobody`.
    ///
    /// # Errors
    /// Whatever is in the way, with the remedy; see [`EmbeddedError`]. Nothing stays running.
    pub async fn start(options: Options) -> Result<Self, EmbeddedError> {
        let user = server_user(&options.data_dir.join("cluster"))?;
        let layout = Layout::create(&options.data_dir, options.lifetime, user.as_ref())?;
        let lock = DirLock::acquire(&layout).await?;
        let started = launch(&options, &layout, user.as_ref()).await;
        if started.is_err() && options.lifetime == Lifetime::Throwaway {
            // What kept it from starting is the better error to return.
            let _ = remove_dir(layout.root());
        }
        Ok(Self {
            running: started?,
            layout,
            options,
            user,
            _lock: lock,
        })
    }

    /// Starts a server that has ended again, where it was.
    pub(super) async fn start_again(&mut self) -> Result<(), EmbeddedError> {
        self.running.supervisor.let_go();
        self.running = launch(&self.options, &self.layout, self.user.as_ref()).await?;
        Ok(())
    }

    /// How to connect: over the Unix socket, to a database `onrecord` that is there already.
    #[must_use]
    pub fn connect_options(&self) -> PgConnectOptions {
        ready::connect_options(&self.running.sockets)
    }

    /// What was started, for the log.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.running.report
    }

    /// Shuts the server down and waits until it is gone: at once, but for a last checkpoint,
    /// and by force after 10 s. Connections are cut. A throw-away directory is removed.
    ///
    /// # Errors
    /// [`EmbeddedError::StillRunning`] if the server is still there after some 30 s.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        self.running.supervisor.stop().await?;
        if self.layout.root().exists() {
            predecessor::wait_until_gone(&self.layout).await?;
        }
        if self.running.sockets.temporary {
            remove_dir(&self.running.sockets.path)?;
        }
        if self.options.lifetime == Lifetime::Throwaway {
            remove_dir(self.layout.root())?;
        }
        Ok(())
    }
}

/// Starts the server in a data directory that is ours alone.
async fn launch(
    options: &Options,
    layout: &Layout,
    user: Option<&ServerUser>,
) -> Result<Running, EmbeddedError> {
    if let Some(user) = user {
        ensure_reachable(layout.root(), user)?;
    }
    let log = predecessor::wait_until_gone(layout).await?;
    log.rotate()?;

    let wanted = initdb::cluster_major(layout)?;
    let finder = Finder {
        layout,
        user,
        wanted,
    };
    let (binaries, downloaded) = find_or_download(&finder, options).await?;
    let setup = Setup {
        layout,
        lifetime: options.lifetime,
        binaries: &binaries,
        user,
    };
    if wanted.is_none() {
        initdb::create_cluster(&setup, &log).await?;
    }
    predecessor::remove_stale_pid_file(&layout.cluster());

    let sockets = SocketDir::create(layout, user)?;
    let mut supervisor = Supervisor::spawn(&setup, &sockets, &log)?;
    ready::wait_until_ready(layout, &mut supervisor, &ready::connect_options(&sockets)).await?;

    let report = report(&setup, &sockets, wanted.is_none(), downloaded);
    Ok(Running {
        supervisor,
        sockets,
        report,
    })
}

fn report(setup: &Setup<'_>, sockets: &SocketDir, initialised: bool, downloaded: bool) -> Report {
    Report {
        initialised,
        downloaded,
        version: setup.binaries.version.clone(),
        data_dir: setup.layout.root().to_owned(),
        bin_dir: setup.binaries.dir.clone(),
        socket_dir: sockets.path.clone(),
        user: setup.user.map(|user| user.name.clone()),
        pid: predecessor::recorded_pid(&setup.layout.cluster()),
    }
}

/// Finds the binaries, or fetches them where that is allowed, and says which it was.
async fn find_or_download(
    finder: &Finder<'_>,
    options: &Options,
) -> Result<(Binaries, bool), EmbeddedError> {
    let found = finder.find(options.bin_dir.as_deref()).await;
    #[cfg(feature = "download-postgres")]
    if let Err(EmbeddedError::NoBinaries) = found {
        let bin_dir = super::programs::install(&finder.layout.downloads(), finder.wanted).await?;
        return Ok((finder.check(&bin_dir).await?, true));
    }
    found.map(|binaries| (binaries, false))
}
