//! What the server tells of itself through `ServerService`.

use super::guard::CallLimits;
use super::options::ServerOptions;
use crate::api::About;
use crate::api::convert::time::duration;
use crate::matching::Depth;
use crate::proto::{MatchDepth, ServerLimits, ServerParts};
use crate::store::Store;

/// The service that tells of a server with these settings.
pub(super) fn about(options: &ServerOptions, limits: &CallLimits, store: Option<&Store>) -> About {
    let bytes = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let told = ServerLimits {
        max_text_bytes: bytes(options.max_text_bytes),
        max_request_bytes: bytes(limits.message_bytes),
        reading_timeout: Some(duration(limits.reading_timeout)),
        lookup_timeout: Some(duration(limits.lookup_timeout)),
        max_stream_age: Some(duration(limits.max_stream_age)),
        watch_retention: Some(duration(options.watch_retention)),
        min_confidence: options.min_confidence,
        ..ServerLimits::default()
    };
    let depth = match options.propositions {
        None => MatchDepth::Unspecified,
        Some(Depth::Words) => MatchDepth::Words,
        Some(Depth::Meaning) => MatchDepth::Meaning,
    };
    let parts = ServerParts {
        database: store.is_some(),
        replica: store.is_some_and(Store::has_replica),
        proposition_depth: depth.into(),
        tls: options.tls.is_some(),
        authentication: options.auth.asks_who_calls()
            || options
                .tls
                .as_ref()
                .is_some_and(|tls| tls.clients_need_certificate),
        rate_limit: options.limits.rate.is_some_and(|rate| !rate.dry_run),
    };
    About::new(told, parts)
}
