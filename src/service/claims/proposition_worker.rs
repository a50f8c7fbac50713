//! Assigning stored claims to propositions: which claims say the same.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use super::content::text;
use super::matcher::Matcher;
use crate::domain::{Claim, ClaimId, ReviewState};
use crate::matching::{Depth, Said, Standing, is_one_proposition, judge_version, stands_alone};
use crate::service::ServiceError;
use crate::service::extraction::ExtractionPool;
use crate::store::{Assignment, ClaimFilter, Same, Store, StoreError};

/// How many claims are taken at once: what is assigned well within a minute, for which other servers leave them alone.
const BATCH: i64 = 20;
/// How long to wait where there was nothing to do.
const IDLE: Duration = Duration::from_secs(1);
/// How long to wait after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Has claims that say the same belong to one proposition.
#[derive(Debug)]
pub struct PropositionWorker {
    matcher: Matcher,
    depth: Depth,
}

impl PropositionWorker {
    /// A worker that compares texts so deep, in `pool`.
    #[must_use]
    pub fn new(pool: ExtractionPool, depth: Depth) -> Self {
        Self {
            matcher: Matcher::new(pool),
            depth,
        }
    }

    /// Assigns claims to propositions as they come, for as long as it is polled. Works half of the time at most: callers come first.
    pub async fn run(self, store: Store) -> Infallible {
        while let Err(error) = store.reassign_older(judge_version()).await {
            tracing::warn!(%error, "what an older judge assigned was not looked for");
            tokio::time::sleep(AFTER_FAILURE).await;
        }
        loop {
            let start = Instant::now();
            let pause = match self.batch(&store).await {
                Ok(true) => start.elapsed(),
                Ok(false) => IDLE,
                Err(error) => {
                    tracing::warn!(%error, "claims that say the same were not looked for");
                    AFTER_FAILURE
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Assigns some claims; false where there are none.
    async fn batch(&self, store: &Store) -> Result<bool, ServiceError> {
        let ids = store.take_unassigned(BATCH).await?;
        let claims = store.claims(&ids).await?;
        self.keep_embeddings(store, &claims).await?;
        for id in &ids {
            let claim = claims.iter().find(|claim| claim.id == *id);
            match self.assign(store, *id, claim).await {
                Err(ServiceError::Store(StoreError::Timeout(_))) => {
                    tracing::debug!(claim = %id, "a claim took too long to be set beside others");
                    store.postpone(*id).await?;
                }
                outcome => outcome?,
            }
        }
        Ok(!ids.is_empty())
    }

    /// Assigns one claim. One that is gone is like none.
    async fn assign(
        &self,
        store: &Store,
        id: ClaimId,
        claim: Option<&Claim>,
    ) -> Result<(), ServiceError> {
        let mut assignment = Assignment {
            claim: id,
            judge: judge_version(),
            alike: Vec::new(),
            unlike: Vec::new(),
        };
        let said = match claim {
            Some(claim) if may_be_alike(claim) => said(store, claim).await?,
            _ => None,
        };
        if let Some(said) = said {
            assignment.alike = self.repeating(store, id, said.clone()).await?;
            let founders = store.assign_proposition(&assignment).await?;
            if founders.is_empty() {
                return Ok(());
            }
            let same = self.same(store, said, &founders).await?;
            assignment.unlike = founders;
            assignment
                .unlike
                .retain(|founder| !same.iter().any(|one| one.claim == *founder));
            assignment.alike.splice(0..0, same);
        }
        // Where another founder has come up meanwhile the claim is taken again.
        store.assign_proposition(&assignment).await?;
        Ok(())
    }

    /// Has what these claims say be found by its meaning, where the database keeps vectors.
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

    /// The claims that say the same, the likest first.
    async fn repeating(
        &self,
        store: &Store,
        id: ClaimId,
        said: Said,
    ) -> Result<Vec<Same>, ServiceError> {
        let all = ClaimFilter::default();
        let found = self.matcher.find(store, said, &all, None, self.depth);
        let found = found.await?.into_iter();
        let others = found.filter(|one| one.id != id);
        Ok(others
            .filter_map(|one| same(one.id, one.standing))
            .collect())
    }

    /// Those of these claims that say the same, the likest first.
    async fn same(
        &self,
        store: &Store,
        text: Said,
        claims: &[ClaimId],
    ) -> Result<Vec<Same>, ServiceError> {
        let mut others = Vec::new();
        for claim in store.claims(claims).await? {
            others.extend(said(store, &claim).await?.map(|said| (claim.id, said)));
        }
        let compared = self.matcher.compare(store, text, others, self.depth);
        let compared = compared.await?.into_iter();
        Ok(compared
            .filter_map(|(id, standing)| same(id, standing))
            .collect())
    }
}

/// A claim that stands so to another, if it is one proposition with it.
fn same(claim: ClaimId, standing: Option<(Standing, f32)>) -> Option<Same> {
    let (_, confidence) = standing.filter(|standing| is_one_proposition(Some(*standing)))?;
    Some(Same { claim, confidence })
}

/// False for a claim that says something else in every text, and for one that nobody is to have made.
fn may_be_alike(claim: &Claim) -> bool {
    claim.review_state != ReviewState::Rejected && stands_alone(&text(&claim.content))
}

/// What a claim says; `None` where it is gone meanwhile.
async fn said(store: &Store, claim: &Claim) -> Result<Option<Said>, ServiceError> {
    let published = store.published(claim.article).await?;
    Ok(published.map(|(published, _)| Said {
        text: text(&claim.content),
        published,
    }))
}
