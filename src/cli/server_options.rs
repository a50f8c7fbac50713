use std::num::NonZeroU32;
use std::time::Duration;

use crate::config::{
    AuthSettings, LimitConfig, Propositions, ReflectionAccess, ServeConfig, TlsClientAuth,
    TlsSettings,
};
use crate::matching::Depth;
use crate::server::{
    AuthOptions, LimitOptions, ObservabilityOptions, OidcOptions, RateLimit, ReflectionMode,
    ServerOptions, TlsOptions,
};
use crate::telemetry::LogControl;

/// The shortest time between two requests for an issuer's keys.
const MIN_REFRESH: Duration = Duration::from_secs(10);

/// The settings as the server takes them.
pub(super) fn server_options(config: &ServeConfig, log: LogControl) -> ServerOptions {
    ServerOptions {
        listen: config.listen,
        max_text_bytes: config.max_text_bytes,
        max_in_flight: config.max_in_flight,
        request_timeout: config.request_timeout,
        drain_delay: config.drain_delay,
        drain_timeout: config.drain_timeout,
        watch_retention: config.watch_retention,
        propositions: depth(config.propositions),
        min_confidence: config.min_confidence,
        limits: limits(&config.limits),
        tls: tls(&config.tls),
        auth: auth(&config.auth),
        observability: ObservabilityOptions {
            management_listen: config.observability.management_listen,
            log: Some(log),
            slow_call: config.observability.slow_call,
            trace_ratio: config.observability.share_of_traces(),
        },
    }
}

fn tls(settings: &TlsSettings) -> Option<TlsOptions> {
    let (certificate, key) = settings.tls_cert.clone().zip(settings.tls_key.clone())?;
    Some(TlsOptions {
        certificate,
        key,
        client_ca: settings.tls_client_ca.clone(),
        clients_need_certificate: settings.tls_client_auth == TlsClientAuth::Required,
    })
}

fn auth(settings: &AuthSettings) -> AuthOptions {
    let names = settings
        .auth_issuer
        .clone()
        .zip(settings.auth_audience.clone());
    AuthOptions {
        keys: settings.auth_keys.clone(),
        oidc: names.map(|(issuer, audience)| OidcOptions {
            issuer,
            audience,
            jwks_url: settings.auth_jwks_url.clone(),
            min_refresh: MIN_REFRESH,
        }),
        reflection: match settings.reflection {
            ReflectionAccess::On => ReflectionMode::On,
            ReflectionAccess::Authenticated => ReflectionMode::Authenticated,
            ReflectionAccess::Off => ReflectionMode::Off,
        },
    }
}

fn limits(config: &LimitConfig) -> LimitOptions {
    LimitOptions {
        max_reading: config.max_reading,
        max_streams: config.max_streams,
        lookup_timeout: config.lookup_timeout,
        response_idle_timeout: config.response_idle_timeout,
        max_unread_bytes: config.max_unread_bytes,
        max_stream_age: config.max_stream_age,
        max_connections: config.max_connections,
        max_connections_per_peer: config.max_connections_per_peer,
        preface_timeout: config.preface_timeout,
        rate: config.rate_limit.map(|per_second| RateLimit {
            per_second,
            burst: config
                .rate_limit_burst
                .unwrap_or(per_second.saturating_mul(TEN)),
            dry_run: config.rate_limit_dry_run,
        }),
    }
}

/// The seconds whose calls a caller may make at once, by default.
const TEN: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

const fn depth(propositions: Propositions) -> Option<Depth> {
    match propositions {
        Propositions::Off => None,
        Propositions::Words => Some(Depth::Words),
        Propositions::Meaning => Some(Depth::Meaning),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::limits;
    use crate::config::LimitConfig;
    use crate::server::LimitOptions;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        limits: LimitConfig,
    }

    #[test]
    fn the_limits_of_the_command_are_those_of_the_library() {
        let command = Command::try_parse_from(["serve"]).ok().unwrap();
        assert_eq!(limits(&command.limits), LimitOptions::default());
    }
}
