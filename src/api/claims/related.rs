//! The relations of a claim to other claims.

use std::collections::HashMap;

use prost::Message;
use tonic::Status;

use super::encode::encode_with;
use crate::api::convert::claim::stored as stored_claim;
use crate::api::convert::relation::{compared, stored};
use crate::api::convert::span::SpanWriter;
use crate::api::request::{Check, next_page_token};
use crate::api::wire::page_token::ListId;
use crate::api::wire::status::Reason;
use crate::domain::{Claim, ClaimId};
use crate::proto::{ListRelatedClaimsRequest, ListRelatedClaimsResponse, RelatedClaim, Relation};
use crate::service::ServiceError;
use crate::service::claims::{
    FoundRelation, ListRelated, RelatedPage, RelatedPosition, RelationType,
};
use crate::store::Store;
use crate::text::TextEncoding;

/// What this list's page tokens are bound to; `bytes` comes from [`list_bytes`].
pub(super) const fn list(bytes: &[u8]) -> ListId<'_> {
    ListId {
        rpc: "ListRelatedClaims",
        filter: bytes,
    }
}

pub(super) fn parse(
    request: &ListRelatedClaimsRequest,
    list: ListId<'_>,
) -> Result<(ListRelated, TextEncoding), Status> {
    let mut check = Check::default();
    let id = check.resource::<ClaimId>("parent", &request.parent);
    let types = relation_types(&mut check, &request.types);
    let size = check.page_size(request.page_size);
    let after: Option<RelatedPosition> = check.page_token(list, &request.page_token);
    let encoding = check.encoding(request.encoding_type);
    let related = ListRelated {
        claim: check.finish_with(id)?,
        types,
        size,
        after,
    };
    Ok((related, encoding))
}

/// Encodes relations, with the claims at their other ends.
pub(super) async fn encode(
    store: &Store,
    page: &RelatedPage,
    encoding: TextEncoding,
    list: ListId<'_>,
) -> Result<ListRelatedClaimsResponse, ServiceError> {
    let (claim, found) = (&page.claim, &page.relations);
    let claims: Vec<&Claim> = page.others.iter().chain([claim]).collect();
    let names: HashMap<ClaimId, Option<&str>> = claims
        .iter()
        .map(|claim| (claim.id, claim.actor_name.as_deref()))
        .collect();
    // Evidence comes from the article of a relation's first end, so each relation is encoded with that claim's
    // writer.
    let message = |from: &Claim, writer: &SpanWriter<'_>| {
        let relations = found.iter().filter(|one| one.ends().0 == from.id);
        let relations = relations.map(|one| {
            let relation = match one {
                FoundRelation::Extracted(relation) => {
                    let who = names.get(&relation.to).copied().flatten();
                    stored(relation, who, writer)
                }
                FoundRelation::Compared {
                    from,
                    to,
                    relation: pair,
                    confidence,
                } => compared(*from, *to, *pair, *confidence),
            };
            ((one.ends(), relation.r#type), relation)
        });
        (stored_claim(from, writer), relations.collect::<Vec<_>>())
    };
    let encoded = encode_with(store, &claims, encoding, message).await?;
    let mut relations: HashMap<_, _> = encoded
        .values()
        .flat_map(|(_, relations)| relations.iter().cloned())
        .collect();
    let related = found.iter().filter_map(|one| {
        let (other, _) = encoded.get(&one.other(claim.id))?;
        let relation = relations.remove(&(one.ends(), relation(one.relation_type()).into()))?;
        Some(RelatedClaim {
            relation: Some(relation),
            claim: Some(other.clone()),
        })
    });
    Ok(ListRelatedClaimsResponse {
        related_claims: related.collect(),
        next_page_token: next_page_token(list, page.next.as_ref()),
    })
}

/// Parses a `types` field; empty means all relation types.
fn relation_types(check: &mut Check, numbers: &[i32]) -> Vec<RelationType> {
    let mut types = Vec::new();
    for (n, number) in numbers.iter().enumerate() {
        let field = format!("types[{n}]");
        let Some(relation) = check.enumeration::<Relation>(&field, *number) else {
            continue;
        };
        match relation_type(relation) {
            None => {
                check.fail(&field, Reason::InvalidField, "names no relation");
            }
            Some(relation) if types.contains(&relation) => {
                check.fail(&field, Reason::InvalidField, "is there twice");
            }
            Some(relation) => types.push(relation),
        }
    }
    if numbers.is_empty() {
        types = vec![
            RelationType::Repeats,
            RelationType::RespondsTo,
            RelationType::Contradicts,
        ];
    }
    types
}

const fn relation_type(relation: Relation) -> Option<RelationType> {
    match relation {
        Relation::Repeats => Some(RelationType::Repeats),
        Relation::RespondsTo => Some(RelationType::RespondsTo),
        Relation::Contradicts => Some(RelationType::Contradicts),
        Relation::Unspecified => None,
    }
}

const fn relation(relation: RelationType) -> Relation {
    match relation {
        RelationType::Repeats => Relation::Repeats,
        RelationType::RespondsTo => Relation::RespondsTo,
        RelationType::Contradicts => Relation::Contradicts,
    }
}

/// The part of the request that a page token is bound to.
pub(super) fn list_bytes(request: &ListRelatedClaimsRequest) -> Vec<u8> {
    let list = ListRelatedClaimsRequest {
        parent: request.parent.clone(),
        types: request.types.clone(),
        ..ListRelatedClaimsRequest::default()
    };
    list.encode_to_vec()
}
