use std::convert::Infallible;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use super::error::ConfigError;
use super::values::seconds;

/// A `postgres://` URL. It may hold a password, which is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretUrl(pub String);

impl FromStr for SecretUrl {
    type Err = Infallible;

    fn from_str(url: &str) -> Result<Self, Infallible> {
        Ok(Self(url.to_owned()))
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a URL")
    }
}

/// Where the database is and how to log in: flags of every command that works on one.
#[derive(Debug, Clone, Args)]
pub struct DatabaseAddress {
    /// Postgres database for articles, actors and claims, as a postgres:// URL. It must already be migrated
    /// (`onrecord migrate`)
    #[arg(
        id = "database_url",
        long = "database-url",
        env = "ONRECORD_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub url: Option<SecretUrl>,

    /// File that holds that URL; it is read again when it changes
    #[arg(
        id = "database_url_file",
        long = "database-url-file",
        env = "ONRECORD_DATABASE_URL_FILE",
        value_name = "FILE"
    )]
    pub url_file: Option<PathBuf>,

    /// File that holds the password, also the replica's; it is read again when it changes
    #[arg(
        id = "database_password_file",
        long = "database-password-file",
        env = "ONRECORD_DATABASE_PASSWORD_FILE",
        value_name = "FILE"
    )]
    pub password_file: Option<PathBuf>,

    /// Shell command that prints the password, for passwords that expire: it is run again every five minutes, and
    /// when Postgres refuses the password
    #[arg(
        id = "database_password_command",
        long = "database-password-command",
        env = "ONRECORD_DATABASE_PASSWORD_COMMAND",
        value_name = "COMMAND"
    )]
    pub password_command: Option<String>,
}

/// The database settings of a server.
#[derive(Debug, Clone, Args)]
pub struct DatabaseConfig {
    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "its comment would replace the command's own help"
    )]
    pub address: DatabaseAddress,

    /// Streaming replica of that database for read-only calls, as a postgres:// URL. It may lag slightly behind;
    /// calls with the metadata `onrecord-read-from: primary` do not use it [default: none]
    #[arg(
        long,
        env = "ONRECORD_DATABASE_REPLICA_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database_replica_url: Option<SecretUrl>,

    /// File that holds the replica's URL; it is read again when it changes
    #[arg(long, env = "ONRECORD_DATABASE_REPLICA_URL_FILE", value_name = "FILE")]
    pub database_replica_url_file: Option<PathBuf>,

    /// Maximum number of connections to Postgres for look-ups
    #[arg(
        long,
        env = "ONRECORD_DATABASE_CONNECTIONS",
        default_value_t = 16,
        value_name = "N"
    )]
    pub database_connections: u32,

    /// Maximum number of connections to Postgres for writes, beside those for look-ups
    #[arg(
        long,
        env = "ONRECORD_DATABASE_WRITE_CONNECTIONS",
        default_value_t = 8,
        value_name = "N"
    )]
    pub database_write_connections: u32,

    /// Maximum time that a statement waits for a lock, in seconds
    #[arg(long, env = "ONRECORD_DATABASE_LOCK_TIMEOUT", default_value = "10", value_name = "SECONDS",
          value_parser = seconds)]
    pub database_lock_timeout: Duration,

    /// Maximum time that a transaction may do nothing, in seconds
    #[arg(long, env = "ONRECORD_DATABASE_IDLE_TIMEOUT", default_value = "10", value_name = "SECONDS",
          value_parser = seconds)]
    pub database_idle_timeout: Duration,
}

/// Long enough for a busy server, and short enough that others do not wait in vain.
const TIMEOUTS: std::ops::RangeInclusive<Duration> =
    Duration::from_millis(100)..=Duration::from_hours(1);

impl DatabaseConfig {
    /// Checks what the types alone cannot.
    ///
    /// # Errors
    /// The first invalid setting.
    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        let bad = |flag, env, value: String, bounds| {
            Err(ConfigError::OutOfBounds {
                flag,
                env,
                value,
                bounds,
            })
        };
        if self.database_connections == 0 {
            let env = "ONRECORD_DATABASE_CONNECTIONS";
            return bad("database-connections", env, "0".into(), "at least 1");
        }
        if self.database_write_connections == 0 {
            let env = "ONRECORD_DATABASE_WRITE_CONNECTIONS";
            return bad("database-write-connections", env, "0".into(), "at least 1");
        }
        for (flag, env, value) in [
            (
                "database-lock-timeout",
                "ONRECORD_DATABASE_LOCK_TIMEOUT",
                self.database_lock_timeout,
            ),
            (
                "database-idle-timeout",
                "ONRECORD_DATABASE_IDLE_TIMEOUT",
                self.database_idle_timeout,
            ),
        ] {
            if !TIMEOUTS.contains(&value) {
                let value = value.as_secs_f64().to_string();
                return bad(flag, env, value, "from 0.1 to 3600");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::SecretUrl;

    #[test]
    fn a_url_is_not_printed() {
        let url: SecretUrl = "postgres://ann:secret@localhost/archive".parse().unwrap();
        assert_eq!(format!("{url:?}"), "a URL");
    }
}
