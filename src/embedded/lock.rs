use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;
use std::process;
use std::time::{Duration, Instant};

use super::error::{EmbeddedError, IoContext};
use super::layout::Layout;

/// How long a process that was killed a moment ago may take to be gone.
const KILLED_HOLDER_GRACE: Duration = Duration::from_millis(500);

const POLL: Duration = Duration::from_millis(10);

/// Keeps a second onrecord out of the data directory for as long as it lives.
///
/// The system drops the lock with the process, so a crash never leaves one behind.
#[derive(Debug)]
pub(super) struct DirLock {
    _file: File,
}

impl DirLock {
    /// Takes the lock, and writes down who has it for the message that others get.
    pub(super) async fn acquire(layout: &Layout) -> Result<Self, EmbeddedError> {
        let path = layout.lock();
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).context("open", &path)?;
        let deadline = Instant::now() + KILLED_HOLDER_GRACE;
        while !try_lock(&file, &path)? {
            if Instant::now() > deadline {
                let pid = holder(&mut file);
                return Err(EmbeddedError::InUse {
                    path: layout.root().to_owned(),
                    pid,
                });
            }
            tokio::time::sleep(POLL).await;
        }
        file.set_len(0).context("truncate", &path)?;
        write!(file, "{}", process::id()).context("write", &path)?;
        Ok(Self { _file: file })
    }
}

/// Whether the lock was free and is now ours.
fn try_lock(file: &File, path: &Path) -> Result<bool, EmbeddedError> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(source)) => Err(EmbeddedError::Io {
            action: "lock",
            path: path.to_owned(),
            source,
        }),
    }
}

/// The process named in a lock file; nothing if it is only just writing its name.
fn holder(file: &mut File) -> Option<String> {
    let mut pid = String::new();
    file.read_to_string(&mut pid).ok()?;
    (!pid.is_empty()).then_some(pid)
}
