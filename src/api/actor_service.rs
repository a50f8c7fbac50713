use prost::Message;
use tonic::{Request, Response, Status};

use super::Archive;
use super::check::Check;
use super::convert::actor::stored;
use super::convert::enums::ToDomain;
use super::page_token::ListId;
use super::paging::next_page_token;
use super::server::actor_service_server::ActorService;
use super::status::{Reason, error_with};
use crate::domain::ActorId;
use crate::proto::{
    ActorKind, GetActorRequest, GetActorResponse, ListActorsRequest, ListActorsResponse,
};
use crate::store::ActorFilter;

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
        let name = request.into_inner().name;
        let mut check = Check::default();
        let id = check.resource::<ActorId>("name", &name);
        let id = check.finish_with(id)?;
        let actor = self.archive.store()?.actor(id).await?.ok_or_else(|| {
            error_with(
                Reason::ActorNotFound,
                format!("there is no {name}"),
                [("name", name)],
            )
        })?;
        Ok(Response::new(GetActorResponse {
            actor: Some(stored(&actor)),
        }))
    }

    async fn list_actors(
        &self,
        request: Request<ListActorsRequest>,
    ) -> Result<Response<ListActorsResponse>, Status> {
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
        let kind = check.enumeration::<ActorKind>("kind", request.kind);
        check.finish()?;
        let filter = ActorFilter {
            name_prefix: request.display_name_prefix,
            kind: kind.and_then(ToDomain::to_domain),
        };
        let page = self
            .archive
            .store()?
            .list_actors(&filter, after.as_ref(), size)
            .await?;
        Ok(Response::new(ListActorsResponse {
            next_page_token: next_page_token(list, page.next.as_ref()),
            actors: page.items.iter().map(stored).collect(),
        }))
    }
}

/// The part of the request that a page token belongs to.
fn filter_bytes(request: &ListActorsRequest) -> Vec<u8> {
    let filter = ListActorsRequest {
        display_name_prefix: request.display_name_prefix.clone(),
        kind: request.kind,
        ..ListActorsRequest::default()
    };
    filter.encode_to_vec()
}
