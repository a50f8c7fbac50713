//! Propositions: what several claims say.

use tonic::Status;
use tonic::metadata::MetadataMap;

use super::encode::encode;
use crate::api::convert::time::timestamp;
use crate::api::request::{Check, next_page_token};
use crate::api::wire::names::Named;
use crate::api::wire::page_token::ListId;
use crate::api::wire::read_from;
use crate::domain::PropositionId;
use crate::proto::{
    self, GetPropositionRequest, GetPropositionResponse, ListPropositionClaimsRequest,
    ListPropositionClaimsResponse,
};
use crate::service::claims::{PropositionDetails, list_proposition_claims, proposition};
use crate::service::{Database, ServiceError};
use crate::store::{AppearancePosition, Store};
use crate::text::TextEncoding;

/// Returns a proposition.
pub(super) async fn get(
    database: &Database,
    metadata: &MetadataMap,
    request: &GetPropositionRequest,
) -> Result<GetPropositionResponse, Status> {
    let mut check = Check::default();
    let id = check.resource::<PropositionId>("name", &request.name);
    let encoding = check.encoding(request.encoding_type);
    let id = check.finish_with(id)?;
    let store = read_from(database, metadata)?;
    let found = proposition(store, id).await?;
    Ok(GetPropositionResponse {
        proposition: Some(message(store, &found, encoding).await?),
    })
}

/// Lists the claims assigned to it.
pub(super) async fn list_claims(
    database: &Database,
    metadata: &MetadataMap,
    request: &ListPropositionClaimsRequest,
) -> Result<ListPropositionClaimsResponse, Status> {
    let list = ListId {
        rpc: "ListPropositionClaims",
        filter: request.parent.as_bytes(),
    };
    let mut check = Check::default();
    let id = check.resource::<PropositionId>("parent", &request.parent);
    let size = check.page_size(request.page_size);
    let after: Option<AppearancePosition> = check.page_token(list, &request.page_token);
    let encoding = check.encoding(request.encoding_type);
    let id = check.finish_with(id)?;
    let store = read_from(database, metadata)?;
    let page = list_proposition_claims(store, id, after, size).await?;
    let mut encoded = encode(store, &page.items, encoding).await?;
    let claims = page.items.iter();
    Ok(ListPropositionClaimsResponse {
        claims: claims
            .filter_map(|claim| encoded.remove(&claim.id))
            .collect(),
        next_page_token: next_page_token(list, page.next.as_ref()),
    })
}

async fn message(
    store: &Store,
    found: &PropositionDetails,
    encoding: TextEncoding,
) -> Result<proto::Proposition, ServiceError> {
    let encoded = encode(store, &found.claims, encoding).await?;
    let known = &found.proposition;
    Ok(proto::Proposition {
        name: known.id.resource_name(),
        first_claim: encoded.get(&known.first).cloned(),
        last_claim: encoded.get(&known.last).cloned(),
        first_time: Some(timestamp(known.first_time)),
        last_time: Some(timestamp(known.last_time)),
        claim_count: known.claims,
        article_count: known.articles,
        actor_count: known.actors,
        publisher_count: known.publishers,
    })
}
