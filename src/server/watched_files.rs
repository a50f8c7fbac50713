//! Files that are read again when their content changes.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::sync::watch;
use zeroize::Zeroizing;

/// How often the files are looked at. Content is compared, not times: secrets that Kubernetes mounts are links whose
/// targets change.
const PERIOD: Duration = Duration::from_secs(2);

/// A file that cannot be used, and why. The file's content is not told.
#[derive(Debug, thiserror::Error)]
#[error("cannot use {path}: {problem}", path = path.display())]
pub struct FileError {
    path: PathBuf,
    problem: String,
}

impl FileError {
    pub(super) fn new(path: &Path, problem: &(impl ToString + ?Sized)) -> Self {
        Self {
            path: path.to_owned(),
            problem: problem.to_string(),
        }
    }
}

/// A file's content, which is erased from memory after use: it may hold a secret.
pub(super) type Content = Zeroizing<Vec<u8>>;

/// What was last read without an error.
pub(super) type Latest<T> = watch::Receiver<Arc<T>>;

/// What files mean, kept up to date.
#[derive(Debug)]
pub(super) struct WatchedFiles<T, R> {
    paths: Vec<PathBuf>,
    read: R,
    seen: [u8; 32],
    latest: watch::Sender<Arc<T>>,
}

impl<T, R> WatchedFiles<T, R>
where
    R: Fn(&[Content]) -> Result<T, FileError>,
{
    /// Reads the files for the first time. `read` is given their contents in the order of `paths`.
    pub(super) fn load(paths: Vec<PathBuf>, read: R) -> Result<Self, FileError> {
        let contents = contents(&paths)?;
        let latest = watch::Sender::new(Arc::new(read(&contents)?));
        Ok(Self {
            seen: digest(&contents),
            paths,
            read,
            latest,
        })
    }

    /// What was last read without an error, now and later.
    pub(super) fn latest(&self) -> Latest<T> {
        self.latest.subscribe()
    }

    /// Reads the files again whenever they have changed; while they cannot be used, what was read before stays in use.
    /// Never returns.
    pub(super) async fn follow(mut self) -> Infallible {
        let mut unreadable = false;
        loop {
            tokio::time::sleep(PERIOD).await;
            let contents = match contents(&self.paths) {
                Ok(contents) => contents,
                Err(error) => {
                    if !unreadable {
                        tracing::error!(%error, "a file is no longer readable; what it held stays in use");
                    }
                    unreadable = true;
                    continue;
                }
            };
            unreadable = false;
            let now = digest(&contents);
            if now == self.seen {
                continue;
            }
            self.seen = now;
            match (self.read)(&contents) {
                Ok(value) => {
                    self.latest.send_replace(Arc::new(value));
                    tracing::info!(file = %self.paths[0].display(), "a changed file is in use");
                }
                Err(error) => {
                    tracing::error!(%error, "a changed file is unusable; what it held before stays in use");
                }
            }
        }
    }
}

fn contents(paths: &[PathBuf]) -> Result<Vec<Content>, FileError> {
    let read = paths.iter().map(|path| {
        let content = std::fs::read(path).map_err(|error| FileError::new(path, &error))?;
        Ok(Zeroizing::new(content))
    });
    read.collect()
}

fn digest(contents: &[Content]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for content in contents {
        digest.update(content.len().to_le_bytes());
        digest.update(content.as_slice());
    }
    digest.finalize().into()
}
