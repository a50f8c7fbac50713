//! Full-text search over claims.

use std::collections::HashMap;

use prost::Message;
use tonic::Status;

use super::context::WithContext;
use super::encode::encode_with;
use super::facets;
use crate::api::convert::claim::{basic, stored};
use crate::api::convert::span::SpanWriter;
use crate::api::request::{Check, next_page_token};
use crate::api::wire::page_token::ListId;
use crate::domain::{Claim, ClaimId, Passage};
use crate::proto::{self, SearchClaimsRequest, SearchClaimsResponse, SearchHit, SearchOrder};
use crate::service::ServiceError;
use crate::service::claims::{HitPosition, Hits, SearchClaims};
use crate::store::Store;
use crate::text::TextEncoding;

const MAX_QUERY: usize = 500;

/// How hits are encoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct HitView {
    encoding: TextEncoding,
    full: bool,
    context: WithContext,
}

/// What a search's page tokens are bound to; `bytes` comes from [`list_bytes`].
pub(super) const fn list(bytes: &[u8]) -> ListId<'_> {
    ListId {
        rpc: "SearchClaims",
        filter: bytes,
    }
}

pub(super) fn parse(
    request: SearchClaimsRequest,
    list: ListId<'_>,
) -> Result<(SearchClaims, HitView), Status> {
    let mut check = Check::default();
    check.required_text("query", &request.query, MAX_QUERY);
    let filter = check.claim_filter(request.filter.unwrap_or_default());
    let size = check.page_size(request.page_size);
    let order = check.enumeration::<SearchOrder>("order_by", request.order_by);
    let after: Option<HitPosition> = check.page_token(list, &request.page_token);
    let encoding = check.encoding(request.encoding_type);
    let facets = facets::parse(&mut check, &request.facets);
    check.search_text("actor_query", &request.actor_query);
    let full = check.claim_view(request.view);
    check.finish()?;
    let search = SearchClaims {
        query: request.query,
        filter,
        actor_query: Some(request.actor_query).filter(|name| !name.is_empty()),
        after,
        size,
        newest_first: order == Some(SearchOrder::PublishTime),
        facets,
    };
    let view = HitView {
        encoding,
        full,
        context: WithContext(request.include_context),
    };
    Ok((search, view))
}

/// Encodes a page of hits.
pub(super) async fn encode(
    store: &Store,
    found: Hits,
    view: HitView,
    list: ListId<'_>,
) -> Result<SearchClaimsResponse, ServiceError> {
    let claims: Vec<&Claim> = found.hits.iter().map(|hit| &hit.claim).collect();
    let highlights = found.hits.iter().map(|hit| (hit.claim.id, &hit.highlights));
    let highlights: HashMap<ClaimId, &Vec<Passage>> = highlights.collect();
    let message = |claim: &Claim, writer: &SpanWriter<'_>| {
        let message = stored(claim, writer);
        let passages = highlights.get(&claim.id).copied().into_iter().flatten();
        let highlights: Vec<proto::Span> = passages.map(|one| writer.passage(one)).collect();
        (if view.full { message } else { basic(message) }, highlights)
    };
    let mut encoded = encode_with(store, &claims, view.encoding, message).await?;
    let messages = encoded.iter_mut().map(|(id, (claim, _))| (*id, claim));
    let context = view.context;
    context.add(store, &claims, view.encoding, messages).await?;
    let hits = found.hits.iter().filter_map(|hit| {
        let (claim, highlights) = encoded.remove(&hit.claim.id)?;
        Some(SearchHit {
            claim: Some(claim),
            rank: hit.rank,
            highlights,
        })
    });
    Ok(SearchClaimsResponse {
        hits: hits.collect(),
        next_page_token: next_page_token(list, found.next.as_ref()),
        match_count: i64::try_from(found.match_count).unwrap_or(i64::MAX),
        sampled: found.sampled,
        facets: found.facets.into_iter().map(facets::counts).collect(),
    })
}

/// The part of the request that a page token is bound to.
pub(super) fn list_bytes(request: &SearchClaimsRequest) -> Vec<u8> {
    let list = SearchClaimsRequest {
        query: request.query.clone(),
        filter: request.filter.clone(),
        actor_query: request.actor_query.clone(),
        order_by: request.order_by,
        ..SearchClaimsRequest::default()
    };
    list.encode_to_vec()
}
