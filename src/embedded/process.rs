use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use super::user::ServerUser;

/// Prepares a program to be run in `dir`, as the server's user where there is one.
///
/// It sees nothing of our environment but the search paths: Postgres takes defaults from
/// many variables, and ours may hold secrets. Its messages come untranslated.
pub(super) fn command(program: &Path, dir: &Path, user: Option<&ServerUser>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(dir).env_clear().env("LC_ALL", "C");
    for name in ["PATH", "LD_LIBRARY_PATH"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    if let Some(user) = user {
        command.gid(user.gid).uid(user.uid);
    }
    command
}

/// Runs a program to its end and returns what it wrote; kills it after `limit`.
pub(super) async fn output(command: Command, limit: Duration) -> io::Result<Output> {
    within(limit, prepare(command).output()).await
}

/// Runs a program to its end; kills it after `limit`.
pub(super) async fn status(command: Command, limit: Duration) -> io::Result<ExitStatus> {
    within(limit, prepare(command).status()).await
}

fn prepare(command: Command) -> tokio::process::Command {
    let mut command = tokio::process::Command::from(command);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

async fn within<T>(limit: Duration, run: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    match tokio::time::timeout(limit, run).await {
        Ok(result) => result,
        Err(elapsed) => Err(io::Error::new(io::ErrorKind::TimedOut, elapsed)),
    }
}
