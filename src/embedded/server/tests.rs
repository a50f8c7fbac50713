//! Runs real servers, so Postgres must be installed.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

use super::{EmbeddedError, EmbeddedPostgres, Lifetime, Options};
use crate::embedded::layout::set_mode;

/// Names the data directory to the process that `hold_a_server` is run in.
const HOLD_VARIABLE: &str = "ONRECORD_TEST_HOLD";

/// A directory for data directories that the server's user may enter.
fn parent() -> TempDir {
    let dir = tempfile::tempdir().expect("temporary directory");
    set_mode(dir.path(), 0o755).expect("permissions");
    dir
}

fn options(data_dir: &Path, lifetime: Lifetime) -> Options {
    Options {
        data_dir: data_dir.to_owned(),
        bin_dir: None,
        lifetime,
    }
}

async fn start(data_dir: &Path, lifetime: Lifetime) -> EmbeddedPostgres {
    EmbeddedPostgres::start(options(data_dir, lifetime))
        .await
        .expect("PostgreSQL starts")
}

async fn write(postgres: &EmbeddedPostgres) {
    let mut connection = postgres
        .connect_options()
        .connect()
        .await
        .expect("connects");
    let sql = "CREATE TABLE note AS SELECT 'kept' AS body";
    sqlx::raw_sql(sql)
        .execute(&mut connection)
        .await
        .expect("table");
    connection.close().await.expect("closes");
}

async fn read(postgres: &EmbeddedPostgres) -> String {
    let mut connection = postgres
        .connect_options()
        .connect()
        .await
        .expect("connects");
    let sql = "SELECT body FROM note";
    sqlx::query_scalar(sql)
        .fetch_one(&mut connection)
        .await
        .expect("row")
}

fn pid_of(postgres: &EmbeddedPostgres) -> i32 {
    postgres
        .report()
        .pid
        .expect("a running server has written down its process id")
}

fn is_alive(pid: i32) -> bool {
    kill(Pid::from_raw(pid), None) != Err(Errno::ESRCH)
}

/// Waits for something that another process does.
async fn eventually(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !condition() {
        assert!(Instant::now() < deadline, "{what} did not happen");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Another onrecord, in a process group of its own.
struct Holder {
    process: Child,
    /// The process id of its server.
    server: i32,
}

impl Holder {
    /// Runs `hold_a_server` in a process of its own until it has started its server.
    fn start(data_dir: &Path) -> Self {
        let (_, module) = module_path!()
            .split_once("::")
            .expect("a crate and a module");
        let mut process = Command::new(std::env::current_exe().expect("this program"))
            .args(["--ignored", "--exact", "--nocapture"])
            .arg(format!("{module}::hold_a_server"))
            .env(HOLD_VARIABLE, data_dir)
            .process_group(0)
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program runs");
        let output = BufReader::new(process.stdout.take().expect("piped"));
        let server = output
            .lines()
            .find_map(|line| line.expect("text").strip_prefix("server ")?.parse().ok())
            .expect("the holder names its server");
        Self { process, server }
    }

    fn kill_group(mut self) {
        let group = Pid::from_raw(i32::try_from(self.process.id()).expect("a process id"));
        killpg(group, Signal::SIGKILL).expect("it was running");
        self.process.wait().expect("it ends");
    }
}

#[tokio::test]
#[ignore = "no test: the process that other tests kill"]
async fn hold_a_server() {
    let Some(data_dir) = std::env::var_os(HOLD_VARIABLE) else {
        return;
    };
    let lifetime = if Path::new(&data_dir).exists() {
        Lifetime::Durable
    } else {
        Lifetime::Throwaway
    };
    let postgres = start(Path::new(&data_dir), lifetime).await;
    println!("\nserver {}", pid_of(&postgres));
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn durable_data_survive_stops_and_kills() {
    let parent = parent();
    let data_dir = parent.path().join("data");

    let postgres = start(&data_dir, Lifetime::Durable).await;
    assert!(postgres.report().initialised);
    write(&postgres).await;
    let second = EmbeddedPostgres::start(options(&data_dir, Lifetime::Durable)).await;
    let message = second.expect_err("the directory is taken").to_string();
    let holder = format!("in use by another onrecord (pid {})", std::process::id());
    assert!(message.contains(&holder), "{message}");
    let pid = pid_of(&postgres);
    postgres.stop().await.expect("stops");
    assert!(!is_alive(pid));

    // Killed with its whole process group, and the directory taken again at once.
    let holder = Holder::start(&data_dir);
    let pid = holder.server;
    holder.kill_group();
    let postgres = start(&data_dir, Lifetime::Durable).await;
    assert!(!is_alive(pid));
    assert!(!postgres.report().initialised);
    assert_eq!(read(&postgres).await, "kept");
    postgres.stop().await.expect("stops");
}

/// The processes that this one started.
fn children(parent: Pid) -> Vec<Pid> {
    let ps = Command::new("ps").args(["-A", "-o", "pid=,ppid="]).output();
    let table = String::from_utf8(ps.expect("ps runs").stdout).expect("numbers");
    let pairs = table.lines().filter_map(|line| {
        let (child, its_parent) = line.trim().split_once(char::is_whitespace)?;
        Some((child.parse().ok()?, its_parent.trim().parse().ok()?))
    });
    let children = pairs.filter(|(_, its_parent): &(i32, i32)| *its_parent == parent.as_raw());
    children.map(|(child, _)| Pid::from_raw(child)).collect()
}

#[tokio::test]
async fn an_orphan_whose_supervisor_was_killed_too_is_shut_down_by_the_next_start() {
    let parent = parent();
    let data_dir = parent.path().join("data");

    let mut postgres = start(&data_dir, Lifetime::Durable).await;
    let (pid, supervisor) = (pid_of(&postgres), postgres.running.supervisor.id());
    write(&postgres).await;
    // Its watcher, too, would shut the server down.
    let watchers = children(supervisor);
    kill(supervisor, Signal::SIGKILL).expect("it was running");
    for watcher in watchers.into_iter().filter(|child| child.as_raw() != pid) {
        kill(watcher, Signal::SIGKILL).expect("it was running");
    }
    drop(postgres);
    assert!(is_alive(pid));

    postgres = start(&data_dir, Lifetime::Durable).await;
    assert_ne!(pid_of(&postgres), pid);
    assert_eq!(read(&postgres).await, "kept");
    postgres.stop().await.expect("stops");
}

#[tokio::test]
async fn a_throwaway_directory_goes_with_its_server() {
    let parent = parent();
    let data_dir = parent.path().join("data");

    let postgres = start(&data_dir, Lifetime::Throwaway).await;
    write(&postgres).await;
    postgres.stop().await.expect("stops");
    assert!(!data_dir.exists());

    let holder = Holder::start(&data_dir);
    let pid = holder.server;
    holder.kill_group();
    // As root, the directory stands in one where the server's user may not delete: empty.
    let is_gone = || !data_dir.join("cluster").exists();
    eventually("the removal", || is_gone() && !is_alive(pid)).await;
}

#[tokio::test]
async fn a_directory_with_files_in_it_is_not_thrown_away() {
    let parent = parent();
    let file = parent.path().join("letter.txt");
    std::fs::write(&file, "dear reader").expect("write");
    let refused = EmbeddedPostgres::start(options(parent.path(), Lifetime::Throwaway)).await;
    assert!(matches!(refused, Err(EmbeddedError::NotEmpty { .. })));
    assert!(file.exists());
}

#[tokio::test]
async fn a_server_that_cannot_start_leaves_its_last_words() {
    let parent = parent();
    let data_dir = parent.path().join("data");
    start(&data_dir, Lifetime::Durable)
        .await
        .stop()
        .await
        .expect("stops");
    let configuration = data_dir.join("cluster").join("postgresql.conf");
    std::fs::write(configuration, "no_such_setting = on\n").expect("write");

    let failed = EmbeddedPostgres::start(options(&data_dir, Lifetime::Durable)).await;
    let message = failed.expect_err("the configuration is broken").to_string();
    assert!(message.contains("no_such_setting"), "{message}");
}
