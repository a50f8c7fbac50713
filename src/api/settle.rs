//! Finding out which claims say the same, after they were stored.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use tonic::{Code, Status};

use super::Reader;
use super::matcher::{Matcher, text};
use crate::domain::{Claim, ClaimId, ReviewState};
use crate::matching::{Depth, Said, is_one_proposition, stands_alone};
use crate::store::{ClaimFilter, Settled, Store};

/// How many claims are taken at once: what is settled well within a minute, for which other servers leave them alone.
const BATCH: i64 = 20;
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
        let ids = store.take_unsettled(BATCH).await?;
        let claims = store.claims(&ids).await?;
        self.keep_embeddings(store, &claims).await?;
        for id in &ids {
            // One that is gone is like none.
            let claim = claims.iter().find(|claim| claim.id == *id);
            let alike = match claim {
                Some(claim) => self.alike(store, claim).await?,
                None => Vec::new(),
            };
            store.settle(&Settled { claim: *id, alike }).await?;
        }
        Ok(!ids.is_empty())
    }

    /// Has what these claims say be found by its meaning, where the database keeps vectors.
    async fn keep_embeddings(&self, store: &Store, claims: &[Claim]) -> Result<(), Status> {
        if claims.is_empty() || !store.keeps_embeddings().await? {
            return Ok(());
        }
        let texts = claims.iter().map(|claim| text(&claim.content)).collect();
        let embeddings = self.matcher.embed(texts).await?;
        let ids = claims.iter().map(|claim| claim.id);
        let kept: Vec<_> = ids.zip(embeddings).collect();
        Ok(store.keep_embeddings(&kept).await?)
    }

    /// The claims that say the same, the likest first; none of a claim that says something else in every text.
    async fn alike(&self, store: &Store, claim: &Claim) -> Result<Vec<ClaimId>, Status> {
        let rejected = claim.review_state == ReviewState::Rejected;
        if rejected || !stands_alone(&text(&claim.content)) {
            return Ok(Vec::new());
        }
        match self.repeating(store, claim).await {
            // It will not be quicker the next time.
            Err(status) if status.code() == Code::DeadlineExceeded => {
                tracing::debug!(claim = %claim.id, "a claim has too many that are like it");
                Ok(Vec::new())
            }
            outcome => outcome,
        }
    }

    async fn repeating(&self, store: &Store, claim: &Claim) -> Result<Vec<ClaimId>, Status> {
        let Some((published, _)) = store.published(claim.article).await? else {
            return Ok(Vec::new());
        };
        let said = Said {
            text: text(&claim.content),
            published,
        };
        let all = ClaimFilter::default();
        let found = self.matcher.find(store, said, &all, None, self.depth);
        let found = found.await?.into_iter();
        let same = found.filter(|one| one.id != claim.id && is_one_proposition(one.standing));
        Ok(same.map(|one| one.id).collect())
    }
}
