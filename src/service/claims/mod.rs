//! Claims: looking them up, comparing, watching, reviewing and counting them.

mod content;
mod event_pruning;
mod event_stream;
mod export;
mod facets;
mod fact_checks;
mod get;
mod held_back;
mod match_claims;
mod matcher;
mod proposition_worker;
mod propositions;
mod related;
mod review;
mod search;
mod timeline;
mod watch;
mod word_sample;

pub use event_pruning::prune;
pub use event_stream::EventStream;
pub use export::{Export, Exports};
pub use facets::{CountedClaims, Facet, FacetCount, FacetCounts, count_claims};
pub use fact_checks::{
    ImportedFactCheck, delete_fact_check, fact_check, import_fact_checks, list_fact_checks,
};
pub use get::{claims_by_id, claims_not_found};
pub use match_claims::{MatchClaims, MatchedClaims, match_claims};
pub use matcher::{Matched, Matcher};
pub use proposition_worker::PropositionWorker;
pub use propositions::{PropositionDetails, list_proposition_claims, proposition};
pub use related::{
    FoundRelation, ListRelated, RelatedPage, RelatedPosition, RelationType, related_claims,
};
pub use review::{list_claim_reviews, review_claim};
pub use search::{Hit, HitPosition, Hits, SearchClaims, search_claims};
pub use timeline::{GetTimeline, get_timeline, too_many_buckets};
pub use watch::{Batch, WatchedChange, WatchedClaim, Watcher, in_time};
