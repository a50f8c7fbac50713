//! A Postgres that may be killed, frozen, restarted, and run out of disk.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User};
use onrecord::store::{PoolOptions, Store};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use crate::outage;
use crate::process::{DataDir, children};

/// More than two servers and the test's own connections need, and few enough to be taken quickly.
const MAX_CONNECTIONS: usize = 100;
/// Enough for the database of some dozen rounds.
const DISK: &str = "size=320m,mode=0755";
const PATIENCE: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(10);

const ACTIVITY: &str = "SELECT concat_ws(' ', pid, state, wait_event_type, wait_event, now() - xact_start, query) \
     FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'";

/// Cleans up when the test is gone, however it ended: its standard input closes then.
const KEEPER: &str = r#"
read -r _
pid=$(head -n 1 "$1/data/cluster/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null && kill -CONT "$pid"
umount -l "$1/data" 2>/dev/null
rm -rf "$1"
"#;

/// A Postgres of the test's own, reached over a Unix socket.
pub struct Postgres {
    programs: PathBuf,
    user: Option<User>,
    postmaster: Option<Child>,
    /// Whether its disk is small enough to be filled.
    pub small_disk: bool,
    keeper: (Child, Option<ChildStdin>),
    // Removed last.
    dir: DataDir,
}

impl Postgres {
    /// Makes a migrated database, or `None` where the machine has no Postgres but was told where to find one.
    pub async fn start() -> Option<Self> {
        let dir = DataDir::new();
        let data = dir.path().join("data");
        fs::create_dir(&data).expect("make a directory");
        let keeper = keeper(dir.path());
        let small_disk = mount_small_disk(&data);
        // The product makes the cluster: it knows where the programs are and who may run them.
        let made = outage::postgres(&data).await?;
        let report = made.report().clone();
        made.stop().await.expect("stop");
        let user = report.user.map(|name| {
            let user = User::from_name(&name).expect("look the user up");
            user.expect("Postgres ran as this user")
        });
        let sockets = dir.path().join("run");
        fs::create_dir(&sockets).expect("make a directory");
        if let Some(user) = &user {
            let (uid, gid) = (user.uid.as_raw(), user.gid.as_raw());
            chown(&sockets, Some(uid), Some(gid)).expect("give the directory away");
        }
        let mut postgres = Self {
            programs: report.bin_dir,
            user,
            postmaster: None,
            small_disk,
            keeper,
            dir,
        };
        postgres.ensure_running().await;
        let store = Store::connect(postgres.connect_options(), PoolOptions::default());
        store.migrate().await.expect("migrate");
        store.close().await;
        Some(postgres)
    }

    /// The socket that it listens on.
    pub fn socket(&self) -> PathBuf {
        self.dir.path().join("run/.s.PGSQL.5432")
    }

    pub fn connect_options(&self) -> PgConnectOptions {
        PgConnectOptions::new()
            .socket(self.dir.path().join("run"))
            .username("onrecord")
            .database("onrecord")
    }

    /// A connection that no proxy stands in.
    pub async fn connection(&self) -> PgConnection {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.connect_options().connect().await {
                Ok(connection) => return connection,
                Err(error) => assert!(Instant::now() < deadline, "{error}: {}", self.log()),
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Starts it if it is not running, and waits until it answers.
    pub async fn ensure_running(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let running = self
                .postmaster
                .as_mut()
                .is_some_and(|child| child.try_wait().expect("a child").is_none());
            if !running {
                self.postmaster = Some(self.spawn());
            }
            if let Ok(connection) = self.connect_options().connect().await {
                connection.close().await.expect("close");
                return;
            }
            assert!(Instant::now() < deadline, "no Postgres: {}", self.log());
            tokio::time::sleep(POLL).await;
        }
    }

    fn spawn(&self) -> Child {
        let mut command = Command::new(self.programs.join("postgres"));
        command
            .arg("-D")
            .arg(self.dir.path().join("data/cluster"))
            .arg("-k")
            .arg(self.dir.path().join("run"));
        for setting in [
            "listen_addresses=",
            "port=5432",
            &format!("max_connections={MAX_CONNECTIONS}"),
            "superuser_reserved_connections=0",
            "shared_buffers=32MB",
            "min_wal_size=32MB",
            "max_wal_size=64MB",
            "log_checkpoints=off",
            // The machine never goes down here, only processes do: what was written is there.
            "fsync=off",
        ] {
            command.args(["-c", setting]);
        }
        if let Some(user) = &self.user {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log_path())
            .expect("open the log");
        command
            .current_dir(self.dir.path())
            .env_clear()
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("the log"))
            .stderr(log);
        command.spawn().expect("start Postgres")
    }

    fn log_path(&self) -> PathBuf {
        self.dir.path().join("postgres.log")
    }

    /// The end of what Postgres said.
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.log_path()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// What its connections are doing, one a line.
    pub async fn activity(&self) -> String {
        let mut connection = self.connection().await;
        let lines: Vec<String> = sqlx::query_scalar(ACTIVITY)
            .fetch_all(&mut connection)
            .await
            .expect("look at the connections");
        lines.join("\n")
    }

    /// Kills all of it at once.
    pub fn kill(&mut self) {
        self.signal(Signal::SIGSTOP);
        let rest = self.backends();
        self.signal(Signal::SIGKILL);
        if let Some(mut postmaster) = self.postmaster.take() {
            postmaster.wait().expect("wait for Postgres");
        }
        let deadline = Instant::now() + PATIENCE;
        while rest.iter().any(|pid| kill(*pid, None).is_ok()) {
            assert!(Instant::now() < deadline, "Postgres goes on");
            std::thread::sleep(POLL);
        }
    }

    /// Shuts it down in order, without waiting for clients.
    pub fn stop(&mut self) {
        if let Some(mut postmaster) = self.postmaster.take() {
            let pid = Pid::from_raw(postmaster.id().cast_signed());
            let _ = kill(pid, Signal::SIGINT);
            postmaster.wait().expect("wait for Postgres");
        }
    }

    /// Stops every process of it where it stands.
    pub fn freeze(&self) {
        self.signal(Signal::SIGSTOP);
    }

    /// Lets every process of it go on.
    pub fn thaw(&self) {
        self.signal(Signal::SIGCONT);
    }

    /// Kills one process of it that serves a client. Postgres then ends all others and recovers by itself.
    pub async fn crash_one_backend(&self) {
        let mut connection = self.connection().await;
        let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
            .fetch_one(&mut connection)
            .await
            .expect("a process");
        kill(Pid::from_raw(pid), Signal::SIGKILL).expect("kill");
    }

    /// Ends every connection of the servers.
    pub async fn end_connections(connection: &mut PgConnection) {
        let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                   WHERE application_name = 'onrecord'";
        let ended = sqlx::query(end).execute(connection).await;
        ended.expect("end the connections");
    }

    /// Takes all connections there are. They come free when these are dropped.
    pub async fn take_connections(&self) -> Vec<PgConnection> {
        let mut taken = vec![self.connection().await];
        while taken.len() < MAX_CONNECTIONS {
            Self::end_connections(&mut taken[0]).await;
            while let Ok(connection) = self.connect_options().connect().await {
                taken.push(connection);
            }
        }
        taken
    }

    /// Writes until the disk is full.
    pub fn fill_disk(&self) {
        let mut ballast = File::create(self.ballast()).expect("make a file");
        for size in [1 << 20, 1 << 12] {
            let piece = vec![1; size];
            while ballast.write_all(&piece).is_ok() {}
        }
    }

    /// Makes room again.
    pub fn free_disk(&self) {
        let _ = fs::remove_file(self.ballast());
    }

    fn ballast(&self) -> PathBuf {
        self.dir.path().join("data/ballast")
    }

    fn signal(&self, signal: Signal) {
        let Some(postmaster) = &self.postmaster else {
            return;
        };
        let pid = Pid::from_raw(postmaster.id().cast_signed());
        // The postmaster first, so that it starts no more.
        let rest = self.backends();
        let _ = kill(pid, signal);
        for pid in rest.into_iter().chain(self.backends()) {
            let _ = kill(pid, signal);
        }
    }

    /// All processes but the postmaster.
    fn backends(&self) -> Vec<Pid> {
        let postmaster = self.postmaster.iter();
        postmaster
            .flat_map(|postmaster| children(postmaster.id()))
            .collect()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.kill();
        drop(self.keeper.1.take());
        let _ = self.keeper.0.wait();
    }
}

fn keeper(dir: &Path) -> (Child, Option<ChildStdin>) {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", KEEPER, "keeper"]).arg(dir);
    let mut keeper = command
        .current_dir("/")
        .stdin(Stdio::piped())
        // What interrupts the test does not interrupt its clean-up.
        .process_group(0)
        .spawn()
        .expect("start a shell");
    let stdin = keeper.stdin.take();
    (keeper, stdin)
}

/// Mounts a small disk, which is left to root.
fn mount_small_disk(at: &Path) -> bool {
    let mut command = Command::new("mount");
    command.args(["-t", "tmpfs", "-o", DISK, "tmpfs"]).arg(at);
    let mounted = command.stderr(Stdio::null()).status();
    mounted.is_ok_and(|status| status.success())
}
