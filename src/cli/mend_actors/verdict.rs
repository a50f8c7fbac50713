//! What to do with a checked actor, and how to report it.

use crate::domain::{ActorId, ActorKind};
use crate::store::StoredActor;

/// What to do with an actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It stays as it is.
    Fine,
    /// It is the same as another one.
    Is {
        /// The other actor.
        other: ActorId,
        /// The evidence.
        why: String,
    },
    /// Articles must find it under a different key, or under none.
    Rekey {
        /// Its current key.
        from: String,
        /// Its new key.
        to: Option<String>,
    },
    /// Something is wrong with it that a person has to decide on.
    Unclear(String),
}

/// Describes an actor for people.
pub(super) fn one_of(actor: &StoredActor) -> String {
    named(actor.id, &actor.display_name)
}

/// Describes an actor with this name for people.
pub(super) fn named(id: ActorId, name: &str) -> String {
    format!("actors/{} {name:?}", id.0)
}

/// Returns false if two actors cannot be the same: a person is not a party.
pub(super) fn kinds_agree(one: ActorKind, other: ActorKind) -> bool {
    one == other || [one, other].contains(&ActorKind::Unknown)
}

#[cfg(test)]
mod tests {
    use super::kinds_agree;
    use crate::domain::ActorKind::{Organization, Person, Unknown};

    #[test]
    fn what_an_actor_is_may_be_unknown_but_not_different() {
        assert!(kinds_agree(Person, Person) && kinds_agree(Unknown, Organization));
        assert!(!kinds_agree(Person, Organization));
    }
}
