use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs;
use std::hash::{Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::error::{EmbeddedError, IoContext};
use super::layout::{Layout, create_private, remove_dir};
use super::user::{ServerUser, own_uid};

/// The port that makes up the socket's file name; nothing listens on TCP.
pub(super) const PORT: u16 = 5432;

/// The longest path of a socket in bytes: the shortest limit that a system in use has is the
/// BSDs' and macOS's 104 with the closing NUL (Linux: 108).
const LONGEST_PATH: usize = 103;

/// A directory for the server's socket. Only the server's user (and root) may enter it, which
/// is what keeps others out of the database: the server itself trusts whoever connects.
#[derive(Debug, Clone)]
pub(super) struct SocketDir {
    pub(super) path: PathBuf,
    /// Whether it lies outside the data directory and is to be removed after use.
    pub(super) temporary: bool,
}

impl SocketDir {
    /// Creates the directory, in place of one that an earlier run left behind.
    ///
    /// The caller has made sure that no server runs, so the socket's lock file that a killed one
    /// left is stale: with it there, no server would start once its process id is in use again.
    pub(super) fn create(
        layout: &Layout,
        user: Option<&ServerUser>,
    ) -> Result<Self, EmbeddedError> {
        let runtime_dir = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
        // Root's own runtime directory is closed to the server's user.
        let runtime_dir = runtime_dir.filter(|dir| user.is_none() && dir.is_dir());
        let dir = choose(layout.sockets(), layout.root(), runtime_dir);
        if fs::symlink_metadata(&dir.path).is_ok() {
            ensure_ours(&dir.path, user)?;
            remove_dir(&dir.path)?;
        }
        create_private(&dir.path, user)?;
        Ok(dir)
    }
}

/// Prefers the data directory, then the runtime directory, then `/tmp`, as paths fit.
fn choose(inside: PathBuf, data_dir: &Path, runtime_dir: Option<PathBuf>) -> SocketDir {
    if fits(&inside) {
        return SocketDir {
            path: inside,
            temporary: false,
        };
    }
    let mut hasher = DefaultHasher::new();
    data_dir.hash(&mut hasher);
    let name = format!("onrecord-{:016x}", hasher.finish());
    let in_runtime_dir = runtime_dir
        .map(|dir| dir.join(&name))
        .filter(|path| fits(path));
    let path = in_runtime_dir.unwrap_or_else(|| Path::new("/tmp").join(name));
    SocketDir {
        path,
        temporary: true,
    }
}

/// Whether a socket in `dir` has a path that the system takes, and that the driver, which
/// makes a string of it, leaves as it is.
fn fits(dir: &Path) -> bool {
    let socket = dir.join(format!(".s.PGSQL.{PORT}"));
    dir.is_absolute()
        && socket
            .to_str()
            .is_some_and(|path| path.len() <= LONGEST_PATH)
}

/// Checks that nobody else can have put there what is there.
fn ensure_ours(dir: &Path, user: Option<&ServerUser>) -> Result<(), EmbeddedError> {
    let metadata = fs::symlink_metadata(dir).context("inspect", dir)?;
    let owner = metadata.uid();
    let ours = owner == own_uid() || user.is_some_and(|user| user.uid == owner);
    if metadata.is_dir() && ours {
        Ok(())
    } else {
        Err(EmbeddedError::ForeignSocketDir {
            path: dir.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_lies_in_the_first_directory_where_its_path_fits() {
        let check = |data_dir: &str, runtime_dir: Option<&str>, expect: &str, temporary: bool| {
            let data_dir = Path::new(data_dir);
            let dir = choose(
                data_dir.join("run"),
                data_dir,
                runtime_dir.map(PathBuf::from),
            );
            let path = dir.path.to_str().expect("UTF-8");
            assert!(
                path.starts_with(expect),
                "{path} should start with {expect}"
            );
            assert_eq!(dir.temporary, temporary);
            assert!(fits(&dir.path));
        };
        let long = format!("/home/{}", "x".repeat(90));
        check(
            "/var/lib/onrecord",
            Some("/run/user/7"),
            "/var/lib/onrecord/run",
            false,
        );
        check(&long, Some("/run/user/7"), "/run/user/7/onrecord-", true);
        check(&long, Some(&long), "/tmp/onrecord-", true);
        check(&long, None, "/tmp/onrecord-", true);
    }

    #[test]
    fn the_limit_counts_the_file_name() {
        let check = |length: usize, expect: bool| {
            let dir = format!("/{}", "d".repeat(length - 1));
            assert_eq!(fits(Path::new(&dir)), expect, "{length} bytes");
        };
        let name = "/.s.PGSQL.5432".len();
        check(LONGEST_PATH - name, true);
        check(LONGEST_PATH - name + 1, false);
    }

    #[test]
    fn a_link_in_place_of_the_directory_is_refused() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(dir.path(), &link).expect("link");
        let refused = ensure_ours(&link, None);
        assert!(matches!(
            refused,
            Err(EmbeddedError::ForeignSocketDir { .. })
        ));
    }
}
