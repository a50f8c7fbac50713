//! Lists of claims.

use tonic::Status;

use super::context::WithContext;
use super::encode::encode_in_context;
use super::facets;
use crate::api::convert::claim::basic;
use crate::api::request::{Check, list_bytes, next_page_token};
use crate::api::wire::page_token::ListId;
use crate::proto::{ListClaimsRequest, ListClaimsResponse};
use crate::service::ServiceError;
use crate::service::claims::{Facet, count_claims};
use crate::store::{ClaimFilter, ClaimOrder, ClaimPosition, Store};
use crate::text::TextEncoding;

/// A page that is asked for, and how it is encoded.
pub(super) struct ListClaims {
    /// What page tokens are bound to.
    list_bytes: Vec<u8>,
    filter: ClaimFilter,
    order: ClaimOrder,
    after: Option<ClaimPosition>,
    size: usize,
    facets: Vec<Facet>,
    encoding: TextEncoding,
    full: bool,
    context: WithContext,
}

const fn list_id(bytes: &[u8]) -> ListId<'_> {
    ListId {
        rpc: "ListClaims",
        filter: bytes,
    }
}

pub(super) fn parse(request: ListClaimsRequest) -> Result<ListClaims, Status> {
    let filter = request.filter.unwrap_or_default();
    let list_bytes = list_bytes(&filter, request.order_by);
    let mut check = Check::default();
    let size = check.page_size(request.page_size);
    let order = check.claim_order(request.order_by);
    let after = check.claim_position(list_id(&list_bytes), &request.page_token, order);
    let encoding = check.encoding(request.encoding_type);
    let filter = check.claim_filter(filter);
    let full = check.claim_view(request.view);
    let facets = facets::parse(&mut check, &request.facets);
    check.finish()?;
    Ok(ListClaims {
        list_bytes,
        filter,
        order,
        after,
        size,
        facets,
        encoding,
        full,
        context: WithContext(request.include_context),
    })
}

/// Reads a page; the first one with the facets that are asked for.
pub(super) async fn list(
    store: &Store,
    request: &ListClaims,
) -> Result<ListClaimsResponse, ServiceError> {
    let ListClaims {
        filter,
        order,
        after,
        size,
        full,
        ..
    } = request;
    let page = store.list_claims(filter, *order, *after, *size).await?;
    let facets: &[Facet] = if after.is_none() {
        &request.facets
    } else {
        &[]
    };
    let counted = count_claims(store, filter, facets).await?;
    let (encoding, context) = (request.encoding, request.context);
    let mut encoded = encode_in_context(store, &page.items, encoding, context).await?;
    let claims = page.items.iter().map(|claim| claim.id);
    let claims = claims.filter_map(|id| encoded.remove(&id));
    Ok(ListClaimsResponse {
        claims: claims
            .map(|claim| if *full { claim } else { basic(claim) })
            .collect(),
        next_page_token: next_page_token(list_id(&request.list_bytes), page.next.as_ref()),
        facets: counted.facets.into_iter().map(facets::counts).collect(),
        match_count: i64::try_from(counted.match_count).unwrap_or(i64::MAX),
        sampled: counted.sampled,
    })
}
