//! Actors: finding, merging, splitting, editing and deleting them.

mod change;
mod delete;
mod get;
mod resolve;

pub use change::{SplitActor, merge_actors, split_actor, update_actor};
pub use delete::delete_actor;
pub(in crate::service) use get::missing;
pub use get::{actor, actors, list_actor_changes};
pub use resolve::{ActorCandidate, ResolveActor, ResolveReason, resolve_actor};
