//! Reading large parts of the archive as of one moment.

pub(super) mod network;
pub(super) mod snapshot;

pub use network::{NetworkActor, NetworkEdge};
pub use snapshot::{ActorHead, ArticleHead, Snapshot};
