use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::error::{EmbeddedError, IoContext};

/// As much of the log's end as an error message looks at, in bytes.
const TAIL_BYTES: u64 = 4096;

/// As many of the log's last lines as an error message shows.
const TAIL_LINES: usize = 10;

/// The server's log, which at the same time says whether a server still runs.
///
/// The file is locked, and every process of Postgres inherits it, locked as it is, as its
/// output. The system drops the lock when the last of them has ended: unlike a process id
/// that neither misses a backend which outlives its postmaster nor takes a stranger for it.
#[derive(Debug)]
pub(super) struct ServerLog {
    path: PathBuf,
    file: File,
}

impl ServerLog {
    /// Opens and locks the log; `None` while processes of an earlier server hold it.
    pub(super) fn try_open(path: &Path) -> Result<Option<Self>, EmbeddedError> {
        // What failed is quoted in it, so it is for nobody else to read.
        let mut options = OpenOptions::new();
        options.append(true).create(true).mode(0o600);
        let file = options.open(path).context("open", path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self {
                path: path.to_owned(),
                file,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(EmbeddedError::Io {
                action: "lock",
                path: path.to_owned(),
                source,
            }),
        }
    }

    /// Sets the log of the last run aside, so that what follows is of this one.
    ///
    /// It is copied, not renamed: the lock belongs to the file.
    pub(super) fn rotate(&self) -> Result<(), EmbeddedError> {
        fs::copy(&self.path, self.path.with_extension("log.1")).context("copy", &self.path)?;
        self.file.set_len(0).context("truncate", &self.path)
    }

    /// The log as the output of a process.
    pub(super) fn stdio(&self) -> Result<Stdio, EmbeddedError> {
        Ok(Stdio::from(
            self.file.try_clone().context("open", &self.path)?,
        ))
    }
}

/// The last lines of a log, or why there are none.
pub(super) fn tail(path: &Path) -> String {
    match read_end(path) {
        Ok(end) => last_lines(&end),
        Err(error) => format!("(the log cannot be read: {error})"),
    }
}

fn read_end(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
    let mut end = Vec::new();
    file.read_to_end(&mut end)?;
    Ok(String::from_utf8_lossy(&end).into_owned())
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tail_keeps_the_last_lines() {
        let check = |text: &str, expect: &str| assert_eq!(last_lines(text), expect);
        check("", "");
        check("one\ntwo\n", "one\ntwo");
        check(
            "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n",
            "1\n2\n3\n4\n5\n6\n7\n8\n9\n10",
        );
    }

    #[test]
    fn the_lock_goes_with_the_last_process_that_writes_the_log() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let path = dir.path().join("postgres.log");
        let log = ServerLog::try_open(&path)
            .expect("open")
            .expect("nobody holds it");
        let mut child = std::process::Command::new("cat")
            .stdin(Stdio::piped())
            .stdout(log.stdio().expect("clone"))
            .spawn()
            .expect("cat runs");
        drop(log);
        assert!(ServerLog::try_open(&path).expect("open").is_none());

        drop(child.stdin.take());
        child.wait().expect("cat ends");
        assert!(ServerLog::try_open(&path).expect("open").is_some());
    }
}
