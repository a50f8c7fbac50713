//! Where a database's address and password come from, read again as they change.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use tokio::process::Command;

use super::error::StoreError;
use super::url::parse_url;

/// How long the command that prints a password may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);

/// Where a database's address and password come from.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The address.
    pub url: UrlSource,
    /// The password, if it does not stand in the URL.
    pub password: Option<PasswordSource>,
}

/// Where a `postgres://` URL comes from.
#[derive(Clone)]
pub enum UrlSource {
    /// The URL itself.
    Given(String),
    /// A file that holds it.
    File(PathBuf),
}

/// The URL may hold a password.
impl fmt::Debug for UrlSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(_) => f.write_str("Given"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

/// Where a password comes from.
#[derive(Debug, Clone)]
pub enum PasswordSource {
    /// A file that holds it.
    File(PathBuf),
    /// A shell command that prints it.
    Command(String),
}

/// An address and password as they were read.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Address {
    url: String,
    password: Option<String>,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address")
    }
}

impl Address {
    /// Parses the address.
    pub(super) fn parse(&self) -> Result<PgConnectOptions, StoreError> {
        let connect = parse_url(&self.url)?;
        Ok(match &self.password {
            Some(password) => connect.password(password),
            None => connect,
        })
    }

    /// Whether it leads somewhere else, and not only with another password.
    pub(super) fn leads_elsewhere(&self, other: &Self) -> bool {
        self.url != other.url
    }
}

impl Credentials {
    /// How often they are to be read; `None` if they cannot change.
    pub(super) fn period(&self) -> Option<Duration> {
        match (&self.url, &self.password) {
            // Cloud providers issue passwords that last for 15 minutes.
            (_, Some(PasswordSource::Command(_))) => Some(Duration::from_mins(5)),
            (UrlSource::File(_), _) | (_, Some(PasswordSource::File(_))) => {
                Some(Duration::from_secs(3))
            }
            (UrlSource::Given(_), None) => None,
        }
    }

    /// Reads them.
    pub(super) async fn read(&self) -> Result<Address, StoreError> {
        let url = match &self.url {
            UrlSource::Given(url) => url.clone(),
            UrlSource::File(path) => read_file(path).await?,
        };
        let password = match &self.password {
            None => None,
            Some(PasswordSource::File(path)) => Some(read_file(path).await?),
            Some(PasswordSource::Command(command)) => Some(run(command).await?),
        };
        Ok(Address { url, password })
    }
}

async fn read_file(path: &PathBuf) -> Result<String, StoreError> {
    let read = tokio::fs::read_to_string(path).await;
    let text = read.map_err(|source| StoreError::Credentials {
        origin: path.display().to_string(),
        source,
    })?;
    Ok(first_line(&text))
}

/// Runs a shell command for what it prints. Its errors go to our own standard error.
async fn run(command: &str) -> Result<String, StoreError> {
    let failed = |source| StoreError::Credentials {
        origin: "the password command".to_owned(),
        source,
    };
    let output = Command::new("/bin/sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(COMMAND_TIMEOUT, output).await;
    let output = output.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    let output = output.map_err(failed)?;
    if !output.status.success() {
        return Err(failed(io::Error::other(output.status.to_string())));
    }
    let printed = String::from_utf8(output.stdout);
    // Not the error itself, which holds the password.
    let printed = printed.map_err(|_| failed(io::ErrorKind::InvalidData.into()))?;
    Ok(first_line(&printed))
}

/// Editors and commands end a line with a line break.
fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Credentials, PasswordSource, UrlSource};
    use crate::store::db::{PoolOptions, Store};

    fn credentials(password: PasswordSource) -> Credentials {
        Credentials {
            url: UrlSource::Given("postgres://ann:in-the-url@localhost/archive".into()),
            password: Some(password),
        }
    }

    #[tokio::test]
    async fn a_command_prints_the_password() {
        let password = PasswordSource::Command("echo hush; echo more".into());
        let address = credentials(password).read().await.unwrap();
        assert_eq!(address.password.as_deref(), Some("hush"));
        let failed = credentials(PasswordSource::Command("exit 3".into()));
        assert!(failed.read().await.is_err());
    }

    #[tokio::test]
    async fn no_secret_is_printed() {
        let credentials = credentials(PasswordSource::Command("echo hush".into()));
        let address = credentials.read().await.unwrap();
        let missing = super::read_file(&PathBuf::from("/no/such/file")).await;
        let printed = format!("{credentials:?} {address:?} {missing:?}");
        assert!(!printed.contains("in-the-url"), "{printed}");
        let store = Store::connect(address.parse().unwrap(), PoolOptions::default());
        let printed = format!("{store:?} {:?} {address:?}", store.probe());
        assert!(!printed.contains("hush"), "{printed}");
    }
}
