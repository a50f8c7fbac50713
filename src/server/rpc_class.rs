//! What kind of call an RPC is: what it costs, and how long it lasts.

/// Kinds of calls that are limited apart from each other, so that none takes the places of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum RpcClass {
    /// Reads or changes what is stored, within milliseconds.
    Lookup,
    /// Reads texts: occupies a processor, for as long as the text is long.
    Reading,
    /// Lasts as long as its caller likes.
    Stream,
}

/// The RPCs that are not lookups.
const CLASSES: [(&str, RpcClass); 12] = [
    ("ExtractionService/ExtractClaims", RpcClass::Reading),
    ("ArticleService/IngestArticle", RpcClass::Reading),
    ("ArticleService/CorrectArticle", RpcClass::Reading),
    ("ArticleService/UpdateArticle", RpcClass::Reading),
    ("ArticleService/ReextractArticle", RpcClass::Reading),
    ("ClaimService/MatchClaims", RpcClass::Reading),
    ("ClaimService/ImportClaimReviews", RpcClass::Reading),
    ("ExtractionService/StreamExtractClaims", RpcClass::Stream),
    ("ArticleService/StreamIngestArticles", RpcClass::Stream),
    ("ClaimService/WatchClaims", RpcClass::Stream),
    ("ClaimService/ExportClaims", RpcClass::Stream),
    ("Operations/WaitOperation", RpcClass::Stream),
];

/// The class of the RPC with this path, such as `/onrecord.v1.ClaimService/GetClaim`.
pub(super) fn class_of(path: &str) -> RpcClass {
    let method = path.rsplit('.').next().unwrap_or(path);
    let known = CLASSES.iter().find(|(name, _)| *name == method);
    known.map_or(RpcClass::Lookup, |(_, class)| *class)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use prost_reflect::DescriptorPool;

    use super::{CLASSES, RpcClass, class_of};
    use crate::proto::FILE_DESCRIPTOR_SET;

    #[test]
    fn streams_are_those_of_the_schema_and_every_name_is_an_rpc() {
        let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET).unwrap();
        let methods: Vec<_> = pool
            .services()
            .flat_map(|service| {
                let methods: Vec<_> = service.methods().collect();
                methods
            })
            .collect();
        let names: BTreeSet<String> = methods
            .iter()
            .map(|method| format!("{}/{}", method.parent_service().name(), method.name()))
            .collect();
        for (name, _) in CLASSES {
            assert!(names.contains(name), "{name}");
        }
        for method in methods {
            let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
            let is_stream = class_of(&path) == RpcClass::Stream;
            let lasts = method.is_server_streaming() || method.name() == "WaitOperation";
            assert_eq!(is_stream, lasts, "{path}");
        }
    }
}
