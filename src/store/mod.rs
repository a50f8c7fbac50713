//! Articles, actors and claims in Postgres. The only module that knows the tables.
//!
//! Statements are constants beside the functions that run them; [`STATEMENTS`] lists them all, and a test runs each
//! against a real server. Optional filters are written `($1::uuid IS NULL OR …)`: connections ask for custom plans
//! (see [`Store::connect`]), so the planner sees which filters are absent and drops them.

// Declared first, because the statements of the other folders use their macros.
#[macro_use]
mod fact_checks;
#[macro_use]
mod claims;

mod actors;
mod articles;
mod audit;
mod db;
mod deletions;
mod export;
mod operations;
mod search;
mod statements;
mod stats;
mod verify;
mod write_requests;

pub use actors::{
    ActorFilter, ActorQuery, ActorRank, ActorRanking, ActorUpdate, Changed, Likeness, Merge,
    Merged, Referent, Split, SplitOff, StoredActor, Unmerge,
};
pub use articles::{
    ArticleFilter, ClaimChanges, Corrected, Correction, Ingested, MetadataUpdate, MetadataUpdated,
    NewArticle, Publisher, PublisherCursor, Reextracted, Rereading, Retract, Retracted,
};
pub use audit::{AuditChain, AuditEntry, ChainBroken};
pub use claims::{
    AnyOf, AppearancePosition, Assignment, ClaimChange, ClaimEvent, ClaimFilter, ClaimOrder,
    ClaimPosition, ClaimTail, EventPosition, Holder, NoneOf, Review, Reviewed, SameClaim,
};
pub use db::{
    ActorCursor, ArticleCursor, ClaimCursor, Credentials, MAX_ANSWER_BYTES, Page, PasswordSource,
    PoolOptions, Probe, STATEMENT_EVENTS, Store, StoreError, UrlSource,
};
pub use deletions::{Delete, Deleted};
pub use export::{ActorHead, ArticleHead, NetworkActor, NetworkEdge, Snapshot};
pub use fact_checks::{FactCheckCandidate, FactCheckCursor, ImportedCheck, Tie, Tied, Ties};
pub use operations::{
    LEASE, NextArticles, OperationChange, OperationChanged, OperationCursor, StartOperation,
    Started, TakenOperation,
};
pub use search::{
    Candidate, Match, MatchWords, Matches, Newest, SAMPLE, Window, WordShares, Words,
};
pub use statements::STATEMENTS;
pub use stats::{
    SourcingGroup, SourcingPosition, SourcingStats, Timeline, TimelineCount, TimelineRange,
    TimelineUnit,
};
pub use verify::{Counts, Verification, Verified};
pub use write_requests::WriteRequest;
