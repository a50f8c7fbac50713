//! What callers may be allowed to do, and what each RPC needs.

use strum::{Display, EnumString, VariantArray};

/// What a caller may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Display, EnumString, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub enum Scope {
    /// Extract claims from texts without storing them.
    Extract,
    /// Read articles, actors, claims and operations.
    Read,
    /// Store, correct, retract and re-extract articles; cancel and delete operations.
    Write,
    /// Decide as a person: review claims; merge, split and edit actors; import and delete fact checks.
    Review,
    /// Everything.
    Admin,
}

/// The scopes of a caller.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Scopes(Vec<Scope>);

impl Scopes {
    /// Whether they allow what needs this one.
    pub(super) fn allow(&self, needed: Scope) -> bool {
        self.0.contains(&needed) || self.0.contains(&Scope::Admin)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

/// What a path needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Nothing.
    Open,
    /// What the setting for reflection says.
    Reflection,
    /// That the server knows who calls.
    AnyScope,
    /// A scope.
    Scope(Scope),
    /// There is no such RPC.
    Unknown,
}

/// The RPC that all callers may make whom the server knows.
const FOR_ALL_KNOWN: &str = "/onrecord.v1.ServerService/GetServerInfo";

/// The scope that each other RPC needs.
const RPCS: &[(&str, Scope)] = &[
    (
        "/onrecord.v1.ExtractionService/ExtractClaims",
        Scope::Extract,
    ),
    (
        "/onrecord.v1.ExtractionService/StreamExtractClaims",
        Scope::Extract,
    ),
    ("/onrecord.v1.ArticleService/IngestArticle", Scope::Write),
    (
        "/onrecord.v1.ArticleService/StreamIngestArticles",
        Scope::Write,
    ),
    ("/onrecord.v1.ArticleService/ReextractArticle", Scope::Write),
    (
        "/onrecord.v1.ArticleService/ReextractArticles",
        Scope::Write,
    ),
    ("/onrecord.v1.ArticleService/RetractArticle", Scope::Write),
    ("/onrecord.v1.ArticleService/CorrectArticle", Scope::Write),
    ("/onrecord.v1.ArticleService/UpdateArticle", Scope::Write),
    ("/onrecord.v1.ArticleService/DeleteArticle", Scope::Admin),
    ("/onrecord.v1.ArticleService/GetArticle", Scope::Read),
    ("/onrecord.v1.ArticleService/BatchGetArticles", Scope::Read),
    ("/onrecord.v1.ArticleService/ListArticles", Scope::Read),
    ("/onrecord.v1.ArticleService/ListPublishers", Scope::Read),
    (
        "/onrecord.v1.ArticleService/ListArticleRevisions",
        Scope::Read,
    ),
    (
        "/onrecord.v1.ArticleService/ListRevisionClaims",
        Scope::Read,
    ),
    ("/onrecord.v1.ActorService/GetActor", Scope::Read),
    ("/onrecord.v1.ActorService/BatchGetActors", Scope::Read),
    ("/onrecord.v1.ActorService/ListActors", Scope::Read),
    ("/onrecord.v1.ActorService/ResolveActor", Scope::Read),
    ("/onrecord.v1.ActorService/ListActorChanges", Scope::Read),
    ("/onrecord.v1.ActorService/UpdateActor", Scope::Review),
    ("/onrecord.v1.ActorService/MergeActors", Scope::Review),
    ("/onrecord.v1.ActorService/SplitActor", Scope::Review),
    ("/onrecord.v1.ActorService/DeleteActor", Scope::Admin),
    ("/onrecord.v1.ClaimService/GetClaim", Scope::Read),
    ("/onrecord.v1.ClaimService/BatchGetClaims", Scope::Read),
    ("/onrecord.v1.ClaimService/ListClaims", Scope::Read),
    ("/onrecord.v1.ClaimService/WatchClaims", Scope::Read),
    ("/onrecord.v1.ClaimService/ExportClaims", Scope::Read),
    ("/onrecord.v1.ClaimService/SearchClaims", Scope::Read),
    ("/onrecord.v1.ClaimService/MatchClaims", Scope::Read),
    ("/onrecord.v1.ClaimService/ListRelatedClaims", Scope::Read),
    ("/onrecord.v1.ClaimService/ListClaimReviews", Scope::Read),
    ("/onrecord.v1.ClaimService/GetTimeline", Scope::Read),
    ("/onrecord.v1.ClaimService/ListSourcingStats", Scope::Read),
    ("/onrecord.v1.ClaimService/GetProposition", Scope::Read),
    (
        "/onrecord.v1.ClaimService/ListPropositionClaims",
        Scope::Read,
    ),
    ("/onrecord.v1.ClaimService/GetFactCheck", Scope::Read),
    ("/onrecord.v1.ClaimService/ListFactChecks", Scope::Read),
    ("/onrecord.v1.ClaimService/ReviewClaim", Scope::Review),
    (
        "/onrecord.v1.ClaimService/ImportClaimReviews",
        Scope::Review,
    ),
    ("/onrecord.v1.ClaimService/DeleteFactCheck", Scope::Review),
    ("/google.longrunning.Operations/GetOperation", Scope::Read),
    ("/google.longrunning.Operations/ListOperations", Scope::Read),
    ("/google.longrunning.Operations/WaitOperation", Scope::Read),
    (
        "/google.longrunning.Operations/CancelOperation",
        Scope::Write,
    ),
    (
        "/google.longrunning.Operations/DeleteOperation",
        Scope::Write,
    ),
];

/// What a call to `path` needs.
pub(super) fn access(path: &str) -> Access {
    if path.starts_with("/grpc.health.v1.Health/") {
        return Access::Open;
    }
    if path.starts_with("/grpc.reflection.") {
        return Access::Reflection;
    }
    if path == FOR_ALL_KNOWN {
        return Access::AnyScope;
    }
    let found = RPCS.iter().find(|(rpc, _)| *rpc == path);
    found.map_or(Access::Unknown, |(_, scope)| Access::Scope(*scope))
}

#[cfg(test)]
mod tests {
    use prost_reflect::DescriptorPool;

    use super::{Access, FOR_ALL_KNOWN, RPCS, Scope, Scopes, access};
    use crate::proto::FILE_DESCRIPTOR_SET;

    #[test]
    fn every_rpc_of_the_schema_is_listed_once() {
        let schema = DescriptorPool::decode(FILE_DESCRIPTOR_SET).unwrap();
        let mut rpcs: Vec<String> = schema
            .services()
            .flat_map(|service| service.methods().collect::<Vec<_>>())
            .map(|method| format!("/{}/{}", method.parent_service().full_name(), method.name()))
            .collect();
        let mut listed: Vec<&str> = RPCS.iter().map(|(rpc, _)| *rpc).collect();
        listed.push(FOR_ALL_KNOWN);
        rpcs.sort_unstable();
        listed.sort_unstable();
        assert_eq!(rpcs, listed);
    }

    #[test]
    fn what_is_not_listed_is_not_open() {
        assert_eq!(access("/grpc.health.v1.Health/Check"), Access::Open);
        for path in [
            "/",
            "/onrecord.v1.ClaimService",
            "/onrecord.v1.ClaimService/getclaim",
            "/onrecord.v1.ClaimService/GetClaim/",
            "//onrecord.v1.ClaimService/GetClaim",
            "/grpc.health.v1.HealthX/Check",
        ] {
            assert_eq!(access(path), Access::Unknown, "{path}");
        }
    }

    #[test]
    fn admin_may_everything_and_others_what_they_were_given() {
        let read: Scopes = [Scope::Read].into_iter().collect();
        assert!(read.allow(Scope::Read) && !read.allow(Scope::Write) && !read.allow(Scope::Admin));
        let admin: Scopes = [Scope::Admin].into_iter().collect();
        assert!(admin.allow(Scope::Read) && admin.allow(Scope::Admin));
        assert!(!Scopes::default().allow(Scope::Read));
    }
}
