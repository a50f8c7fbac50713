//! The real program as a process: commands that run to their end, and servers that are stopped or killed.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// How long anything may take that is waited for: far longer than it does on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(20);

/// The program with these arguments, without the settings of whoever runs the tests.
pub fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command.args(args).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"ONRECORD_") {
            command.env_remove(name);
        }
    }
    command
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
        }
    }
}

/// Runs the program to its end.
pub fn run(args: &[&str]) -> Ran {
    program(args).output().expect("run onrecord").into()
}

/// Runs the program to its end with this on its standard input.
pub fn run_with_input(args: &[&str], input: &str) -> Ran {
    let mut command = program(args);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("start onrecord");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    let writer = thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("wait for onrecord");
    writer.join().expect("no panic").expect("write the input");
    output.into()
}

/// A directory for a server's data. Where the tests run as root, Postgres runs as another user, who has to get in.
pub struct DataDir(TempDir);

impl DataDir {
    pub fn new() -> Self {
        let dir = tempfile::Builder::new()
            .prefix("onrecord-it-")
            .permissions(Permissions::from_mode(0o755))
            .tempdir();
        Self(dir.expect("make a directory"))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Waits until no process works in here any more.
    pub fn wait_until_unused(&self) {
        wait_for("the end of Postgres", || {
            self.users().is_empty().then_some(())
        });
    }

    /// The processes that work in the directory or name it: Postgres, and whatever watches over it.
    pub fn users(&self) -> Vec<String> {
        let path = self.path().to_string_lossy().into_owned();
        let mut processes = processes();
        processes.retain(|process| process.contains(&path));
        processes
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.wait_until_unused();
        }
    }
}

/// All processes: working directory and command line from `/proc` or, where there is none, the latter from `ps`.
fn processes() -> Vec<String> {
    let Ok(processes) = fs::read_dir("/proc") else {
        let output = Command::new("ps").args(["-A", "-o", "command="]).output();
        let output = output.expect("run ps").stdout;
        return String::from_utf8_lossy(&output)
            .lines()
            .map(str::to_owned)
            .collect();
    };
    processes
        .filter_map(|process| {
            let process = process.ok()?.path();
            let directory = fs::read_link(process.join("cwd")).unwrap_or_default();
            let command_line = fs::read(process.join("cmdline")).ok()?;
            let command_line = String::from_utf8_lossy(&command_line).replace('\0', " ");
            Some(format!("{}: {command_line}", directory.display()))
        })
        .collect()
}

/// A running `onrecord serve` on a free port. It is killed when this is dropped.
pub struct Serve {
    pub address: SocketAddr,
    child: Child,
    stdout: Arc<Mutex<String>>,
    stderr: Arc<Mutex<String>>,
}

impl Serve {
    /// Starts a server with a private Postgres in `dir` and waits until it has said its address.
    pub fn start(dir: &DataDir, args: &[&str]) -> Self {
        Self::spawn(&[&["--data-dir", &dir.path().to_string_lossy()], args].concat())
    }

    /// Starts a server, on a free port unless it is told another, and waits until it has said its address.
    pub fn spawn(args: &[&str]) -> Self {
        Self::spawn_with(program(&["serve"]), args)
    }

    /// Like [`Serve::spawn`], but the server is the process with the number 1, as in a container: signals that it does not
    /// handle do nothing. `None` where this machine does not allow it.
    pub fn spawn_as_first_process(args: &[&str]) -> Option<Self> {
        let mut unshare = vec!["--pid", "--fork", "--kill-child=KILL"];
        if !nix::unistd::geteuid().is_root() {
            unshare.extend(["--user", "--map-current-user"]);
        }
        let allowed = Command::new("unshare").args(&unshare).arg("true").output();
        if !allowed.is_ok_and(|output| output.status.success()) {
            return None;
        }
        let server = program(&["serve"]);
        let mut command = Command::new("unshare");
        command
            .args(&unshare)
            .arg(server.get_program())
            .args(server.get_args());
        for (name, _) in server.get_envs() {
            command.env_remove(name);
        }
        Some(Self::spawn_with(command, args))
    }

    /// Like [`Serve::spawn`], with this command, which is [`program`] or runs it.
    pub fn spawn_with(mut command: Command, args: &[&str]) -> Self {
        if !args.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("start the server");
        let stdout = collect(child.stdout.take().expect("a pipe"));
        let stderr = collect(child.stderr.take().expect("a pipe"));
        let mut server = Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            child,
            stdout,
            stderr,
        };
        server.address = wait_for("the server's address", || {
            let ended = server.child.try_wait().expect("a child");
            assert_eq!(ended, None, "the server ended: {}", server.log());
            address(&read(&server.stdout))
        });
        server
    }

    /// The address as clients take it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The process's id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        read(&self.stderr)
    }

    /// Waits until it has printed this, and returns all that it printed.
    pub fn wait_for_output(&self, part: &str) -> String {
        wait_for(part, || {
            Some(read(&self.stdout)).filter(|output| output.contains(part))
        })
    }

    /// Sends a signal to the process that it started, which is the server where it is the first process.
    pub fn signal_child(&self, signal: Signal) {
        let children = children(self.pid());
        assert_eq!(children.len(), 1, "{children:?}");
        kill(children[0], signal).expect("send a signal");
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        send_signal(&self.child, signal);
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> ExitStatus {
        wait_for("the server's end", || {
            self.child.try_wait().expect("a child")
        })
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The processes that a process has started and not yet waited for.
pub fn children(pid: u32) -> Vec<Pid> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let children = children.unwrap_or_default();
    let pids = children
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok());
    pids.map(Pid::from_raw).collect()
}

/// Sends a signal to a process that was started here and not yet waited for.
pub fn send_signal(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().cast_signed()), signal).expect("send a signal");
}

/// Polls until there is something.
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        thread::sleep(POLL);
    }
}

fn address(output: &str) -> Option<SocketAddr> {
    let line = output
        .split_inclusive('\n')
        .find(|line| line.ends_with('\n'))?;
    line.trim_end()
        .strip_prefix("onrecord is serving on ")?
        .parse()
        .ok()
}

/// Reads a pipe to its end on a thread of its own, so that the writer never waits.
fn collect(pipe: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let copy = Arc::clone(&text);
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut text = copy.lock().expect("no panic");
            text.push_str(&line);
            text.push('\n');
        }
    });
    text
}

fn read(text: &Mutex<String>) -> String {
    text.lock().expect("no panic").clone()
}
