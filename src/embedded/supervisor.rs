use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::error::{EmbeddedError, IoContext};
use super::layout::set_mode;
use super::log::ServerLog;
use super::options::Lifetime;
use super::process::command;
use super::setup::Setup;
use super::socket::{PORT, SocketDir};

const SHELL: &str = "/bin/sh";

const SCRIPT: &str = include_str!("supervisor.sh");

/// How long the supervisor may take: a little more than the script's own 10 s.
const STOP_LIMIT: Duration = Duration::from_secs(12);

const POLL: Duration = Duration::from_millis(10);

/// The process between us and the server, which takes the server down when we are gone.
///
/// It needs no word from us for that: the pipe to it closes when this is dropped, and when
/// our process ends, be it by `kill -9`.
#[derive(Debug)]
pub(super) struct Supervisor {
    child: Child,
}

impl Supervisor {
    /// Starts the server under a supervisor.
    pub(super) fn spawn(
        setup: &Setup<'_>,
        sockets: &SocketDir,
        log: &ServerLog,
    ) -> Result<Self, EmbeddedError> {
        let data_dir = setup.layout.root();
        let throwaway = setup.lifetime == Lifetime::Throwaway;
        let mut supervisor = command(Path::new(SHELL), data_dir, setup.user);
        supervisor.arg(write_script(&setup.layout.script())?);
        supervisor.arg(path_if(throwaway, data_dir));
        supervisor.arg(path_if(sockets.temporary, &sockets.path));
        add_server(&mut supervisor, setup, sockets);
        // Out of our process group, or Ctrl-C would hit the server before we are done with it.
        supervisor.process_group(0);
        supervisor
            .stdin(Stdio::piped())
            .stdout(log.stdio()?)
            .stderr(log.stdio()?);
        let child = supervisor.spawn().map_err(|source| EmbeddedError::Spawn {
            program: SHELL.into(),
            source,
        })?;
        Ok(Self { child })
    }

    /// Its process.
    #[cfg(test)]
    pub(super) fn id(&self) -> nix::unistd::Pid {
        nix::unistd::Pid::from_raw(self.child.id().cast_signed())
    }

    /// How the server ended, if it has.
    pub(super) fn exit_status(&mut self) -> Result<Option<ExitStatus>, EmbeddedError> {
        self.child.try_wait().context("wait for", Path::new(SHELL))
    }

    /// Has the server shut down, if it still runs.
    pub(super) fn let_go(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Has the server shut down and waits for it, within bounds.
    pub(super) async fn stop(mut self) -> Result<(), EmbeddedError> {
        self.let_go();
        let deadline = Instant::now() + STOP_LIMIT;
        while self.exit_status()?.is_none() && Instant::now() < deadline {
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }
}

/// Writes the script to a file that the server's user may read: on a command line, all of it would show in `ps`.
fn write_script(path: &Path) -> Result<&Path, EmbeddedError> {
    fs::write(path, SCRIPT).context("write", path)?;
    set_mode(path, 0o644)?;
    Ok(path)
}

/// The path as an argument, which is empty where it does not apply.
fn path_if(applies: bool, path: &Path) -> &Path {
    if applies { path } else { Path::new("") }
}

/// Adds the server's command line.
fn add_server(command: &mut Command, setup: &Setup<'_>, sockets: &SocketDir) {
    command
        .arg(setup.binaries.dir.join("postgres"))
        .arg("-D")
        .arg(setup.layout.cluster());
    let socket_dir = sockets.path.display().to_string().replace('"', "\"\"");
    let mut settings = vec![
        "listen_addresses=".to_owned(),
        format!("port={PORT}"),
        format!("unix_socket_directories=\"{socket_dir}\""),
        "log_destination=stderr".to_owned(),
        "logging_collector=off".to_owned(),
        "log_checkpoints=off".to_owned(),
    ];
    if setup.lifetime == Lifetime::Throwaway {
        let unsafe_and_fast = [
            "fsync=off",
            "full_page_writes=off",
            "synchronous_commit=off",
        ];
        settings.extend(unsafe_and_fast.map(str::to_owned));
    }
    for setting in settings {
        command.args(["-c", &setting]);
    }
}
