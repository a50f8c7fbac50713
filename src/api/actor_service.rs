use chrono::Utc;
use prost::Message;
use tonic::{Request, Response, Status};

use super::Archive;
use super::actor_resolution::{Circumstances, ranked};
use super::article_service::in_own_task;
use super::check::Check;
use super::convert::actor::{change, stored};
use super::convert::enums::ToDomain;
use super::convert::time::read_timestamp;
use super::names::Named;
use super::page_token::ListId;
use super::paging::next_page_token;
use super::server::actor_service_server::ActorService;
use super::status::{Reason, error_with};
use crate::domain::{ActorId, MAX_NAME_BYTES};
use crate::extract::{full_key, identity_key, split_title};
use crate::proto::split_actor_request::Split as Choice;
use crate::proto::{
    Actor, ActorKind, Gender, GetActorRequest, GetActorResponse, ListActorChangesRequest,
    ListActorChangesResponse, ListActorsRequest, ListActorsResponse, MergeActorsRequest,
    MergeActorsResponse, ResolveActorRequest, ResolveActorResponse, SplitActorRequest,
    SplitActorResponse, UpdateActorRequest, UpdateActorResponse,
};
use crate::store::{ActorFilter, Changed, Store, Unmerge, Wanted};

const MAX_CONTEXT: usize = 10_000;
const MAX_PREFIX: usize = 500;

/// The `ActorService`.
#[derive(Debug)]
pub struct Actors {
    archive: Archive,
}

impl Actors {
    /// The service over `archive`.
    #[must_use]
    pub const fn new(archive: Archive) -> Self {
        Self { archive }
    }
}

#[tonic::async_trait]
impl ActorService for Actors {
    async fn get_actor(
        &self,
        request: Request<GetActorRequest>,
    ) -> Result<Response<GetActorResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let name = request.into_inner().name;
        let mut check = Check::default();
        let id = check.resource::<ActorId>("name", &name);
        let id = check.finish_with(id)?;
        let actor = find(archive.store()?, id).await?;
        Ok(Response::new(GetActorResponse { actor: Some(actor) }))
    }

    async fn list_actors(
        &self,
        request: Request<ListActorsRequest>,
    ) -> Result<Response<ListActorsResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let request = request.into_inner();
        let filter_bytes = filter_bytes(&request);
        let list = ListId {
            rpc: "ListActors",
            filter: &filter_bytes,
        };
        let mut check = Check::default();
        let size = check.page_size(request.page_size);
        let after = check.page_token(list, &request.page_token);
        check.text(
            "display_name_prefix",
            &request.display_name_prefix,
            MAX_PREFIX,
        );
        check.search_text("query", &request.query);
        check.text("organization", &request.organization, MAX_NAME_BYTES);
        let kind = check.enumeration::<ActorKind>("kind", request.kind);
        let gender = check.enumeration::<Gender>("gender", request.gender);
        check.finish()?;
        let filter = ActorFilter {
            name_prefix: request.display_name_prefix,
            kind: kind.and_then(ToDomain::to_domain),
            query: request.query,
            organization: request.organization,
            gender: gender.and_then(ToDomain::to_domain),
        };
        let page = archive
            .store()?
            .list_actors(&filter, after.as_ref(), size)
            .await?;
        Ok(Response::new(ListActorsResponse {
            next_page_token: next_page_token(list, page.next.as_ref()),
            actors: page.items.iter().map(stored).collect(),
        }))
    }

    async fn resolve_actor(
        &self,
        request: Request<ResolveActorRequest>,
    ) -> Result<Response<ResolveActorResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let request = request.into_inner();
        let mut check = Check::default();
        check.required_text("mention", &request.mention, MAX_NAME_BYTES);
        check.text("context", &request.context, MAX_CONTEXT);
        let time = request
            .time
            .and_then(|time| read_timestamp(&mut check, "time", time));
        let most = check.max_candidates(request.max_candidates);
        check.finish()?;
        let (title, name) = split_title(&request.mention);
        let wanted = Wanted {
            keys: full_key(&name)
                .into_iter()
                .chain(identity_key(&name))
                .collect(),
            name,
        };
        let store = archive.store()?;
        let likenesses = store.search_actors(&wanted).await?;
        let ids: Vec<ActorId> = likenesses.keys().copied().collect();
        let actors = store.actors(&ids).await?;
        let actors = actors.into_iter().map(|actor| {
            let likeness = likenesses[&actor.id];
            (actor, likeness)
        });
        let known = Circumstances {
            title,
            context: request.context.to_lowercase(),
            day: time.unwrap_or_else(Utc::now).date_naive(),
        };
        Ok(Response::new(ResolveActorResponse {
            candidates: ranked(actors.collect(), &known, most),
        }))
    }

    async fn update_actor(
        &self,
        request: Request<UpdateActorRequest>,
    ) -> Result<Response<UpdateActorResponse>, Status> {
        let mut check = Check::default();
        let update = check.update(request.into_inner());
        let update = check.finish_with(update)?;
        let (id, store) = (update.id, self.archive.store()?);
        let changed = in_own_task(
            store,
            |store| async move { store.update_actor(&update).await },
        );
        done(changed.await?, id)?;
        Ok(Response::new(UpdateActorResponse {
            actor: Some(find(store, id).await?),
        }))
    }

    async fn merge_actors(
        &self,
        request: Request<MergeActorsRequest>,
    ) -> Result<Response<MergeActorsResponse>, Status> {
        let mut check = Check::default();
        let merge = check.merge(request.into_inner());
        let merge = check.finish_with(merge)?;
        let (id, store) = (merge.into, self.archive.store()?);
        let outcome = in_own_task(
            store,
            |store| async move { store.merge_actors(&merge).await },
        );
        let ids = done(outcome.await?, id)?;
        let mut changes = store.actor_changes(&ids).await?;
        changes.sort_by_key(|change| ids.iter().position(|id| *id == change.id));
        Ok(Response::new(MergeActorsResponse {
            actor: Some(find(store, id).await?),
            changes: changes.iter().map(change).collect(),
        }))
    }

    async fn split_actor(
        &self,
        request: Request<SplitActorRequest>,
    ) -> Result<Response<SplitActorResponse>, Status> {
        let request = request.into_inner();
        let mut check = Check::default();
        let from = check.resource::<ActorId>("name", &request.name);
        let choice = check.split_choice(request.split);
        let (by, reason) = (request.requested_by, request.reason);
        check.request_of(&by, &reason);
        let row_version = check.etag("etag", &request.etag);
        let (from, other, id) = match choice {
            Some(Choice::NewActor(new)) => {
                let split = check.split(from, &new, &by, &reason, row_version);
                let split = check.finish_with(split)?;
                let (from, store) = (split.from, self.archive.store()?);
                let changed = in_own_task(
                    store,
                    |store| async move { store.split_actor(&split).await },
                );
                let (other, id) = done(changed.await?, from)?;
                (from, other, id)
            }
            Some(Choice::MergedActor(name)) => {
                let merged = check.resource::<ActorId>("merged_actor", &name);
                let (from, merged) = check.finish_with(from.zip(merged))?;
                let store = self.archive.store()?;
                let unmerge = Unmerge {
                    from,
                    merged,
                    requested_by: by,
                    reason,
                    row_version,
                };
                let changed =
                    in_own_task(
                        store,
                        |store| async move { store.unmerge_actor(&unmerge).await },
                    );
                let id = done(changed.await?, merged)?;
                (from, merged, id)
            }
            None => check.finish_with(None)?,
        };
        let store = self.archive.store()?;
        Ok(Response::new(SplitActorResponse {
            actor: Some(find(store, from).await?),
            split_actor: Some(find(store, other).await?),
            change: store.actor_changes(&[id]).await?.first().map(change),
        }))
    }

    async fn list_actor_changes(
        &self,
        request: Request<ListActorChangesRequest>,
    ) -> Result<Response<ListActorChangesResponse>, Status> {
        let archive = self.archive.for_reading(request.metadata());
        let request = request.into_inner();
        let list = ListId {
            rpc: "ListActorChanges",
            filter: request.name.as_bytes(),
        };
        let mut check = Check::default();
        let id = check.resource::<ActorId>("name", &request.name);
        let size = check.page_size(request.page_size);
        let before = check.page_token(list, &request.page_token);
        let id = check.finish_with(id)?;
        let store = archive.store()?;
        find(store, id).await?;
        let page = store.list_actor_changes(id, before, size).await?;
        Ok(Response::new(ListActorChangesResponse {
            next_page_token: next_page_token(list, page.next.as_ref()),
            changes: page.items.iter().map(change).collect(),
        }))
    }
}

/// The actor with this id as a message.
async fn find(store: &Store, id: ActorId) -> Result<Actor, Status> {
    let actor = store.actor(id).await?;
    actor.as_ref().map(stored).ok_or_else(|| not_found(id))
}

fn not_found(id: ActorId) -> Status {
    let name = id.resource_name();
    error_with(
        Reason::ActorNotFound,
        format!("there is no {name}"),
        [("name", name)],
    )
}

/// What a change gave, or why it was not made; `id` is the actor whose version was asked for, or who was not merged.
fn done<T>(changed: Changed<T>, id: ActorId) -> Result<T, Status> {
    let about = |reason, name: String, words: &str| {
        Err(error_with(
            reason,
            format!("{name} {words}"),
            [("name", name)],
        ))
    };
    match changed {
        Changed::Done(value) => Ok(value),
        Changed::NotFound(id) => Err(not_found(id)),
        Changed::Merged(id) => about(
            Reason::ActorMerged,
            id.resource_name(),
            "was merged into another actor",
        ),
        Changed::NotMerged => about(
            Reason::ActorNotMerged,
            id.resource_name(),
            "was not merged into that actor",
        ),
        Changed::NotTheirs(claim) => about(
            Reason::ClaimNotFound,
            claim.resource_name(),
            "is no claim of that actor",
        ),
        Changed::OtherVersion(id) => about(
            Reason::EtagMismatch,
            id.resource_name(),
            "has changed: its etag is another one",
        ),
    }
}

/// The part of the request that a page token belongs to.
fn filter_bytes(request: &ListActorsRequest) -> Vec<u8> {
    let filter = ListActorsRequest {
        display_name_prefix: request.display_name_prefix.clone(),
        kind: request.kind,
        query: request.query.clone(),
        organization: request.organization.clone(),
        gender: request.gender,
        ..ListActorsRequest::default()
    };
    filter.encode_to_vec()
}
