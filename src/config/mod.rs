//! Server configuration.

mod auth;
mod database;
mod error;
mod limits;
mod observability;
mod tls;
mod values;

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

pub use auth::{AuthMode, AuthSettings, ReflectionAccess};
pub use database::{DatabaseAddress, DatabaseConfig, SecretUrl};
pub use error::ConfigError;
pub use limits::LimitConfig;
pub use observability::Observability;
pub use tls::{TlsClientAuth, TlsSettings};
pub use values::unit_interval;

use values::{address, seconds};

/// Server settings: flags of `serve`, each of which can also be set as an environment variable.
#[derive(Debug, Clone, Args)]
pub struct ServeConfig {
    /// Address and port to listen on; port 0 picks a free one
    #[arg(
        long,
        env = "ONRECORD_LISTEN",
        default_value = "127.0.0.1:50051",
        value_name = "ADDR",
        value_parser = address
    )]
    pub listen: SocketAddr,

    #[command(flatten)]
    #[allow(
        missing_docs,
        reason = "its comment would replace the command's own help"
    )]
    pub database: DatabaseConfig,

    /// Data directory of the private Postgres [default: onrecord in $XDG_DATA_HOME or ~/.local/share; for root
    /// /var/lib/onrecord]
    #[arg(long, env = "ONRECORD_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Directory with the postgres and initdb programs for the private Postgres [default: pg_config's, then the usual
    /// places]
    #[arg(long, env = "PG_BINDIR", value_name = "DIR")]
    pub pg_bindir: Option<PathBuf>,

    /// Maximum length of a text, in bytes
    #[arg(long, env = "ONRECORD_MAX_TEXT_BYTES", default_value_t = 1 << 20, value_name = "BYTES")]
    pub max_text_bytes: usize,

    /// Maximum number of calls in flight that are neither streams nor read texts; further calls are refused as
    /// RESOURCE_EXHAUSTED
    #[arg(
        long,
        env = "ONRECORD_MAX_IN_FLIGHT",
        default_value_t = 512,
        value_name = "N"
    )]
    pub max_in_flight: usize,

    /// Maximum time for a call that reads a text, or for one document of a stream, in seconds, whatever deadline the
    /// caller sets
    #[arg(long, env = "ONRECORD_REQUEST_TIMEOUT", default_value = "60", value_name = "SECONDS",
          value_parser = seconds)]
    pub request_timeout: Duration,

    /// After a stop signal: how long new calls are still accepted while load balancers move elsewhere, in seconds
    #[arg(long, env = "ONRECORD_DRAIN_DELAY", default_value = "0", value_name = "SECONDS",
          value_parser = seconds)]
    pub drain_delay: Duration,

    /// After the drain delay: how long calls in flight may take to finish, in seconds
    #[arg(long, env = "ONRECORD_DRAIN_TIMEOUT", default_value = "25", value_name = "SECONDS",
          value_parser = seconds)]
    pub drain_timeout: Duration,

    /// How long the event log that WatchClaims reads is retained, in seconds: how long a watcher may be disconnected
    /// and still resume
    #[arg(long, env = "ONRECORD_WATCH_RETENTION", default_value = "604800", value_name = "SECONDS",
          value_parser = seconds)]
    pub watch_retention: Duration,

    /// How stored claims are compared to find those that say the same: by their words, or also by their meaning,
    /// which takes longer
    #[arg(
        long,
        env = "ONRECORD_PROPOSITIONS",
        default_value = "words",
        value_name = "HOW"
    )]
    pub propositions: Propositions,

    /// Claims with a lower confidence are neither stored nor returned, unless a caller asks for them: from 0, which
    /// keeps all, to 1
    #[arg(
        long,
        env = "ONRECORD_MIN_CONFIDENCE",
        default_value = "0.5",
        value_name = "P",
        value_parser = unit_interval
    )]
    pub min_confidence: f32,

    /// Limits of connections, calls and callers.
    #[command(flatten)]
    pub limits: LimitConfig,
    /// Transport security.
    #[command(flatten)]
    pub tls: TlsSettings,

    /// Who may call.
    #[command(flatten)]
    pub auth: AuthSettings,
    /// What the server tells of itself.
    #[command(flatten)]
    pub observability: Observability,
}

/// How stored claims are compared to find those that say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Propositions {
    /// Not at all.
    Off,
    /// By their words.
    Words,
    /// By their words and meaning.
    Meaning,
}

/// Longer texts would leave no headroom in 32-bit offsets, and responses would be gigabytes.
const MAX_TEXT_BYTES: usize = 256 << 20;

/// Postgres must be able to represent it too, in whole milliseconds.
const REQUEST_TIMEOUT: RangeInclusive<Duration> =
    Duration::from_millis(100)..=Duration::from_hours(24);

impl ServeConfig {
    /// Checks what the types alone cannot, before anything is started.
    ///
    /// # Errors
    /// The first invalid setting.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let bad = |flag, env, value: String, bounds| {
            Err(ConfigError::OutOfBounds {
                flag,
                env,
                value,
                bounds,
            })
        };
        if !(1..=MAX_TEXT_BYTES).contains(&self.max_text_bytes) {
            let value = self.max_text_bytes.to_string();
            return bad(
                "max-text-bytes",
                "ONRECORD_MAX_TEXT_BYTES",
                value,
                "from 1 to 256 MiB",
            );
        }
        if self.max_in_flight == 0 {
            return bad(
                "max-in-flight",
                "ONRECORD_MAX_IN_FLIGHT",
                "0".into(),
                "at least 1",
            );
        }
        if !REQUEST_TIMEOUT.contains(&self.request_timeout) {
            let value = self.request_timeout.as_secs_f64().to_string();
            let env = "ONRECORD_REQUEST_TIMEOUT";
            return bad("request-timeout", env, value, "from 0.1 to 86400");
        }
        self.database.validate()?;
        self.limits.validate()?;
        self.tls.validate()?;
        self.auth.validate(self.listen, &self.tls)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{ConfigError, ServeConfig};

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        config: ServeConfig,
    }

    fn check(args: &[&str], good: bool) {
        let args = std::iter::once("serve").chain(args.iter().copied());
        let config = Command::try_parse_from(args).unwrap().config;
        assert_eq!(config.validate().is_ok(), good);
    }

    #[test]
    fn settings_are_checked_before_anything_starts() {
        check(&[], true);
        check(&["--listen", "localhost:50051"], true);
        check(&["--max-text-bytes", "0"], false);
        check(&["--max-text-bytes", "999999999999"], false);
        check(&["--max-in-flight", "0"], false);
        check(&["--database-connections", "0"], false);
        check(&["--database-write-connections", "0"], false);
        check(&["--database-lock-timeout", "0"], false);
        check(&["--database-idle-timeout", "3601"], false);
        check(&["--request-timeout", "0"], false);
        check(&["--request-timeout", "0.01"], false);
        check(&["--request-timeout", "86401"], false);
        check(&["--request-timeout", "0.5"], true);
    }

    #[test]
    fn claims_are_kept_from_the_confidence_on_that_the_command_extract_has() {
        let least = |args: &[&str]| {
            let args = std::iter::once("serve").chain(args.iter().copied());
            Some(
                Command::try_parse_from(args)
                    .ok()?
                    .config
                    .min_confidence
                    .to_bits(),
            )
        };
        assert_eq!(least(&[]), Some(crate::extract::MIN_CONFIDENCE.to_bits()));
        assert_eq!(least(&["--min-confidence", "0"]), Some(0));
        for bad in ["-1", "1.1", "NaN", "half"] {
            assert_eq!(least(&[&format!("--min-confidence={bad}")]), None, "{bad}");
        }
    }

    #[test]
    fn an_error_names_flag_and_variable() {
        let error = ConfigError::OutOfBounds {
            flag: "max-in-flight",
            env: "ONRECORD_MAX_IN_FLIGHT",
            value: "0".into(),
            bounds: "at least 1",
        };
        let text = error.to_string();
        assert!(text.contains("--max-in-flight") && text.contains("ONRECORD_MAX_IN_FLIGHT"));
    }
}
