use chrono::{DateTime, Utc};
use strum::{Display, EnumString};
use uuid::Uuid;

use super::ActorId;

/// What was done to actors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ActorChangeKind {
    /// One was merged into another.
    Merge,
    /// One was split off another, or a merge was undone.
    Split,
    /// Fields were changed.
    Update,
}

/// One change of actors that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorChange {
    /// Its id; ids grow with time.
    pub id: Uuid,
    /// What was done.
    pub kind: ActorChangeKind,
    /// The actor that was updated, that others were merged into, or that was split.
    pub actor: ActorId,
    /// The one that was merged into it or split off.
    pub other: Option<ActorId>,
    /// Who asked for it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why. May be empty.
    pub reason: String,
    /// How many claims went over.
    pub moved_claims: i64,
    /// A later change undid it.
    pub undone: bool,
    /// When it was made.
    pub create_time: DateTime<Utc>,
}
