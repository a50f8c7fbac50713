//! Finding out which claims say the same, after they were stored.

use std::collections::HashSet;
use std::convert::Infallible;
use std::time::{Duration, Instant};

use tonic::{Code, Status};

use super::Reader;
use super::matcher::{Matcher, text};
use crate::domain::{Claim, ClaimId, PropositionId, ReviewState};
use crate::matching::{Depth, ONE_PROPOSITION, Said, Standing, stands_alone};
use crate::store::{ClaimFilter, Store, Unsettled};

/// How many claims are settled in one transaction. Few: watchers hear of nothing that was written since it began.
const BATCH: i64 = 5;
/// How long to wait where there was nothing to do.
const IDLE: Duration = Duration::from_secs(1);
/// How long to wait after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Has claims that say the same belong to one proposition.
#[derive(Debug)]
pub struct Settler {
    matcher: Matcher,
    depth: Depth,
}

impl Settler {
    /// A settler that compares texts so deep, where `reader` reads them.
    #[must_use]
    pub fn new(reader: Reader, depth: Depth) -> Self {
        Self {
            matcher: Matcher::new(reader),
            depth,
        }
    }

    /// Settles claims as they come, for as long as it is polled. Works half of the time at most: callers come first.
    pub async fn run(self, store: Store) -> Infallible {
        loop {
            let start = Instant::now();
            let pause = match self.batch(&store).await {
                Ok(true) => start.elapsed(),
                Ok(false) => IDLE,
                Err(status) => {
                    tracing::warn!(%status, "claims that say the same were not looked for");
                    AFTER_FAILURE
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Settles some claims; false where there are none.
    async fn batch(&self, store: &Store) -> Result<bool, Status> {
        let Some(mut unsettled) = store.unsettled(BATCH).await? else {
            return Ok(false);
        };
        for id in unsettled.claims.clone() {
            match self.place(store, &mut unsettled, id).await {
                // It will not be quicker the next time.
                Err(status) if status.code() == Code::DeadlineExceeded => {
                    tracing::debug!(claim = %id, "a claim has too many that are like it");
                }
                outcome => outcome?,
            }
        }
        self.keep_embeddings(store, &unsettled.claims).await?;
        unsettled.settle().await?;
        Ok(true)
    }

    /// Has what these claims say be found by its meaning, where the database keeps vectors.
    async fn keep_embeddings(&self, store: &Store, ids: &[ClaimId]) -> Result<(), Status> {
        if !store.keeps_embeddings().await? {
            return Ok(());
        }
        let claims = store.claims(ids).await?;
        let texts = claims.iter().map(|claim| text(&claim.content)).collect();
        let embeddings = self.matcher.embed(texts).await?;
        let ids = claims.iter().map(|claim| claim.id);
        let kept: Vec<_> = ids.zip(embeddings).collect();
        Ok(store.keep_embeddings(&kept).await?)
    }

    /// Has a claim belong to the proposition that it says, if others say it too.
    async fn place(
        &self,
        store: &Store,
        unsettled: &mut Unsettled,
        id: ClaimId,
    ) -> Result<(), Status> {
        let Some(claim) = store.claims(&[id]).await?.pop() else {
            return Ok(());
        };
        let rejected = claim.review_state == ReviewState::Rejected;
        if rejected || !stands_alone(&text(&claim.content)) {
            return Ok(());
        }
        let alike = self.alike(store, &claim).await?;
        let belonging: HashSet<ClaimId> = unsettled
            .belonging(&[&alike[..], &[id]].concat())
            .await?
            .into_iter()
            .collect();
        if alike.is_empty() || belonging.contains(&id) {
            return Ok(());
        }
        let founders = unsettled.propositions_of(&alike).await?;
        let known = alike.iter().find_map(|one| founders.get(one));
        if let Some(proposition) = known {
            unsettled.join(&[id], *proposition).await?;
        } else if alike.iter().any(|one| !belonging.contains(one)) {
            let together = [&[id], &alike[..]].concat();
            unsettled.join(&together, PropositionId(id.0)).await?;
        }
        Ok(())
    }

    /// The claims that say the same, the likest first.
    async fn alike(&self, store: &Store, claim: &Claim) -> Result<Vec<ClaimId>, Status> {
        let Some((published, _)) = store.published(claim.article).await? else {
            return Ok(Vec::new());
        };
        let said = Said {
            text: text(&claim.content),
            published,
        };
        let all = ClaimFilter::default();
        let found = self.matcher.find(store, said, &all, None, self.depth);
        let same = found.await?.into_iter().filter(|one| {
            let repeats =
                matches!(one.standing, Some((Standing::Repeats, near)) if near >= ONE_PROPOSITION);
            repeats && one.id != claim.id
        });
        Ok(same.map(|one| one.id).collect())
    }
}
