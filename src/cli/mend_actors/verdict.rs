//! What is to become of an actor that was looked over, and how that is said.

use crate::domain::{ActorId, ActorKind};
use crate::store::LookedOver;

/// What is to become of an actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It stays as it is.
    Fine,
    /// It is the same as another.
    Is {
        /// The other.
        other: ActorId,
        /// What shows it.
        why: String,
    },
    /// Articles have to find it under another key than they did, or under none.
    Rekey {
        /// The key it has.
        from: String,
        /// The key it is to have.
        to: Option<String>,
    },
    /// Something is wrong with it, and people have to say what.
    Unclear(String),
}

/// An actor for a person to read.
pub(super) fn one_of(actor: &LookedOver) -> String {
    named(actor.id, &actor.display_name)
}

/// An actor of this name for a person to read.
pub(super) fn named(id: ActorId, name: &str) -> String {
    format!("actors/{} {name:?}", id.0)
}

/// False where two actors cannot be one: a person is no party.
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
