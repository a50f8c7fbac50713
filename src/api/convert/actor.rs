//! Encoding actors as messages.

use chrono::NaiveDate;

use super::enums::number;
use super::etag;
use super::time::timestamp;
use crate::api::wire::names::{Named, local};
use crate::domain::{Actor, ActorChange, ActorId, Gender, GenderBasis, LocalActor, Role};
use crate::proto;

/// Encodes a stored actor.
#[must_use]
pub fn stored(actor: &Actor) -> proto::Actor {
    let (gender, gender_basis) = gender_numbers(actor.gender);
    proto::Actor {
        name: actor.id.resource_name(),
        display_name: actor.display_name.clone(),
        kind: proto::ActorKind::from(actor.kind).into(),
        aliases: actor.aliases.clone(),
        roles: actor.roles.iter().map(role).collect(),
        external_ids: actor.external_ids.clone().into_iter().collect(),
        gender,
        gender_basis,
        merged_into: actor
            .merged_into
            .map(|id| id.resource_name())
            .unwrap_or_default(),
        claim_count: actor.claim_count,
        first_claim_time: actor.first_claim_time.map(timestamp),
        last_claim_time: actor.last_claim_time.map(timestamp),
        etag: etag(actor.row_version),
    }
}

/// Encodes a change of actors.
#[must_use]
pub fn change(change: &ActorChange) -> proto::ActorChange {
    proto::ActorChange {
        kind: proto::ActorChangeKind::from(change.kind).into(),
        actor: change.actor.resource_name(),
        other_actor: change
            .other
            .map(|id| id.resource_name())
            .unwrap_or_default(),
        requested_by: change.requested_by.clone(),
        reason: change.reason.clone(),
        moved_claim_count: change.moved_claims,
        undone: change.undone,
        create_time: Some(timestamp(change.create_time)),
        caller: change.caller.clone(),
    }
}

/// Encodes the `index`th actor of an extraction under a local name.
#[must_use]
pub fn extracted(actor: &LocalActor, index: usize) -> proto::Actor {
    let (gender, gender_basis) = gender_numbers(actor.gender);
    proto::Actor {
        name: local::<ActorId>(index),
        display_name: actor.display_name.clone(),
        kind: proto::ActorKind::from(actor.kind).into(),
        aliases: actor.aliases.clone(),
        roles: actor.roles.iter().map(role).collect(),
        gender,
        gender_basis,
        ..proto::Actor::default()
    }
}

fn gender_numbers(gender: Option<(Gender, GenderBasis)>) -> (i32, i32) {
    let (gender, basis) = gender.unzip();
    (
        number::<_, proto::Gender>(gender),
        number::<_, proto::GenderBasis>(basis),
    )
}

fn role(role: &Role) -> proto::Role {
    let date = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    proto::Role {
        title: role.title.clone(),
        organization: role.organization.clone().unwrap_or_default(),
        start_date: date(role.start_date),
        end_date: date(role.end_date),
        evidence: role.evidence.clone().unwrap_or_default(),
    }
}
