//! Claims: reading, listing, following, reviewing and comparing them.

// Declared first, because the statements of the other files use its macros.
#[macro_use]
pub(super) mod filter;

mod as_stored;
pub(super) mod backlog;
pub(super) mod events;
pub(super) mod get;
pub(super) mod horizon;
mod identity;
pub(super) mod lists;
mod machine_values;
pub(super) mod plain_lists;
mod position;
pub(super) mod propositions;
mod reconcile;
pub(super) mod relations;
pub(super) mod reviews;
mod row;
pub(super) mod scans;
pub(super) mod tail;
pub(super) mod writes;

pub use events::{ClaimChange, ClaimEvent, EventPosition};
pub use filter::{AnyOf, ClaimFilter, NoneOf};
pub use horizon::Holder;
pub use position::{AppearancePosition, ClaimOrder, ClaimPosition};
pub use propositions::{Assignment, SameClaim};
pub use reviews::{Review, Reviewed};
pub use tail::ClaimTail;

pub(super) use filter::{Conditions, family};
pub(super) use get::lock_claims;
pub(super) use identity::Identity;
pub(super) use lists::{BEGIN_WITH_TIMEOUT, by_publish_time_of, is_of_articles, is_of_few_claims};
pub(super) use reconcile::{KnownActors, Moved, Plan, reconcile};
pub(super) use relations::{insert_relations, replace_relations};
pub(super) use row::{ClaimRow, claim_columns};
pub(super) use writes::{ClaimWrite, Reading, insert_claims, update_claims};
