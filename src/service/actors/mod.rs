//! Actors: finding, merging, splitting and editing them.

mod change;
mod get;
mod resolve;

pub use change::{ActorSplit, MergedActor, SplitActor, merge_actors, split_actor, update_actor};
pub use get::{actor, actors, list_actor_changes};
pub use resolve::{ActorCandidate, ResolveActor, ResolveReason, resolve_actor};
