use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::error::ConfigError;
use super::tls::TlsSettings;

/// Who may call the server.
#[derive(Debug, Clone, Default, Args)]
pub struct AuthSettings {
    /// `none` lets everybody who reaches the port read and change everything. It has to be said unless the server
    /// listens on a loopback address or is given keys, an issuer or required client certificates [default: not said]
    #[arg(long, env = "ONRECORD_AUTH", value_name = "MODE")]
    pub auth: Option<AuthMode>,

    /// File with the keys and client certificates that may call, and their scopes; `onrecord key` makes its lines. It
    /// is read again when it changes [default: none]
    #[arg(long, env = "ONRECORD_AUTH_KEYS", value_name = "FILE")]
    pub auth_keys: Option<PathBuf>,

    /// OpenID Connect issuer whose tokens may call, such as `https://login.example.com`; with --auth-audience
    /// [default: none]
    #[arg(long, env = "ONRECORD_AUTH_ISSUER", value_name = "URL")]
    pub auth_issuer: Option<String>,

    /// The audience that tokens have to be issued for [default: none]
    #[arg(long, env = "ONRECORD_AUTH_AUDIENCE", value_name = "NAME")]
    pub auth_audience: Option<String>,

    /// Where the issuer's keys are: an https:// URL, or file:///… [default: as the issuer's discovery document says]
    #[arg(long, env = "ONRECORD_AUTH_JWKS_URL", value_name = "URL")]
    pub auth_jwks_url: Option<String>,

    /// Who may ask for the schema by reflection
    #[arg(
        long,
        env = "ONRECORD_REFLECTION",
        default_value = "authenticated",
        value_name = "WHO"
    )]
    pub reflection: ReflectionAccess,
}

/// A way to authenticate callers that has no settings of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuthMode {
    /// Not at all.
    None,
}

/// Who may use reflection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ReflectionAccess {
    /// Everybody.
    On,
    /// Whoever may make any other call.
    #[default]
    Authenticated,
    /// Nobody.
    Off,
}

impl AuthSettings {
    /// Whether callers have to prove who they are by a key or a token.
    #[must_use]
    pub const fn has_credentials(&self) -> bool {
        self.auth_keys.is_some() || self.auth_issuer.is_some()
    }

    /// Checks that the settings belong together, and that a server which others can reach does not let everybody in
    /// unasked.
    pub(super) fn validate(
        &self,
        listen: SocketAddr,
        tls: &TlsSettings,
    ) -> Result<(), ConfigError> {
        let inconsistent = |problem| Err(ConfigError::Inconsistent(problem));
        match (&self.auth_issuer, &self.auth_audience) {
            (Some(_), None) => {
                return inconsistent(
                    "--auth-issuer (or ONRECORD_AUTH_ISSUER) needs --auth-audience (or ONRECORD_AUTH_AUDIENCE)",
                );
            }
            (None, Some(_)) => {
                return inconsistent(
                    "--auth-audience (or ONRECORD_AUTH_AUDIENCE) needs --auth-issuer (or ONRECORD_AUTH_ISSUER)",
                );
            }
            _ => {}
        }
        if self.auth_jwks_url.is_some() && self.auth_issuer.is_none() {
            return inconsistent(
                "--auth-jwks-url (or ONRECORD_AUTH_JWKS_URL) needs --auth-issuer (or ONRECORD_AUTH_ISSUER)",
            );
        }
        if self.auth.is_some() && self.has_credentials() {
            return inconsistent(
                "--auth none (or ONRECORD_AUTH) contradicts --auth-keys and --auth-issuer",
            );
        }
        let asks = self.has_credentials() || tls.requires_certificates();
        if !asks && self.auth.is_none() && !listen.ip().is_loopback() {
            return inconsistent(
                "without authentication the server listens on loopback addresses only: set --auth-keys or \
                 --auth-issuer, or --auth none (ONRECORD_AUTH=none) to let everybody in",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::config::ServeConfig;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        config: ServeConfig,
    }

    /// Whether a server with these settings may start.
    fn check(args: &str, good: bool) {
        let config = Command::try_parse_from(format!("serve {args}").split_whitespace());
        let outcome = config.unwrap().config.validate();
        assert_eq!(outcome.is_ok(), good, "{args}: {outcome:?}");
    }

    #[test]
    fn whoever_is_reachable_says_whom_it_lets_in() {
        check("--listen 127.0.0.1:0", true);
        check("--listen [::1]:0", true);
        check("--listen 0.0.0.0:0", false);
        check("--listen [::]:0", false);
        check("--listen 0.0.0.0:0 --auth none", true);
        check("--listen 0.0.0.0:0 --auth-keys keys", true);
        let issuer = "--auth-issuer https://issuer --auth-audience onrecord";
        check(&format!("--listen 0.0.0.0:0 {issuer}"), true);
        let tls = "--tls-cert c --tls-key k";
        check(&format!("--listen 0.0.0.0:0 {tls}"), false);
        let certificates = format!("--listen 0.0.0.0:0 {tls} --tls-client-ca a");
        check(&certificates, true);
        check(&format!("{certificates} --tls-client-auth optional"), false);
    }

    #[test]
    fn half_of_a_setting_is_refused() {
        check("--tls-cert c", false);
        check("--tls-key k", false);
        check("--tls-client-ca a", false);
        check("--tls-cert c --tls-client-ca a", false);
        check("--tls-cert c --tls-key k", true);
        check("--auth-issuer https://issuer", false);
        check("--auth-audience onrecord", false);
        check("--auth-jwks-url https://issuer/keys", false);
        check("--auth none --auth-keys keys", false);
    }
}
