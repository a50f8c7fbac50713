use tonic::{Request, Response, Status};

use super::{list, requests, resolve};
use crate::api::convert::actor::{change, stored};
use crate::api::convert::deletion::deletion;
use crate::api::request::{Check, MAX_BATCH, next_page_token};
use crate::api::server::actor_service_server::ActorService;
use crate::api::wire::names::Named;
use crate::api::wire::page_token::ListId;
use crate::api::wire::{caller, read_from};
use crate::domain::ActorId;
use crate::proto::{
    BatchGetActorsRequest, BatchGetActorsResponse, DeleteActorRequest, DeleteActorResponse,
    GetActorRequest, GetActorResponse, ListActorChangesRequest, ListActorChangesResponse,
    ListActorsRequest, ListActorsResponse, MergeActorsRequest, MergeActorsResponse,
    ResolveActorRequest, ResolveActorResponse, SplitActorRequest, SplitActorResponse,
    UpdateActorRequest, UpdateActorResponse,
};
use crate::service::Database;
use crate::service::actors::{
    actor, actors, delete_actor, list_actor_changes, merge_actors, resolve_actor, split_actor,
    update_actor,
};

/// The `ActorService`.
#[derive(Debug)]
pub struct Actors {
    database: Database,
}

impl Actors {
    /// Creates the service on top of `database`.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[tonic::async_trait]
impl ActorService for Actors {
    async fn get_actor(
        &self,
        request: Request<GetActorRequest>,
    ) -> Result<Response<GetActorResponse>, Status> {
        let mut check = Check::default();
        let id = check.resource::<ActorId>("name", &request.get_ref().name);
        let id = check.finish_with(id)?;
        let found = actor(read_from(&self.database, request.metadata())?, id).await?;
        Ok(Response::new(GetActorResponse {
            actor: Some(stored(&found)),
        }))
    }

    async fn batch_get_actors(
        &self,
        request: Request<BatchGetActorsRequest>,
    ) -> Result<Response<BatchGetActorsResponse>, Status> {
        let mut check = Check::default();
        let ids = check.batch(&request.get_ref().names, MAX_BATCH);
        check.finish()?;
        let store = read_from(&self.database, request.metadata())?;
        let found = actors(store, &ids).await?;
        Ok(Response::new(BatchGetActorsResponse {
            actors: found.iter().map(stored).collect(),
        }))
    }

    async fn list_actors(
        &self,
        request: Request<ListActorsRequest>,
    ) -> Result<Response<ListActorsResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let list_bytes = list::list_bytes(&request);
        let request = list::parse(request, &list_bytes)?;
        let store = read_from(&self.database, &metadata)?;
        let page = list::list(store, &request, &list_bytes).await?;
        Ok(Response::new(page))
    }

    async fn resolve_actor(
        &self,
        request: Request<ResolveActorRequest>,
    ) -> Result<Response<ResolveActorResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let mention = resolve::parse(request)?;
        let store = read_from(&self.database, &metadata)?;
        let candidates = resolve_actor(store, &mention).await?;
        Ok(Response::new(resolve::resolved(&candidates)))
    }

    async fn update_actor(
        &self,
        request: Request<UpdateActorRequest>,
    ) -> Result<Response<UpdateActorResponse>, Status> {
        let caller = caller(&request);
        let (update, sent) = requests::update(request.into_inner(), caller)?;
        let updated = update_actor(self.database.primary()?, update, sent).await?;
        Ok(Response::new(UpdateActorResponse {
            actor: Some(stored(&updated)),
        }))
    }

    async fn merge_actors(
        &self,
        request: Request<MergeActorsRequest>,
    ) -> Result<Response<MergeActorsResponse>, Status> {
        let caller = caller(&request);
        let (merge, sent) = requests::merge(request.into_inner(), caller)?;
        let merged = merge_actors(self.database.primary()?, merge, sent).await?;
        Ok(Response::new(MergeActorsResponse {
            actor: Some(stored(&merged.actor)),
            changes: merged.changes.iter().map(change).collect(),
        }))
    }

    async fn split_actor(
        &self,
        request: Request<SplitActorRequest>,
    ) -> Result<Response<SplitActorResponse>, Status> {
        let caller = caller(&request);
        let (split, sent) = requests::split(request.into_inner(), caller)?;
        let done = split_actor(self.database.primary()?, split, sent).await?;
        Ok(Response::new(SplitActorResponse {
            actor: Some(stored(&done.actor)),
            split_actor: Some(stored(&done.split_off)),
            change: done.change.as_ref().map(change),
        }))
    }

    async fn delete_actor(
        &self,
        request: Request<DeleteActorRequest>,
    ) -> Result<Response<DeleteActorResponse>, Status> {
        let caller = caller(&request);
        let (command, sent) = requests::delete(request.into_inner(), caller)?;
        let name = command.id.resource_name();
        let done = delete_actor(self.database.primary()?, command, sent).await?;
        Ok(Response::new(DeleteActorResponse {
            deletion: Some(deletion(name, done)),
        }))
    }

    async fn list_actor_changes(
        &self,
        request: Request<ListActorChangesRequest>,
    ) -> Result<Response<ListActorChangesResponse>, Status> {
        let (metadata, _, request) = request.into_parts();
        let list = ListId {
            rpc: "ListActorChanges",
            filter: request.parent.as_bytes(),
        };
        let mut check = Check::default();
        let id = check.resource::<ActorId>("parent", &request.parent);
        let size = check.page_size(request.page_size);
        let before = check.page_token(list, &request.page_token);
        let id = check.finish_with(id)?;
        let store = read_from(&self.database, &metadata)?;
        let page = list_actor_changes(store, id, before, size).await?;
        Ok(Response::new(ListActorChangesResponse {
            next_page_token: next_page_token(list, page.next.as_ref()),
            changes: page.items.iter().map(change).collect(),
        }))
    }
}
