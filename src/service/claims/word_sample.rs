//! How frequent words are: a sample that is taken anew while callers still use the one before.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Mutex as AsyncMutex;

use super::content::text;
use crate::matching::{Bag, Collection};
use crate::service::ServiceError;
use crate::service::extraction::ExtractionPool;
use crate::store::{Store, WordShares};

/// From this age on a sample is replaced.
const OLD: Duration = Duration::from_mins(1);

/// How frequent words are.
#[derive(Debug)]
pub(super) struct WordSample {
    /// By the newest claims, as texts are compared.
    pub collection: Collection,
    /// By a sample of all claims, as they are looked up.
    pub shares: WordShares,
    taken: Instant,
}

/// The newest sample.
#[derive(Debug, Clone)]
pub(super) struct WordSampler {
    pool: ExtractionPool,
    newest: Arc<Mutex<Option<Arc<WordSample>>>>,
    /// Held by whoever takes one.
    taking: Arc<AsyncMutex<()>>,
}

impl WordSampler {
    /// A sampler that counts words in `pool`.
    pub(super) fn new(pool: ExtractionPool) -> Self {
        Self {
            pool,
            newest: Arc::default(),
            taking: Arc::default(),
        }
    }

    /// The newest sample. The first caller waits until one is taken; later ones never do.
    pub(super) async fn get(&self, store: &Store) -> Result<Arc<WordSample>, ServiceError> {
        if let Some(sample) = self.newest() {
            if sample.taken.elapsed() >= OLD {
                self.renew(store);
            }
            return Ok(sample);
        }
        let _taking = self.taking.lock().await;
        match self.newest() {
            Some(sample) => Ok(sample),
            None => self.take(store).await,
        }
    }

    /// Takes another sample in the background, unless somebody does.
    fn renew(&self, store: &Store) {
        let Ok(taking) = Arc::clone(&self.taking).try_lock_owned() else {
            return;
        };
        let (own, store) = (self.clone(), store.clone());
        tokio::spawn(async move {
            if let Err(error) = own.take(&store).await {
                tracing::warn!(%error, "how frequent words are was not counted again");
            }
            drop(taking);
        });
    }

    async fn take(&self, store: &Store) -> Result<Arc<WordSample>, ServiceError> {
        let taken = Instant::now();
        let shares = store.word_shares().await?;
        let contents = store.newest_contents().await?;
        let count = move || {
            let bags = contents.iter().map(|content| Bag::of(&text(content)));
            Collection::of(&bags.collect::<Vec<_>>())
        };
        let collection = self.pool.run(count).await?;
        let sample = Arc::new(WordSample {
            collection,
            shares,
            taken,
        });
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        *newest = Some(Arc::clone(&sample));
        Ok(sample)
    }

    fn newest(&self) -> Option<Arc<WordSample>> {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.clone()
    }
}
