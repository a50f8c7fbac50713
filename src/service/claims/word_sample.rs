//! Word frequencies: a sample that is refreshed in the background while callers use the previous one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Mutex as AsyncMutex;

use super::content::text;
use crate::matching::{Bag, Collection};
use crate::service::ServiceError;
use crate::service::extraction::ExtractionPool;
use crate::store::{Store, WordShares};

/// The age at which a sample is replaced.
const OLD: Duration = Duration::from_mins(1);

/// Word frequencies.
#[derive(Debug)]
pub(super) struct WordSample {
    /// Among the newest claims, for comparing texts.
    pub collection: Collection,
    /// In a sample of all claims, for looking claims up.
    pub shares: WordShares,
    taken: Instant,
}

/// The newest sample.
#[derive(Debug, Clone)]
pub(super) struct WordSampler {
    pool: ExtractionPool,
    newest: Arc<Mutex<Option<Arc<WordSample>>>>,
    /// Held while a sample is being taken.
    taking: Arc<AsyncMutex<()>>,
}

impl WordSampler {
    /// Creates a sampler that counts words in `pool`.
    pub(super) fn new(pool: ExtractionPool) -> Self {
        Self {
            pool,
            newest: Arc::default(),
            taking: Arc::default(),
        }
    }

    /// Returns the newest sample. The first caller waits until one is taken; later callers never wait.
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

    /// Takes a new sample in the background, unless one is already being taken.
    fn renew(&self, store: &Store) {
        let Ok(taking) = Arc::clone(&self.taking).try_lock_owned() else {
            return;
        };
        let (own, store) = (self.clone(), store.clone());
        tokio::spawn(async move {
            if let Err(error) = own.take(&store).await {
                tracing::warn!(%error, "could not refresh the word frequencies");
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
