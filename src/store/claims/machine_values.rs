//! The machine's values of the claim fields that people changed.

use sqlx::types::Json;

use crate::domain::{ACTOR_BY_PERSON, ClaimField, FieldValues, ReviewAction};

/// The machine's values of all fields that people have changed since the claim was last purely the machine's.
#[derive(Debug, Default, sqlx::FromRow)]
pub(super) struct MachineValues {
    /// The fields.
    pub fields: Json<FieldValues>,
    /// The machine's actor confidence, if the actor is among the fields.
    pub actor_confidence: Option<f32>,
}

impl MachineValues {
    /// Adds the values that changed fields had in `before`, and the `actor_confidence` of a changed actor. Values
    /// already known for a field are older and are kept.
    pub(super) fn with_previous(self, before: &FieldValues, actor_confidence: Option<f32>) -> Self {
        let is_known = self.fields.contains_key(&ClaimField::Actor);
        let is_changed = before.contains_key(&ClaimField::Actor);
        Self {
            actor_confidence: if is_known {
                self.actor_confidence
            } else {
                actor_confidence.filter(|_| is_changed)
            },
            fields: Json(with(before, &self.fields)),
        }
    }

    /// The actor confidence once the fields have the values of `after`, given that it was `now`. The machine has none
    /// for an actor assigned by a person.
    pub(super) fn actor_confidence_after(
        &self,
        action: ReviewAction,
        after: &FieldValues,
        now: Option<f32>,
    ) -> Option<f32> {
        match after.get(&ClaimField::Actor) {
            None => now,
            Some(None) => None,
            Some(Some(_)) if action == ReviewAction::Withdraw => self.actor_confidence,
            Some(Some(_)) => Some(ACTOR_BY_PERSON),
        }
    }
}

/// The values of `old`, overridden by those of `new`.
pub(super) fn with(old: &FieldValues, new: &FieldValues) -> FieldValues {
    let mut values = old.clone();
    values.extend(new.clone());
    values
}

#[cfg(test)]
mod tests {
    use super::{ClaimField, FieldValues, Json, MachineValues, ReviewAction};

    const READ: Option<f32> = Some(0.7);

    fn named(actor: Option<&str>) -> FieldValues {
        FieldValues::from([(ClaimField::Actor, actor.map(str::to_owned))])
    }

    #[test]
    fn the_actor_is_as_sure_as_whoever_named_it_last() {
        let machine = MachineValues {
            fields: Json(named(Some("one"))),
            actor_confidence: READ,
        };
        let now = Some(0.5);
        for (action, after, expect) in [
            (ReviewAction::Edit, named(Some("one")), Some(1.0)),
            (ReviewAction::Edit, named(None), None),
            (ReviewAction::Edit, FieldValues::new(), now),
            (ReviewAction::Confirm, FieldValues::new(), now),
            (ReviewAction::Withdraw, FieldValues::new(), now),
            (ReviewAction::Withdraw, named(Some("one")), READ),
            (ReviewAction::Withdraw, named(None), None),
        ] {
            let sure = machine.actor_confidence_after(action, &after, now);
            assert_eq!(sure, expect, "{action} {after:?}");
        }
    }

    #[test]
    fn what_the_machine_said_is_what_was_there_before_the_first_edit() {
        let machine = MachineValues::default().with_previous(&FieldValues::new(), READ);
        assert_eq!(machine.actor_confidence, None);
        let machine = machine.with_previous(&named(Some("one")), READ);
        let machine = machine.with_previous(&named(Some("two")), Some(1.0));
        assert_eq!(machine.actor_confidence, READ);
        assert_eq!(machine.fields.0, named(Some("one")));
    }
}
