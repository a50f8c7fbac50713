//! Articles, actors and claims in Postgres. The only module that knows its tables.
//!
//! Statements are constants beside the functions that run them; [`STATEMENTS`] lists them all, and a test runs each
//! against a real server. Optional filters are written `($1::uuid IS NULL OR …)`: connections ask for custom plans
//! (see [`Store::connect`]), so the planner sees which filters are absent and drops them.

use std::sync::Arc;

use tokio::sync::Notify;

mod actor_changes;
mod actor_merge;
mod actor_search;
mod actor_split;
mod actor_update;
mod actors;
mod articles;
mod as_stored;
mod claim_events;
mod claim_filter;
mod claim_lists;
mod claim_matches;
mod claim_relations;
mod claim_reviews;
mod claim_scans;
mod claim_writes;
mod claims;
mod correct;
mod duplicates;
mod embeddings;
mod error;
mod highlights;
mod identity;
mod ingest;
mod known_actors;
mod machine_values;
mod mending;
mod migrate;
mod moved_claims;
mod network;
mod page;
mod pool;
mod probe;
mod propositions;
mod rare_words;
mod reconcile;
mod reextract;
mod register;
mod replica;
mod resolve_actors;
mod retract;
mod revisions;
mod rows;
mod search;
mod search_parts;
mod snapshot;
mod sourcing;
mod tail;
mod timeline;
mod tx;
mod word_shares;

pub use actor_changes::Changed;
pub use actor_merge::{Merge, Unmerge};
pub use actor_search::{ActorQuery, Likeness};
pub use actor_split::Split;
pub use actor_update::ActorUpdate;
pub use actors::ActorFilter;
pub use articles::ArticleFilter;
pub use claim_events::{ClaimChange, ClaimEvent, EventPlace};
pub use claim_filter::ClaimFilter;
pub use claim_lists::{ClaimOrder, ClaimPlace};
pub use claim_matches::{Candidate, MatchWords};
pub use claim_reviews::{Review, Reviewed};
pub use correct::{Corrected, Correction};
pub use error::StoreError;
pub use ingest::{Ingested, NewArticle};
pub use mending::{LookedOver, Meant};
pub use network::{NetworkActor, NetworkEdge};
pub use page::{ActorCursor, ArticleCursor, ClaimCursor, MAX_ANSWER_BYTES, Page};
pub use pool::PoolOptions;
pub use probe::Probe;
pub use propositions::{AppearancePlace, Same, Settled};
pub use reextract::{ClaimChanges, Reextracted, Rereading};
pub use retract::{Retract, Retracted};
pub use search::{Match, Matches, SAMPLE, Window, Words};
pub use snapshot::{ArticleHead, Snapshot};
pub use sourcing::{SourcingGroup, SourcingPlace, SourcingStats};
pub use tail::ClaimTail;
pub use timeline::{Timeline, TimelineCount, TimelineRange, TimelineUnit};
pub use word_shares::WordShares;

/// A handle on the database. Cheap to clone; clones share one pool of connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: sqlx::PgPool,
    // Somebody committed: other processes are told, see `tail`.
    written: Arc<Notify>,
    replica: Option<Arc<replica::Replica>>,
}

/// Every SQL statement of this module, with its name.
pub const STATEMENTS: &[&[(&str, &str)]] = &[
    actor_changes::STATEMENTS,
    actor_merge::STATEMENTS,
    actor_search::STATEMENTS,
    actor_split::STATEMENTS,
    actor_update::STATEMENTS,
    actors::STATEMENTS,
    articles::STATEMENTS,
    claim_events::STATEMENTS,
    claim_filter::STATEMENTS,
    claim_lists::STATEMENTS,
    claim_matches::STATEMENTS,
    claim_relations::STATEMENTS,
    claim_reviews::STATEMENTS,
    claim_scans::STATEMENTS,
    claim_writes::STATEMENTS,
    claims::STATEMENTS,
    correct::STATEMENTS,
    duplicates::STATEMENTS,
    embeddings::STATEMENTS,
    ingest::STATEMENTS,
    known_actors::STATEMENTS,
    mending::STATEMENTS,
    migrate::STATEMENTS,
    moved_claims::STATEMENTS,
    network::STATEMENTS,
    propositions::STATEMENTS,
    reextract::STATEMENTS,
    register::STATEMENTS,
    resolve_actors::STATEMENTS,
    retract::STATEMENTS,
    revisions::STATEMENTS,
    snapshot::STATEMENTS,
    tail::STATEMENTS,
    search::STATEMENTS,
    timeline::STATEMENTS,
    sourcing::STATEMENTS,
    word_shares::STATEMENTS,
];
