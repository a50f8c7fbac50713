//! Lists of actors.

use prost::Message;
use tonic::Status;

use crate::api::convert::actor::stored;
use crate::api::convert::enums::ToDomain;
use crate::api::request::{Check, next_page_token};
use crate::api::wire::page_token::ListId;
use crate::api::wire::status::Reason;
use crate::domain::MAX_NAME_BYTES;
use crate::proto::{ActorKind, ActorOrder, Gender, ListActorsRequest, ListActorsResponse};
use crate::service::ServiceError;
use crate::store::{ActorCursor, ActorFilter, ActorRank, ActorRanking, Store};

const MAX_PREFIX: usize = 500;

/// A page that is asked for.
pub(super) struct ListActors {
    filter: ActorFilter,
    size: usize,
    place: Place,
}

/// Where the page begins, in which order.
enum Place {
    ByName(Option<ActorCursor>),
    Ranked(ActorRanking, Option<ActorRank>),
}

/// The part of the request that a page token is bound to.
pub(super) fn list_bytes(request: &ListActorsRequest) -> Vec<u8> {
    let by_name = request.order_by == i32::from(ActorOrder::DisplayName);
    let list = ListActorsRequest {
        page_size: 0,
        page_token: String::new(),
        order_by: if by_name { 0 } else { request.order_by },
        ..request.clone()
    };
    list.encode_to_vec()
}

const fn list_id(bytes: &[u8]) -> ListId<'_> {
    ListId {
        rpc: "ListActors",
        filter: bytes,
    }
}

pub(super) fn parse(request: ListActorsRequest, list_bytes: &[u8]) -> Result<ListActors, Status> {
    let list = list_id(list_bytes);
    let mut check = Check::default();
    let size = check.page_size(request.page_size);
    let order = check.enumeration::<ActorOrder>("order_by", request.order_by);
    let place = match order.and_then(ranking) {
        None => Place::ByName(check.page_token(list, &request.page_token)),
        Some(ranking) => Place::Ranked(ranking, check.page_token(list, &request.page_token)),
    };
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
    Ok(ListActors {
        filter: ActorFilter {
            name_prefix: request.display_name_prefix,
            kind: kind.and_then(ToDomain::to_domain),
            query: request.query,
            organization: request.organization,
            gender: gender.and_then(ToDomain::to_domain),
            external_id,
        },
        size,
        place,
    })
}

const fn ranking(order: ActorOrder) -> Option<ActorRanking> {
    match order {
        ActorOrder::Unspecified | ActorOrder::DisplayName => None,
        ActorOrder::ClaimCount => Some(ActorRanking::ClaimCount),
        ActorOrder::LastClaimTime => Some(ActorRanking::LastClaimTime),
    }
}

/// Reads a page.
pub(super) async fn list(
    store: &Store,
    request: &ListActors,
    list_bytes: &[u8],
) -> Result<ListActorsResponse, ServiceError> {
    let ListActors {
        filter,
        size,
        place,
    } = request;
    let list = list_id(list_bytes);
    let (actors, next_page_token) = match place {
        Place::ByName(after) => {
            let page = store.list_actors(filter, after.as_ref(), *size).await?;
            (page.items, next_page_token(list, page.next.as_ref()))
        }
        Place::Ranked(ranking, after) => {
            let page = store.rank_actors(filter, *ranking, *after, *size).await?;
            (page.items, next_page_token(list, page.next.as_ref()))
        }
    };
    Ok(ListActorsResponse {
        actors: actors.iter().map(stored).collect(),
        next_page_token,
    })
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
