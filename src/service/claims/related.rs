//! The relations of a claim to other claims.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::content::text;
use super::matcher::Matcher;
use crate::domain::{Claim, ClaimId, RelationKind, StoredRelation};
use crate::matching::{Depth, Said, Standing};
use crate::service::ServiceError;
use crate::store::{ArticleCursor, ClaimCursor, ClaimFilter, Store};

/// How one claim relates to another, of the same article or of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RelationType {
    /// It says the same.
    Repeats,
    /// It responds to the other claim.
    RespondsTo,
    /// It gives a reason why the other claim holds. Not produced yet.
    Supports,
    /// The two cannot both be true.
    Contradicts,
}

/// A relation of the queried claim.
#[derive(Debug, Clone)]
pub enum Tie {
    /// To a claim of the same article, as extracted.
    Read(StoredRelation),
    /// To a claim of another article, found by comparison.
    Compared {
        /// The later claim.
        from: ClaimId,
        /// The earlier one.
        to: ClaimId,
        /// Whether it repeats or contradicts the earlier one.
        standing: Standing,
        /// The confidence of that judgement.
        confidence: f32,
    },
}

impl Tie {
    /// The type of the relation.
    #[must_use]
    pub const fn relation(&self) -> RelationType {
        match self {
            Self::Read(relation) => match relation.kind {
                RelationKind::Repeats => RelationType::Repeats,
                RelationKind::RespondsTo => RelationType::RespondsTo,
            },
            Self::Compared {
                standing: Standing::Repeats,
                ..
            } => RelationType::Repeats,
            Self::Compared { .. } => RelationType::Contradicts,
        }
    }

    /// The two claims: from, to.
    #[must_use]
    pub const fn ends(&self) -> (ClaimId, ClaimId) {
        match self {
            Self::Read(relation) => (relation.from, relation.to),
            Self::Compared { from, to, .. } => (*from, *to),
        }
    }

    /// The end that is not `one`.
    #[must_use]
    pub fn other(&self, one: ClaimId) -> ClaimId {
        let (from, to) = self.ends();
        if from == one { to } else { from }
    }
}

/// The position of a related claim in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedPosition {
    /// Its position in time.
    pub claim: ClaimCursor,
    /// Whether it belongs to another article.
    pub elsewhere: bool,
    /// Whether the relation points to the queried claim.
    pub inward: bool,
    /// The relation.
    pub relation: RelationType,
}

impl RelatedPosition {
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

/// A request for related claims.
#[derive(Debug, Clone)]
pub struct ListRelated {
    /// The queried claim.
    pub claim: ClaimId,
    /// Only these relations.
    pub types: Vec<RelationType>,
    /// Maximum number of results.
    pub size: usize,
    /// The page starts after this position.
    pub after: Option<RelatedPosition>,
}

/// A page of related claims.
#[derive(Debug, Clone)]
pub struct RelatedPage {
    /// The queried claim.
    pub claim: Claim,
    /// Its relations, in order.
    pub ties: Vec<Tie>,
    /// The claims at their other ends, in no particular order; claims deleted in the meantime are left out.
    pub others: Vec<Claim>,
    /// Where the next page begins, if there is one.
    pub next: Option<RelatedPosition>,
}

/// Lists related claims.
///
/// # Errors
/// [`ServiceError::ClaimNotFound`], [`ServiceError::Store`], [`ServiceError::Lost`].
#[tracing::instrument(skip_all, fields(claim = %list.claim))]
pub async fn related_claims(
    store: &Store,
    matcher: &Matcher,
    list: &ListRelated,
) -> Result<RelatedPage, ServiceError> {
    let claim = store.claims(&[list.claim]).await?.pop();
    let claim = claim.ok_or(ServiceError::ClaimNotFound {
        first: list.claim,
        missing: 1,
    })?;
    let mut found = read(store, &claim).await?;
    let compares = [RelationType::Repeats, RelationType::Contradicts];
    if compares.iter().any(|one| list.types.contains(one)) {
        found.extend(elsewhere(store, matcher, &claim).await?);
    }
    found.retain(|(position, tie)| {
        let ahead = list
            .after
            .is_none_or(|after| position.order() > after.order());
        ahead && list.types.contains(&tie.relation())
    });
    found.sort_by_key(|(position, _)| position.order());
    let more = found.len() > list.size;
    found.truncate(list.size);
    let next = found.last().filter(|_| more).map(|(position, _)| *position);
    let ties: Vec<Tie> = found.into_iter().map(|(_, tie)| tie).collect();
    let ids: Vec<ClaimId> = ties.iter().map(|tie| tie.other(claim.id)).collect();
    Ok(RelatedPage {
        others: store.claims(&ids).await?,
        claim,
        ties,
        next,
    })
}

/// The relations extracted from the claim's own article.
async fn read(store: &Store, claim: &Claim) -> Result<Vec<(RelatedPosition, Tie)>, ServiceError> {
    let relations = store.relations_of(claim.id).await?;
    let ties: Vec<Tie> = relations.into_iter().map(Tie::Read).collect();
    let ids: Vec<ClaimId> = ties.iter().map(|tie| tie.other(claim.id)).collect();
    let others = store.claims(&ids).await?;
    let ordinals: HashMap<ClaimId, i32> = others
        .iter()
        .map(|claim| (claim.id, claim.ordinal))
        .collect();
    let positioned = ties.into_iter().filter_map(|tie| {
        let ordinal = *ordinals.get(&tie.other(claim.id))?;
        // All are of one article, so any time will do.
        let article = ArticleCursor {
            sort_time: claim.create_time,
            id: claim.article,
        };
        Some((
            position(claim.id, &tie, ClaimCursor { article, ordinal }),
            tie,
        ))
    });
    Ok(positioned.collect())
}

/// The claims of other articles that repeat or contradict it.
async fn elsewhere(
    store: &Store,
    matcher: &Matcher,
    claim: &Claim,
) -> Result<Vec<(RelatedPosition, Tie)>, ServiceError> {
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
        let (standing, confidence) = one.standing?;
        let article = one.position.article;
        let (from, to) = if (article.sort_time, article.id) > own {
            (one.id, claim.id)
        } else {
            (claim.id, one.id)
        };
        let tie = Tie::Compared {
            from,
            to,
            standing,
            confidence,
        };
        Some((position(claim.id, &tie, one.position), tie))
    });
    Ok(ties.collect())
}

fn position(one: ClaimId, tie: &Tie, claim: ClaimCursor) -> RelatedPosition {
    RelatedPosition {
        claim,
        elsewhere: matches!(tie, Tie::Compared { .. }),
        inward: tie.ends().1 == one,
        relation: tie.relation(),
    }
}
