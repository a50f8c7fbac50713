use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::error::EmbeddedError;
use super::layout::Layout;
use super::log::ServerLog;

/// How long a server has for each way of shutting down, the kinder one first.
const STEPS: [(Signal, Duration); 2] = [
    (Signal::SIGINT, Duration::from_secs(15)),
    (Signal::SIGQUIT, Duration::from_secs(5)),
];

const POLL: Duration = Duration::from_millis(20);

/// Waits until no process of an earlier server is left, and shuts down one that is.
///
/// The caller holds the directory's lock, so nobody uses such a server any more: either
/// its supervisor is just taking it down, or that was killed too and the server is an orphan.
/// Asking a server to stop twice does no harm, so the two need not be told apart.
///
/// # Errors
/// [`EmbeddedError::StillRunning`] after 20 s.
pub(super) async fn wait_until_gone(layout: &Layout) -> Result<ServerLog, EmbeddedError> {
    for (signal, limit) in STEPS {
        if let Some(pid) = running_server(&layout.cluster()) {
            // It may have ended just now, which is what we want.
            let _ = kill(Pid::from_raw(pid), signal);
        }
        let deadline = Instant::now() + limit;
        while Instant::now() < deadline {
            if running_server(&layout.cluster()).is_none()
                && let Some(log) = ServerLog::try_open(&layout.log())?
            {
                return Ok(log);
            }
            tokio::time::sleep(POLL).await;
        }
    }
    let pid = running_server(&layout.cluster());
    Err(EmbeddedError::StillRunning {
        path: layout.root().to_owned(),
        pid,
    })
}

/// The process id in a cluster's `postmaster.pid`, running or not.
pub(super) fn recorded_pid(cluster: &Path) -> Option<i32> {
    let file = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    parse_pid(&file)
}

/// Removes a `postmaster.pid` that a crash left behind.
///
/// Postgres keeps out if the process id has gone to another process of its user meanwhile,
/// as happens whenever a container starts again and counts from 1.
pub(super) fn remove_stale_pid_file(cluster: &Path) {
    if running_server(cluster).is_none() {
        // There mostly is none, and PostgreSQL says so itself if it is in its way.
        let _ = fs::remove_file(cluster.join("postmaster.pid"));
    }
}

/// The process that serves `cluster`: the recorded one, if it is alive and names it.
fn running_server(cluster: &Path) -> Option<i32> {
    let pid = recorded_pid(cluster)?;
    kill(Pid::from_raw(pid), None).ok()?;
    let command_line = command_line(pid)?;
    contains(&command_line, cluster.as_os_str().as_encoded_bytes()).then_some(pid)
}

/// The first line of `postmaster.pid`; negative for a server in single-user mode.
fn parse_pid(file: &str) -> Option<i32> {
    file.lines()
        .next()?
        .trim()
        .parse::<i32>()
        .ok()
        .filter(|pid| *pid > 1)
}

/// The command line of a process, from `/proc` or, where there is none, from `ps`.
fn command_line(pid: i32) -> Option<Vec<u8>> {
    fs::read(format!("/proc/{pid}/cmdline")).ok().or_else(|| {
        let output = Command::new("ps")
            .args(["-o", "command=", "-p", &pid.to_string()])
            .output();
        output.ok().map(|output| output.stdout)
    })
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pid_is_the_first_line() {
        let check = |file: &str, expect: Option<i32>| assert_eq!(parse_pid(file), expect);
        check(
            "4711\n/var/lib/onrecord/cluster\n1700000000\n5432\n",
            Some(4711),
        );
        check("-4711\n", None);
        check("1\n", None);
        check("", None);
        check("not a number\n", None);
    }

    #[test]
    fn a_live_process_that_is_no_server_of_the_cluster_is_not_taken_for_one() {
        let cluster = tempfile::tempdir().expect("temporary directory");
        let file = cluster.path().join("postmaster.pid");
        fs::write(&file, format!("{}\n", std::process::id())).expect("write");
        assert_eq!(running_server(cluster.path()), None);

        remove_stale_pid_file(cluster.path());
        assert!(!file.exists());
    }
}
