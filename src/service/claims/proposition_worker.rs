//! Assigning stored claims to propositions: finding which claims say the same. On the way they are matched to the fact
//! checks that were there before them.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use super::content::text;
use super::fact_checks::{match_fact_checks, match_to_none};
use super::matcher::Matcher;
use crate::domain::{Claim, ClaimId, ReviewState};
use crate::matching::{
    DatedText, Depth, PairRelation, is_one_proposition, is_self_contained, judge_version,
};
use crate::service::ServiceError;
use crate::service::extraction::ExtractionPool;
use crate::store::{Assignment, ClaimFilter, SameClaim, Store, StoreError};

/// How many claims are taken at a time: few enough to assign well within the minute that they are leased from other
/// servers.
const BATCH: i64 = 20;
/// How long to wait when there is nothing to do.
const IDLE: Duration = Duration::from_secs(1);
/// How long a batch may take: far longer than it does, unless the connection was cut off without a word.
const BATCH_LIMIT: Duration = Duration::from_mins(5);
/// How long to wait after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Assigns claims that say the same to one proposition.
#[derive(Debug)]
pub struct PropositionWorker {
    matcher: Matcher,
    depth: Depth,
}

impl PropositionWorker {
    /// Creates a worker that compares texts in `pool` at the given depth.
    #[must_use]
    pub fn new(pool: ExtractionPool, depth: Depth) -> Self {
        Self {
            matcher: Matcher::new(pool),
            depth,
        }
    }

    /// Assigns claims to propositions as they arrive, for as long as it is polled. It works at most half of the time,
    /// so that calls have priority.
    pub async fn run(self, store: Store) -> Infallible {
        while let Err(error) = store.reassign_older(judge_version()).await {
            tracing::warn!(%error, "could not queue the assignments of older judges for reassignment");
            tokio::time::sleep(AFTER_FAILURE).await;
        }
        loop {
            let start = Instant::now();
            let pause = match tokio::time::timeout(BATCH_LIMIT, self.batch(&store)).await {
                Ok(Ok(true)) => start.elapsed(),
                Ok(Ok(false)) => IDLE,
                Ok(Err(ServiceError::Store(StoreError::Contention(error)))) => {
                    tracing::debug!(%error, "claims were changed or deleted while they were assigned");
                    start.elapsed()
                }
                Ok(Err(error)) => {
                    tracing::warn!(%error, "could not assign claims to propositions");
                    AFTER_FAILURE
                }
                Err(_) => {
                    tracing::warn!("assigning claims to propositions did not end: beginning anew");
                    IDLE
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Assigns a batch of claims; returns false if there are none.
    async fn batch(&self, store: &Store) -> Result<bool, ServiceError> {
        let ids = store.take_unassigned(BATCH).await?;
        let claims = store.claims(&ids).await?;
        self.keep_embeddings(store, &claims).await?;
        let checks = !claims.is_empty() && store.has_fact_checks().await?;
        for id in &ids {
            let claim = claims.iter().find(|claim| claim.id == *id);
            match self.assign(store, *id, claim, checks).await {
                Err(ServiceError::Store(StoreError::Timeout(_))) => {
                    tracing::debug!(claim = %id, "comparing a claim with others took too long");
                    store.postpone(*id).await?;
                }
                outcome => outcome?,
            }
        }
        Ok(!ids.is_empty())
    }

    /// Assigns one claim. A claim that no longer exists matches nothing. `checks` says whether there are fact checks that
    /// it may be matched to.
    async fn assign(
        &self,
        store: &Store,
        id: ClaimId,
        claim: Option<&Claim>,
        checks: bool,
    ) -> Result<(), ServiceError> {
        let mut assignment = Assignment {
            claim: id,
            judge: judge_version(),
            alike: Vec::new(),
            unlike: Vec::new(),
        };
        let content = match claim {
            Some(claim) if is_comparable(claim) => dated_text(store, claim).await?,
            _ => None,
        };
        match &content {
            Some(text) if checks => {
                match_fact_checks(store, &self.matcher, id, text.clone(), self.depth).await?;
            }
            None if checks => match_to_none(store, id).await?,
            _ => {}
        }
        if let Some(content) = content {
            assignment.alike = self.repeating(store, id, content.clone()).await?;
            let founders = store.assign_proposition(&assignment).await?;
            if founders.is_empty() {
                return Ok(());
            }
            let same = self.same(store, content, &founders).await?;
            assignment.unlike = founders;
            assignment
                .unlike
                .retain(|founder| !same.iter().any(|one| one.claim == *founder));
            assignment.alike.splice(0..0, same);
        }
        // If another founder has appeared in the meantime, the claim is taken again.
        store.assign_proposition(&assignment).await?;
        Ok(())
    }

    /// Stores the vectors of these claims, so that they can be found by meaning, where the database keeps vectors.
    async fn keep_embeddings(&self, store: &Store, claims: &[Claim]) -> Result<(), ServiceError> {
        if claims.is_empty() || !store.keeps_embeddings().await? {
            return Ok(());
        }
        let texts = claims.iter().map(|claim| text(&claim.content)).collect();
        let embeddings = self.matcher.embed(texts).await?;
        let ids = claims.iter().map(|claim| claim.id);
        let kept: Vec<_> = ids.zip(embeddings).collect();
        Ok(store.keep_embeddings(&kept).await?)
    }

    /// The claims that say the same, most similar first.
    async fn repeating(
        &self,
        store: &Store,
        id: ClaimId,
        content: DatedText,
    ) -> Result<Vec<SameClaim>, ServiceError> {
        let all = ClaimFilter::default();
        let found = self.matcher.find(store, content, &all, None, self.depth);
        let found = found.await?.into_iter();
        let others = found.filter(|one| one.id != id);
        Ok(others
            .filter_map(|one| same(one.id, one.relation))
            .collect())
    }

    /// Those of these claims that say the same, most similar first.
    async fn same(
        &self,
        store: &Store,
        text: DatedText,
        claims: &[ClaimId],
    ) -> Result<Vec<SameClaim>, ServiceError> {
        let mut others = Vec::new();
        for claim in store.claims(claims).await? {
            others.extend(
                dated_text(store, &claim)
                    .await?
                    .map(|content| (claim.id, content)),
            );
        }
        let compared = self.matcher.compare(store, text, others, self.depth);
        let compared = compared.await?.into_iter();
        Ok(compared
            .filter_map(|(id, relation)| same(id, relation))
            .collect())
    }
}

/// The claim as a match, if with this relation it belongs to the same proposition.
fn same(claim: ClaimId, relation: Option<(PairRelation, f32)>) -> Option<SameClaim> {
    let (_, confidence) = relation.filter(|relation| is_one_proposition(Some(*relation)))?;
    Some(SameClaim { claim, confidence })
}

/// False for a claim whose meaning depends on its context, and for a rejected one.
fn is_comparable(claim: &Claim) -> bool {
    claim.review_state != ReviewState::Rejected && is_self_contained(&text(&claim.content))
}

/// The content of a claim; `None` if it has been deleted in the meantime.
async fn dated_text(store: &Store, claim: &Claim) -> Result<Option<DatedText>, ServiceError> {
    let published = store.published(claim.article).await?;
    Ok(published.map(|(published, _)| DatedText {
        text: text(&claim.content),
        published,
    }))
}
