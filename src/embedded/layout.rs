use std::fs::{self, DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::error::{EmbeddedError, IoContext};
use super::options::Lifetime;
use super::user::{ServerUser, is_root};

/// Where root keeps the data: the server's user cannot pass through root's own home.
const ROOT_DATA_DIR: &str = "/var/lib/onrecord";

/// The directory used where none is given: `$XDG_DATA_HOME/onrecord`, else
/// `~/.local/share/onrecord`, and `/var/lib/onrecord` for root.
///
/// # Errors
/// [`EmbeddedError::NoHome`] where no home directory is known.
pub fn default_data_dir() -> Result<PathBuf, EmbeddedError> {
    if is_root() {
        return Ok(PathBuf::from(ROOT_DATA_DIR));
    }
    let strategy =
        etcetera::base_strategy::Xdg::new().map_err(|source| EmbeddedError::NoHome { source })?;
    Ok(strategy.data_dir().join("onrecord"))
}

/// The files of one data directory.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    root: PathBuf,
}

impl Layout {
    /// Creates the data directory where it is missing and makes its path absolute.
    pub(super) fn create(
        data_dir: &Path,
        lifetime: Lifetime,
        user: Option<&ServerUser>,
    ) -> Result<Self, EmbeddedError> {
        let existed = data_dir.exists();
        DirBuilder::new()
            .recursive(true)
            .mode(0o755)
            .create(data_dir)
            .context("create", data_dir)?;
        let root = fs::canonicalize(data_dir).context("resolve", data_dir)?;
        match lifetime {
            Lifetime::Durable if existed => {}
            // The server's user passes through, and owns only what it needs.
            Lifetime::Durable => set_mode(&root, if user.is_some() { 0o711 } else { 0o700 })?,
            Lifetime::Throwaway => {
                if !is_empty(&root)? {
                    return Err(EmbeddedError::NotEmpty { path: root });
                }
                set_mode(&root, 0o700)?;
                give_to(&root, user)?;
            }
        }
        Ok(Self { root })
    }

    /// The data directory itself.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Postgres's own data directory.
    pub(super) fn cluster(&self) -> PathBuf {
        self.root.join("cluster")
    }

    /// Where a cluster is made before it is complete.
    pub(super) fn unfinished_cluster(&self) -> PathBuf {
        self.root.join("cluster.new")
    }

    /// The file whose lock keeps a second onrecord out.
    pub(super) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// What Postgres says.
    pub(super) fn log(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    /// The supervisor's script.
    pub(super) fn script(&self) -> PathBuf {
        self.root.join("supervisor.sh")
    }

    /// The socket's directory, if its path is short enough.
    pub(super) fn sockets(&self) -> PathBuf {
        self.root.join("run")
    }

    /// Downloaded installations, one directory per version.
    pub(super) fn downloads(&self) -> PathBuf {
        self.root.join("postgresql")
    }
}

/// Creates a directory that only the server's user may enter.
pub(super) fn create_private(dir: &Path, user: Option<&ServerUser>) -> Result<(), EmbeddedError> {
    DirBuilder::new()
        .mode(0o700)
        .create(dir)
        .context("create", dir)?;
    give_to(dir, user)
}

/// Makes the server's user the owner; without one we are that user already.
fn give_to(path: &Path, user: Option<&ServerUser>) -> Result<(), EmbeddedError> {
    let Some(user) = user else { return Ok(()) };
    std::os::unix::fs::chown(path, Some(user.uid), Some(user.gid)).context("change owner of", path)
}

/// Removes a directory with everything in it; that there is none is fine.
pub(super) fn remove_dir(dir: &Path) -> Result<(), EmbeddedError> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        result => result.context("remove", dir),
    }
}

/// Sets the permissions, whatever the umask made of them.
pub(super) fn set_mode(path: &Path, mode: u32) -> Result<(), EmbeddedError> {
    fs::set_permissions(path, Permissions::from_mode(mode)).context("set permissions of", path)
}

fn is_empty(dir: &Path) -> Result<bool, EmbeddedError> {
    Ok(fs::read_dir(dir).context("read", dir)?.next().is_none())
}
