//! The relations of a claim to other claims.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::content::text;
use super::matcher::Matcher;
use crate::domain::{Claim, ClaimId, RelationKind, StoredRelation};
use crate::matching::{DatedText, Depth, PairRelation};
use crate::service::ServiceError;
use crate::store::{ArticleCursor, ClaimCursor, ClaimFilter, Store};

/// How one claim relates to another, of the same article or of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RelationType {
    /// It says the same.
    Repeats,
    /// It responds to the other claim.
    RespondsTo,
    /// The two cannot both be true.
    Contradicts,
}

/// A relation of the queried claim.
#[derive(Debug, Clone)]
pub enum FoundRelation {
    /// To a claim of the same article, as extracted.
    Extracted(StoredRelation),
    /// To a claim of another article, found by comparison.
    Compared {
        /// The later claim.
        from: ClaimId,
        /// The earlier one.
        to: ClaimId,
        /// Whether it repeats or contradicts the earlier one.
        relation: PairRelation,
        /// The confidence of that judgement.
        confidence: f32,
    },
}

impl FoundRelation {
    /// The type of the relation.
    #[must_use]
    pub const fn relation_type(&self) -> RelationType {
        match self {
            Self::Extracted(relation) => match relation.kind {
                RelationKind::Repeats => RelationType::Repeats,
                RelationKind::RespondsTo => RelationType::RespondsTo,
            },
            Self::Compared {
                relation: PairRelation::Repeats,
                ..
            } => RelationType::Repeats,
            Self::Compared { .. } => RelationType::Contradicts,
        }
    }

    /// The two claims: from, to.
    #[must_use]
    pub const fn ends(&self) -> (ClaimId, ClaimId) {
        match self {
            Self::Extracted(relation) => (relation.from, relation.to),
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
    pub in_other_article: bool,
    /// Whether the relation points to the queried claim.
    pub incoming: bool,
    /// The relation.
    pub relation: RelationType,
}

impl RelatedPosition {
    fn order(&self) -> impl Ord + use<> {
        let article = self.claim.article;
        (
            self.in_other_article,
            Reverse((article.sort_time, article.id)),
            self.claim.ordinal,
            self.incoming,
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
    pub relations: Vec<FoundRelation>,
    /// The claims at their other ends, in no particular order; claims deleted in the meantime are left out.
    pub others: Vec<Claim>,
    /// Where the next page begins, if there is one.
    pub next: Option<RelatedPosition>,
}

/// Lists related claims.
///
/// # Errors
/// [`ServiceError::ClaimNotFound`], [`ServiceError::Store`], [`ServiceError::Lost`].
#[tracing::instrument(level = "debug", skip_all, fields(claim = %list.claim))]
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
        found.extend(in_other_articles(store, matcher, &claim).await?);
    }
    found.retain(|(position, relation)| {
        let ahead = list
            .after
            .is_none_or(|after| position.order() > after.order());
        ahead && list.types.contains(&relation.relation_type())
    });
    found.sort_by_key(|(position, _)| position.order());
    let more = found.len() > list.size;
    found.truncate(list.size);
    let next = found.last().filter(|_| more).map(|(position, _)| *position);
    let relations: Vec<FoundRelation> = found.into_iter().map(|(_, relation)| relation).collect();
    let ids: Vec<ClaimId> = relations
        .iter()
        .map(|relation| relation.other(claim.id))
        .collect();
    Ok(RelatedPage {
        others: store.claims(&ids).await?,
        claim,
        relations,
        next,
    })
}

/// The relations extracted from the claim's own article.
async fn read(
    store: &Store,
    claim: &Claim,
) -> Result<Vec<(RelatedPosition, FoundRelation)>, ServiceError> {
    let relations = store.relations_of(claim.id).await?;
    let relations: Vec<FoundRelation> = relations
        .into_iter()
        .map(FoundRelation::Extracted)
        .collect();
    let ids: Vec<ClaimId> = relations
        .iter()
        .map(|relation| relation.other(claim.id))
        .collect();
    let others = store.claims(&ids).await?;
    let ordinals: HashMap<ClaimId, i32> = others
        .iter()
        .map(|claim| (claim.id, claim.ordinal))
        .collect();
    let positioned = relations.into_iter().filter_map(|relation| {
        let ordinal = *ordinals.get(&relation.other(claim.id))?;
        // All are of one article, so any time will do.
        let article = ArticleCursor {
            sort_time: claim.create_time,
            id: claim.article,
        };
        Some((
            position(claim.id, &relation, ClaimCursor { article, ordinal }),
            relation,
        ))
    });
    Ok(positioned.collect())
}

/// The claims of other articles that repeat or contradict it.
async fn in_other_articles(
    store: &Store,
    matcher: &Matcher,
    claim: &Claim,
) -> Result<Vec<(RelatedPosition, FoundRelation)>, ServiceError> {
    let Some((published, sort_time)) = store.published(claim.article).await? else {
        return Ok(Vec::new());
    };
    let query = DatedText {
        text: text(&claim.content),
        published,
    };
    let filter = ClaimFilter::default();
    let excluded = Some(claim.article);
    let found = matcher.find(store, query, &filter, excluded, Depth::Meaning);
    let own = (sort_time, claim.article);
    let relations = found.await?.into_iter().filter_map(|one| {
        let (relation, confidence) = one.relation?;
        let article = one.position.article;
        let (from, to) = if (article.sort_time, article.id) > own {
            (one.id, claim.id)
        } else {
            (claim.id, one.id)
        };
        let relation = FoundRelation::Compared {
            from,
            to,
            relation,
            confidence,
        };
        Some((position(claim.id, &relation, one.position), relation))
    });
    Ok(relations.collect())
}

fn position(one: ClaimId, relation: &FoundRelation, claim: ClaimCursor) -> RelatedPosition {
    RelatedPosition {
        claim,
        in_other_article: matches!(relation, FoundRelation::Compared { .. }),
        incoming: relation.ends().1 == one,
        relation: relation.relation_type(),
    }
}
