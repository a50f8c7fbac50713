//! The claims that a claim stands in a relation to.

use std::cmp::Reverse;
use std::collections::HashMap;

use prost::Message;
use tonic::Status;

use super::Archive;
use super::check::Check;
use super::claim_service::{claim_not_found, write_with};
use super::convert::claim::stored as stored_claim;
use super::convert::relation::{compared, stored};
use super::convert::span::SpanWriter;
use super::matcher::{Matcher, text};
use super::page_token::{ListId, Place};
use super::paging::next_page_token;
use super::status::Reason;
use crate::domain::{Claim, ClaimId, StoredRelation};
use crate::matching::{Depth, Said, Standing};
use crate::proto::{ListRelatedClaimsRequest, ListRelatedClaimsResponse, RelatedClaim, Relation};
use crate::store::{ArticleCursor, ClaimCursor, ClaimFilter, Store};
use crate::text::TextEncoding;

/// A relation of the claim asked about.
#[derive(Debug, Clone)]
enum Tie {
    /// To a claim of its article.
    Read(StoredRelation),
    /// To a claim of another article, from the later to the earlier.
    Compared {
        from: ClaimId,
        to: ClaimId,
        standing: Standing,
        near: f32,
    },
}

impl Tie {
    fn relation(&self) -> Relation {
        match self {
            Self::Read(relation) => relation.kind.into(),
            Self::Compared {
                standing: Standing::Repeats,
                ..
            } => Relation::Repeats,
            Self::Compared { .. } => Relation::Contradicts,
        }
    }

    const fn ends(&self) -> (ClaimId, ClaimId) {
        match self {
            Self::Read(relation) => (relation.from, relation.to),
            Self::Compared { from, to, .. } => (*from, *to),
        }
    }

    /// Its end that is not `one`.
    fn other(&self, one: ClaimId) -> ClaimId {
        let (from, to) = self.ends();
        if from == one { to } else { from }
    }
}

/// Where a related claim stands in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RelatedPlace {
    claim: ClaimCursor,
    /// Whether it is of another article.
    elsewhere: bool,
    /// Whether the relation goes to the claim asked about.
    inward: bool,
    relation: u8,
}

impl RelatedPlace {
    fn order(&self) -> impl Ord + use<> {
        let article = self.claim.article;
        (
            self.elsewhere,
            Reverse((article.sort_time, article.id)),
            self.claim.ordinal,
            self.inward,
            self.relation,
        )
    }
}

/// Answers a page of related claims.
pub(super) async fn related_claims(
    archive: &Archive,
    matcher: &Matcher,
    request: ListRelatedClaimsRequest,
) -> Result<ListRelatedClaimsResponse, Status> {
    let list_bytes = list_bytes(&request);
    let list = ListId {
        rpc: "ListRelatedClaims",
        filter: &list_bytes,
    };
    let mut check = Check::default();
    let id = check.resource::<ClaimId>("name", &request.name);
    let types = check.relations(&request.types);
    let size = check.page_size(request.page_size);
    let after: Option<RelatedPlace> = check.page_token(list, &request.page_token);
    let encoding = check.encoding(request.encoding_type);
    let id = check.finish_with(id)?;
    let store = archive.store()?;
    let claim = store.claims(&[id]).await?.pop();
    let claim = claim.ok_or_else(|| claim_not_found(id, 1))?;
    let mut found = read(store, &claim).await?;
    if types.contains(&Relation::Repeats) || types.contains(&Relation::Contradicts) {
        found.extend(elsewhere(store, matcher, &claim).await?);
    }
    found.retain(|(place, tie)| {
        let ahead = after.is_none_or(|after| place.order() > after.order());
        ahead && types.contains(&tie.relation())
    });
    found.sort_by_key(|(place, _)| place.order());
    let more = found.len() > size;
    found.truncate(size);
    let place = found.last().filter(|_| more).map(|(place, _)| *place);
    let ties: Vec<Tie> = found.into_iter().map(|(_, tie)| tie).collect();
    Ok(ListRelatedClaimsResponse {
        related_claims: answer(store, &claim, &ties, encoding).await?,
        next_page_token: next_page_token(list, place.as_ref()),
    })
}

/// The relations that were read in the claim's own article.
async fn read(store: &Store, claim: &Claim) -> Result<Vec<(RelatedPlace, Tie)>, Status> {
    let relations = store.relations_of(claim.id).await?;
    let ties: Vec<Tie> = relations.into_iter().map(Tie::Read).collect();
    let ids: Vec<ClaimId> = ties.iter().map(|tie| tie.other(claim.id)).collect();
    let others = store.claims(&ids).await?;
    let ordinals: HashMap<ClaimId, i32> = others
        .iter()
        .map(|claim| (claim.id, claim.ordinal))
        .collect();
    let placed = ties.into_iter().filter_map(|tie| {
        let ordinal = *ordinals.get(&tie.other(claim.id))?;
        // All are of one article: any time will do.
        let article = ArticleCursor {
            sort_time: claim.create_time,
            id: claim.article,
        };
        Some((place(claim.id, &tie, ClaimCursor { article, ordinal }), tie))
    });
    Ok(placed.collect())
}

/// The claims of other articles that say the same or contradict it.
async fn elsewhere(
    store: &Store,
    matcher: &Matcher,
    claim: &Claim,
) -> Result<Vec<(RelatedPlace, Tie)>, Status> {
    let Some((published, sort_time)) = store.published(claim.article).await? else {
        return Ok(Vec::new());
    };
    let said = Said {
        text: text(&claim.content),
        published,
    };
    let filter = ClaimFilter::default();
    let besides = Some(claim.article);
    let found = matcher.find(store, said, &filter, besides, Depth::Meaning);
    let own = (sort_time, claim.article);
    let ties = found.await?.into_iter().filter_map(|one| {
        let (standing, near) = one.standing?;
        let article = one.place.article;
        let (from, to) = if (article.sort_time, article.id) > own {
            (one.id, claim.id)
        } else {
            (claim.id, one.id)
        };
        let tie = Tie::Compared {
            from,
            to,
            standing,
            near,
        };
        Some((place(claim.id, &tie, one.place), tie))
    });
    Ok(ties.collect())
}

fn place(one: ClaimId, tie: &Tie, claim: ClaimCursor) -> RelatedPlace {
    RelatedPlace {
        claim,
        elsewhere: matches!(tie, Tie::Compared { .. }),
        inward: tie.ends().1 == one,
        relation: u8::try_from(i32::from(tie.relation())).unwrap_or_default(),
    }
}

/// The relations with the claims at their other ends; one whose claim was deleted meanwhile is left out.
async fn answer(
    store: &Store,
    claim: &Claim,
    ties: &[Tie],
    encoding: TextEncoding,
) -> Result<Vec<RelatedClaim>, Status> {
    let ids: Vec<ClaimId> = ties.iter().map(|tie| tie.other(claim.id)).collect();
    let mut claims = store.claims(&ids).await?;
    claims.push(claim.clone());
    let names: HashMap<ClaimId, Option<&str>> = claims
        .iter()
        .map(|claim| (claim.id, claim.actor_name.as_deref()))
        .collect();
    // Evidence stands in the article of a relation's first end: each relation is written with that claim.
    let message = |from: &Claim, writer: &SpanWriter<'_>| {
        let relations = ties.iter().filter(|tie| tie.ends().0 == from.id);
        let relations = relations.map(|tie| {
            let relation = match tie {
                Tie::Read(relation) => {
                    let who = names.get(&relation.to).copied().flatten();
                    stored(relation, who, writer)
                }
                Tie::Compared {
                    from,
                    to,
                    standing,
                    near,
                } => compared(*from, *to, *standing, *near),
            };
            ((tie.ends(), relation.r#type), relation)
        });
        (stored_claim(from, writer), relations.collect::<Vec<_>>())
    };
    let written = write_with(store, &claims, encoding, message).await?;
    let mut relations: HashMap<_, _> = written
        .values()
        .flat_map(|(_, relations)| relations.iter().cloned())
        .collect();
    let related = ties.iter().filter_map(|tie| {
        let (other, _) = written.get(&tie.other(claim.id))?;
        let relation = relations.remove(&(tie.ends(), tie.relation().into()))?;
        Some(RelatedClaim {
            relation: Some(relation),
            claim: Some(other.clone()),
        })
    });
    Ok(related.collect())
}

impl Check {
    /// The relations meant by a `types` field; all where it is empty.
    fn relations(&mut self, numbers: &[i32]) -> Vec<Relation> {
        let mut types = Vec::new();
        for (n, number) in numbers.iter().enumerate() {
            let field = format!("types[{n}]");
            match self.enumeration::<Relation>(&field, *number) {
                Some(Relation::Unspecified) => {
                    self.fail(&field, Reason::InvalidField, "names no relation");
                }
                Some(relation) if types.contains(&relation) => {
                    self.fail(&field, Reason::InvalidField, "stands there twice");
                }
                Some(relation) => types.push(relation),
                None => {}
            }
        }
        if numbers.is_empty() {
            types = vec![
                Relation::Repeats,
                Relation::RespondsTo,
                Relation::Contradicts,
            ];
        }
        types
    }
}

/// The part of the request that a page token belongs to.
fn list_bytes(request: &ListRelatedClaimsRequest) -> Vec<u8> {
    let list = ListRelatedClaimsRequest {
        name: request.name.clone(),
        types: request.types.clone(),
        ..ListRelatedClaimsRequest::default()
    };
    list.encode_to_vec()
}

impl Place for RelatedPlace {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend([
            u8::from(self.elsewhere),
            u8::from(self.inward),
            self.relation,
        ]);
        self.claim.write(bytes);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let ([elsewhere, inward, relation], claim) = bytes.split_first_chunk()?;
        Some(Self {
            claim: ClaimCursor::read(claim)?,
            elsewhere: *elsewhere != 0,
            inward: *inward != 0,
            relation: *relation,
        })
    }
}
