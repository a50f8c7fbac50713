//! Actors: looking them up, resolving them, and changing them.

pub(super) mod changes;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod known;
pub(super) mod mending;
pub(super) mod merge;
mod outcomes;
pub(super) mod ranked;
pub(super) mod register;
pub(super) mod resolve;
pub(super) mod search;
pub(super) mod split;
pub(super) mod update;

pub use changes::Changed;
pub use get::ActorFilter;
pub use mending::{Referent, StoredActor};
pub use merge::{Merge, Unmerge};
pub use outcomes::{Merged, SplitOff};
pub use ranked::{ActorRank, ActorRanking};
pub use search::{ActorQuery, Likeness};
pub use split::Split;
pub use update::ActorUpdate;

pub(super) use changes::lock_actors;
pub(super) use resolve::{own_actors, resolve_actors};
