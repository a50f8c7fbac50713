use prost::Message;
use tonic::{Request, Response, Status};

use super::{requests, resolve};
use crate::api::convert::actor::{change, stored};
use crate::api::convert::enums::ToDomain;
use crate::api::request::{Check, MAX_BATCH, next_page_token};
use crate::api::server::actor_service_server::ActorService;
use crate::api::wire::page_token::ListId;
use crate::api::wire::status::Reason;
use crate::api::wire::{caller, read_from};
use crate::domain::{ActorId, MAX_NAME_BYTES};
use crate::proto::{
    ActorKind, BatchGetActorsRequest, BatchGetActorsResponse, Gender, GetActorRequest,
    GetActorResponse, ListActorChangesRequest, ListActorChangesResponse, ListActorsRequest,
    ListActorsResponse, MergeActorsRequest, MergeActorsResponse, ResolveActorRequest,
    ResolveActorResponse, SplitActorRequest, SplitActorResponse, UpdateActorRequest,
    UpdateActorResponse,
};
use crate::service::Database;
use crate::service::actors::{
    actor, actors, list_actor_changes, merge_actors, resolve_actor, split_actor, update_actor,
};
use crate::store::ActorFilter;

const MAX_PREFIX: usize = 500;

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
        let external_id = external_id(&mut check, &request.external_id);
        check.finish()?;
        let filter = ActorFilter {
            name_prefix: request.display_name_prefix,
            kind: kind.and_then(ToDomain::to_domain),
            query: request.query,
            organization: request.organization,
            gender: gender.and_then(ToDomain::to_domain),
            external_id,
        };
        let store = read_from(&self.database, &metadata)?;
        let page = store.list_actors(&filter, after.as_ref(), size).await?;
        Ok(Response::new(ListActorsResponse {
            next_page_token: next_page_token(list, page.next.as_ref()),
            actors: page.items.iter().map(stored).collect(),
        }))
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
        let update = requests::update(request.into_inner(), caller)?;
        let updated = update_actor(self.database.primary()?, update).await?;
        Ok(Response::new(UpdateActorResponse {
            actor: Some(stored(&updated)),
        }))
    }

    async fn merge_actors(
        &self,
        request: Request<MergeActorsRequest>,
    ) -> Result<Response<MergeActorsResponse>, Status> {
        let caller = caller(&request);
        let merge = requests::merge(request.into_inner(), caller)?;
        let merged = merge_actors(self.database.primary()?, merge).await?;
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
        let split = requests::split(request.into_inner(), caller)?;
        let done = split_actor(self.database.primary()?, split).await?;
        Ok(Response::new(SplitActorResponse {
            actor: Some(stored(&done.actor)),
            split_actor: Some(stored(&done.split_off)),
            change: done.change.as_ref().map(change),
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

/// The part of the request that a page token is bound to.
fn filter_bytes(request: &ListActorsRequest) -> Vec<u8> {
    let filter = ListActorsRequest {
        page_size: 0,
        page_token: String::new(),
        ..request.clone()
    };
    filter.encode_to_vec()
}

/// Parses an id elsewhere, such as `wikidata:Q22686`.
fn external_id(check: &mut Check, id: &str) -> Option<(String, String)> {
    const FIELD: &str = "external_id";
    if id.is_empty() || !check.text(FIELD, id, MAX_NAME_BYTES) {
        return None;
    }
    let parts = id.split_once(':');
    let parts = parts.filter(|(key, value)| !key.is_empty() && !value.is_empty());
    if parts.is_none() {
        let description = "has to be a key and a value, such as \"wikidata:Q22686\"";
        check.fail(FIELD, Reason::InvalidField, description);
    }
    parts.map(|(key, value)| (key.to_owned(), value.to_owned()))
}
