//! What several claims say.

use std::collections::HashMap;

use tonic::Status;
use uuid::Uuid;

use super::Archive;
use super::check::Check;
use super::claim_service::write;
use super::convert::time::timestamp;
use super::names::Named;
use super::page_token::{ListId, Place};
use super::paging::next_page_token;
use super::status::{Reason, error_with};
use crate::domain::{ClaimId, Proposition, PropositionId};
use crate::proto::{
    self, GetPropositionRequest, GetPropositionResponse, ListPropositionClaimsRequest,
    ListPropositionClaimsResponse,
};
use crate::store::{AppearancePlace, Store};
use crate::text::TextEncoding;

/// Answers a proposition.
pub(super) async fn get(
    archive: &Archive,
    request: &GetPropositionRequest,
) -> Result<GetPropositionResponse, Status> {
    let mut check = Check::default();
    let id = check.resource::<PropositionId>("name", &request.name);
    let encoding = check.encoding(request.encoding_type);
    let id = check.finish_with(id)?;
    let store = archive.store()?;
    let found = find(store, id).await?;
    Ok(GetPropositionResponse {
        proposition: Some(message(store, &found, encoding).await?),
    })
}

/// Lists the claims that say it.
pub(super) async fn list_claims(
    archive: &Archive,
    request: &ListPropositionClaimsRequest,
) -> Result<ListPropositionClaimsResponse, Status> {
    let list = ListId {
        rpc: "ListPropositionClaims",
        filter: request.name.as_bytes(),
    };
    let mut check = Check::default();
    let id = check.resource::<PropositionId>("name", &request.name);
    let size = check.page_size(request.page_size);
    let after: Option<AppearancePlace> = check.page_token(list, &request.page_token);
    let encoding = check.encoding(request.encoding_type);
    let id = check.finish_with(id)?;
    let store = archive.store()?;
    let page = store.proposition_claims(id, after, size).await?;
    if page.items.is_empty() && after.is_none() {
        return Err(not_found(id));
    }
    let mut written = write(store, &page.items, encoding).await?;
    let claims = page.items.iter();
    Ok(ListPropositionClaimsResponse {
        claims: claims
            .filter_map(|claim| written.remove(&claim.id))
            .collect(),
        next_page_token: next_page_token(list, page.next.as_ref()),
    })
}

async fn find(store: &Store, id: PropositionId) -> Result<Proposition, Status> {
    let found = store.proposition(id).await?;
    found.ok_or_else(|| not_found(id))
}

fn not_found(id: PropositionId) -> Status {
    let name = id.resource_name();
    error_with(
        Reason::PropositionNotFound,
        format!("there is no {name}"),
        [("name", name)],
    )
}

async fn message(
    store: &Store,
    found: &Proposition,
    encoding: TextEncoding,
) -> Result<proto::Proposition, Status> {
    let claims = store.claims(&[found.first, found.last]).await?;
    let written: HashMap<ClaimId, proto::Claim> = write(store, &claims, encoding).await?;
    Ok(proto::Proposition {
        name: found.id.resource_name(),
        first_claim: written.get(&found.first).cloned(),
        last_claim: written.get(&found.last).cloned(),
        first_time: Some(timestamp(found.first_time)),
        last_time: Some(timestamp(found.last_time)),
        claim_count: found.claims,
        article_count: found.articles,
        actor_count: found.actors,
        publisher_count: found.publishers,
    })
}

impl Place for AppearancePlace {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.time.timestamp_micros().to_be_bytes());
        bytes.extend(self.claim.0.as_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (micros, id) = bytes.split_first_chunk()?;
        Some(Self {
            time: chrono::DateTime::from_timestamp_micros(i64::from_be_bytes(*micros))?,
            claim: ClaimId(Uuid::from_slice(id).ok()?),
        })
    }
}
