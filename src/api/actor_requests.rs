//! Requests that change actors, in the store's terms.

use std::collections::{BTreeMap, HashSet};

use super::check::Check;
use super::convert::enums::ToDomain;
use super::convert::row_version;
use super::names::Named;
use super::status::Reason;
use crate::domain::{ActorId, ClaimId, MAX_NAME_BYTES};
use crate::proto::{
    Actor, ActorKind, MergeActorsRequest, NewActor, UpdateActorRequest, split_actor_request,
};
use crate::store::{ActorUpdate, Merge, Split};

const DEFAULT_CANDIDATES: usize = 5;
const MAX_CANDIDATES: usize = 50;
const MAX_SOURCES: usize = 50;
const MAX_ALIASES: usize = 1_000;
const MAX_CLAIMS: usize = 1_000;
const MAX_REASON: usize = 2_000;
const MAX_EXTERNAL_IDS: usize = 50;

impl Check {
    /// A required text.
    pub(super) fn required_text(&mut self, field: &str, value: &str, max_bytes: usize) {
        if value.trim().is_empty() {
            self.fail(field, Reason::RequiredFieldMissing, "is required");
        } else {
            self.text(field, value, max_bytes);
        }
    }

    /// Words to be looked for in names: none, or enough for a letter triple.
    pub(super) fn search_text(&mut self, field: &str, words: &str) {
        if self.text(field, words, MAX_NAME_BYTES) && (1..3).contains(&words.chars().count()) {
            self.fail(
                field,
                Reason::InvalidField,
                "is shorter than three characters",
            );
        }
    }

    /// How many candidates are wanted.
    pub(super) fn max_candidates(&mut self, wanted: i32) -> usize {
        match usize::try_from(wanted) {
            Ok(0) => DEFAULT_CANDIDATES,
            Ok(wanted) => wanted.min(MAX_CANDIDATES),
            Err(_) => {
                self.fail(
                    "max_candidates",
                    Reason::InvalidField,
                    format!("is negative: {wanted}"),
                );
                DEFAULT_CANDIDATES
            }
        }
    }

    /// Who asks for a change, and why.
    pub(super) fn request_of(&mut self, requested_by: &str, reason: &str) {
        self.required_text("requested_by", requested_by, MAX_NAME_BYTES);
        self.text("reason", reason, MAX_REASON);
    }

    /// The version that an entity tag names; `None` for an empty one.
    pub(super) fn etag(&mut self, field: &str, etag: &str) -> Option<i64> {
        if etag.is_empty() {
            return None;
        }
        let version = row_version(etag);
        if version.is_none() {
            self.fail(field, Reason::InvalidField, "is no etag of this service");
        }
        version
    }

    /// Names of an actor, each once.
    fn names(&mut self, field: &str, names: &[String]) -> Vec<String> {
        self.at_most(field, names.len(), MAX_ALIASES);
        for (at, name) in names.iter().enumerate() {
            self.required_text(&format!("{field}[{at}]"), name, MAX_NAME_BYTES);
        }
        let mut names: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn at_most(&mut self, field: &str, count: usize, most: usize) {
        if count > most {
            let description = format!("has {count} items, at most {most} are allowed");
            self.fail(field, Reason::InvalidField, description);
        }
    }

    /// A required list of resource names, all different.
    fn resources<T: Named>(&mut self, field: &str, names: &[String], most: usize) -> Vec<T> {
        if names.is_empty() {
            self.fail(field, Reason::RequiredFieldMissing, "is required");
        }
        self.at_most(field, names.len(), most);
        let mut seen = HashSet::new();
        let mut ids = Vec::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            let field = format!("{field}[{at}]");
            ids.extend(self.resource(&field, name));
            if !seen.insert(name) {
                self.fail(&field, Reason::InvalidField, "is named twice");
            }
        }
        ids
    }

    /// A merge.
    pub(super) fn merge(&mut self, request: MergeActorsRequest) -> Option<Merge> {
        let into = self.resource::<ActorId>("name", &request.name);
        let sources: Vec<ActorId> = self.resources("sources", &request.sources, MAX_SOURCES);
        if let Some(at) = request
            .sources
            .iter()
            .position(|source| *source == request.name)
        {
            self.fail(
                &format!("sources[{at}]"),
                Reason::InvalidField,
                "is the actor that stays",
            );
        }
        self.request_of(&request.requested_by, &request.reason);
        let row_version = self.etag("etag", &request.etag);
        Some(Merge {
            into: into?,
            sources,
            requested_by: request.requested_by,
            reason: request.reason,
            row_version,
        })
    }

    /// A new actor to be split off `from`.
    pub(super) fn split(
        &mut self,
        from: Option<ActorId>,
        new: &NewActor,
        requested_by: &str,
        reason: &str,
        row_version: Option<i64>,
    ) -> Option<Split> {
        self.required_text("new_actor.display_name", &new.display_name, MAX_NAME_BYTES);
        let aliases = self.names("new_actor.aliases", &new.aliases);
        let claims: Vec<ClaimId> = self.resources("new_actor.claims", &new.claims, MAX_CLAIMS);
        Some(Split {
            from: from?,
            display_name: new.display_name.trim().to_owned(),
            aliases,
            claims,
            requested_by: requested_by.to_owned(),
            reason: reason.to_owned(),
            row_version,
        })
    }

    /// What is to be split off.
    pub(super) fn split_choice(
        &mut self,
        split: Option<split_actor_request::Split>,
    ) -> Option<split_actor_request::Split> {
        if split.is_none() {
            self.fail(
                "split",
                Reason::RequiredFieldMissing,
                "needs `merged_actor` or `new_actor`",
            );
        }
        split
    }

    /// An update: the fields that the mask names.
    pub(super) fn update(&mut self, request: UpdateActorRequest) -> Option<ActorUpdate> {
        let Some(actor) = request.actor else {
            self.fail("actor", Reason::RequiredFieldMissing, "is required");
            return None;
        };
        let id = self.resource::<ActorId>("actor.name", &actor.name);
        let row_version = self.etag("actor.etag", &actor.etag);
        let paths = request
            .update_mask
            .map(|mask| mask.paths)
            .unwrap_or_default();
        if paths.is_empty() {
            self.fail("update_mask", Reason::RequiredFieldMissing, "is required");
        }
        self.request_of(&request.requested_by, &request.reason);
        let mut update = ActorUpdate {
            id: id?,
            display_name: None,
            kind: None,
            aliases: None,
            external_ids: None,
            requested_by: request.requested_by,
            reason: request.reason,
            row_version,
        };
        for (at, path) in paths.iter().enumerate() {
            self.update_field(&mut update, &actor, path, at);
        }
        Some(update)
    }

    fn update_field(&mut self, update: &mut ActorUpdate, actor: &Actor, path: &str, at: usize) {
        match path {
            "display_name" => {
                self.required_text("actor.display_name", &actor.display_name, MAX_NAME_BYTES);
                update.display_name = Some(actor.display_name.trim().to_owned());
            }
            "kind" => {
                let kind = self.enumeration::<ActorKind>("actor.kind", actor.kind);
                update.kind = kind.and_then(ToDomain::to_domain);
                if kind == Some(ActorKind::Unspecified) {
                    self.fail("actor.kind", Reason::RequiredFieldMissing, "is required");
                }
            }
            "aliases" => update.aliases = Some(self.names("actor.aliases", &actor.aliases)),
            "external_ids" => {
                self.at_most(
                    "actor.external_ids",
                    actor.external_ids.len(),
                    MAX_EXTERNAL_IDS,
                );
                for (register, id) in &actor.external_ids {
                    self.required_text("actor.external_ids", register, MAX_NAME_BYTES);
                    self.required_text("actor.external_ids", id, MAX_NAME_BYTES);
                }
                update.external_ids = Some(
                    actor
                        .external_ids
                        .clone()
                        .into_iter()
                        .collect::<BTreeMap<_, _>>(),
                );
            }
            _ => {
                let field = format!("update_mask.paths[{at}]");
                let description = format!("{path:?} is no field that can be changed");
                self.fail(&field, Reason::InvalidField, description);
            }
        }
    }
}
