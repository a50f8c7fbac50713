//! Requests that change actors.

use std::collections::BTreeMap;

use tonic::Status;

use crate::api::convert::enums::ToDomain;
use crate::api::request::{Check, Sent, Writes};
use crate::api::wire::status::Reason;
use crate::domain::{ActorId, ClaimId, MAX_NAME_BYTES};
use crate::proto::split_actor_request::Split as Choice;
use crate::proto::{
    Actor, ActorKind, DeleteActorRequest, MergeActorsRequest, SplitActorRequest, UpdateActorRequest,
};
use crate::service::actors::SplitActor;
use crate::store::{ActorUpdate, Delete, Merge, Split, Unmerge};

const MAX_SOURCES: usize = 50;
const MAX_CLAIMS: usize = 1_000;
const MAX_EXTERNAL_IDS: usize = 50;

/// Parses a merge.
pub(super) fn merge(
    mut request: MergeActorsRequest,
    caller: String,
) -> Result<Sent<Merge>, Status> {
    let sent = request.take_id(&caller);
    let mut check = Check::default();
    let into = check.resource::<ActorId>("name", &request.name);
    let sources: Vec<ActorId> = check.resources("sources", &request.sources, MAX_SOURCES);
    if let Some(at) = request
        .sources
        .iter()
        .position(|source| *source == request.name)
    {
        check.fail(
            &format!("sources[{at}]"),
            Reason::InvalidField,
            "is the actor that stays",
        );
    }
    check.requester(&request.requested_by, &request.reason);
    let row_version = check.etag("etag", &request.etag);
    check.write_request(sent.as_ref());
    let merge = Merge {
        into: check.finish_with(into)?,
        sources,
        requested_by: request.requested_by,
        caller,
        reason: request.reason,
        row_version,
        validate_only: request.validate_only,
    };
    Ok((merge, sent))
}

/// Parses a split: of a new actor, or of a previously merged one.
pub(super) fn split(
    mut request: SplitActorRequest,
    caller: String,
) -> Result<Sent<SplitActor>, Status> {
    let sent = request.take_id(&caller);
    let validate_only = request.validate_only;
    let mut check = Check::default();
    let from = check.resource::<ActorId>("name", &request.name);
    let (requested_by, reason) = (request.requested_by, request.reason);
    let choice = request.split.ok_or_else(|| {
        let description = "needs `merged_actor` or `new_actor`";
        check.fail("split", Reason::RequiredFieldMissing, description)
    });
    check.requester(&requested_by, &reason);
    let row_version = check.etag("etag", &request.etag);
    check.write_request(sent.as_ref());
    let split = match choice {
        Ok(Choice::NewActor(new)) => {
            check.required_text("new_actor.display_name", &new.display_name, MAX_NAME_BYTES);
            let aliases = check.names("new_actor.aliases", &new.aliases);
            let claims: Vec<ClaimId> = check.resources("new_actor.claims", &new.claims, MAX_CLAIMS);
            SplitActor::New(Split {
                from: check.finish_with(from)?,
                display_name: new.display_name.trim().to_owned(),
                aliases,
                claims,
                requested_by,
                caller,
                reason,
                row_version,
                validate_only,
            })
        }
        Ok(Choice::MergedActor(name)) => {
            let merged = check.resource::<ActorId>("merged_actor", &name);
            let both = from.and_then(|from| merged.map(|merged| (from, merged)));
            let (from, merged) = check.finish_with(both)?;
            SplitActor::Merged(Unmerge {
                from,
                merged,
                requested_by,
                caller,
                reason,
                row_version,
                validate_only,
            })
        }
        Err(violated) => return check.finish_with(Err(violated)),
    };
    Ok((split, sent))
}

/// Parses a deletion.
pub(super) fn delete(
    mut request: DeleteActorRequest,
    caller: String,
) -> Result<Sent<Delete<ActorId>>, Status> {
    let sent = request.take_id(&caller);
    let mut check = Check::default();
    let id = check.resource::<ActorId>("name", &request.name);
    check.requester(&request.requested_by, &request.reason);
    let row_version = check.etag("etag", &request.etag);
    check.write_request(sent.as_ref());
    let command = Delete {
        id: check.finish_with(id)?,
        requested_by: request.requested_by,
        caller,
        reason: request.reason,
        row_version,
        validate_only: request.validate_only,
    };
    Ok((command, sent))
}

/// Parses an update: the fields named by the mask.
pub(super) fn update(
    mut request: UpdateActorRequest,
    caller: String,
) -> Result<Sent<ActorUpdate>, Status> {
    let sent = request.take_id(&caller);
    let mut check = Check::default();
    let id = match &request.actor {
        Some(actor) => check.resource::<ActorId>("actor.name", &actor.name),
        None => Err(check.fail("actor", Reason::RequiredFieldMissing, "is required")),
    };
    let actor = request.actor.unwrap_or_default();
    let row_version = check.etag("actor.etag", &actor.etag);
    let paths = request
        .update_mask
        .map(|mask| mask.paths)
        .unwrap_or_default();
    if paths.is_empty() {
        check.fail("update_mask", Reason::RequiredFieldMissing, "is required");
    }
    check.requester(&request.requested_by, &request.reason);
    let mut fields = Fields::default();
    for (at, path) in paths.iter().enumerate() {
        field(&mut check, &mut fields, &actor, path, at);
    }
    check.write_request(sent.as_ref());
    let update = ActorUpdate {
        id: check.finish_with(id)?,
        display_name: fields.display_name,
        kind: fields.kind,
        aliases: fields.aliases,
        external_ids: fields.external_ids,
        requested_by: request.requested_by,
        caller,
        reason: request.reason,
        row_version,
        validate_only: request.validate_only,
    };
    Ok((update, sent))
}

/// The actor fields that an update names.
#[derive(Default)]
struct Fields {
    display_name: Option<String>,
    kind: Option<crate::domain::ActorKind>,
    aliases: Option<Vec<String>>,
    external_ids: Option<BTreeMap<String, String>>,
}

fn field(check: &mut Check, fields: &mut Fields, actor: &Actor, path: &str, at: usize) {
    match path {
        "display_name" => {
            check.required_text("actor.display_name", &actor.display_name, MAX_NAME_BYTES);
            fields.display_name = Some(actor.display_name.trim().to_owned());
        }
        "kind" => {
            let kind = check.enumeration::<ActorKind>("actor.kind", actor.kind);
            fields.kind = kind.and_then(ToDomain::to_domain);
            if kind == Some(ActorKind::Unspecified) {
                check.fail("actor.kind", Reason::RequiredFieldMissing, "is required");
            }
        }
        "aliases" => fields.aliases = Some(check.names("actor.aliases", &actor.aliases)),
        "external_ids" => {
            check.at_most(
                "actor.external_ids",
                actor.external_ids.len(),
                MAX_EXTERNAL_IDS,
            );
            for (register, id) in &actor.external_ids {
                check.required_text("actor.external_ids", register, MAX_NAME_BYTES);
                check.required_text("actor.external_ids", id, MAX_NAME_BYTES);
            }
            fields.external_ids = Some(actor.external_ids.clone());
        }
        _ => {
            let field = format!("update_mask.paths[{at}]");
            let description = format!("{path:?} is no field that can be changed");
            check.fail(&field, Reason::InvalidField, description);
        }
    }
}
