//! Finds claims that repeat or contradict a text: candidates come from the store and are compared on the threads of
//! the extraction pool.

use std::collections::HashSet;

use super::content::text;
use super::word_sample::WordSampler;
use crate::domain::{ArticleId, ClaimId};
use crate::matching::{Compared, DatedText, Depth, Embedding, PairRelation, compare, embed};
use crate::service::extraction::ExtractionPool;
use crate::service::{CallContext, ServiceError};
use crate::store::{Candidate, ClaimCursor, ClaimFilter, MatchWords, Store};

/// Compares texts with stored claims. Clones share one sample of words.
#[derive(Debug, Clone)]
pub struct Matcher {
    pool: ExtractionPool,
    sampler: WordSampler,
}

/// A stored claim that was compared with a text.
#[derive(Debug, Clone, Copy)]
pub struct Matched {
    /// The claim.
    pub id: ClaimId,
    /// Its position in time.
    pub position: ClaimCursor,
    /// The article that its article duplicates, or its own article.
    pub original: ArticleId,
    /// Its similarity to the text.
    pub score: f32,
    /// Whether it repeats or contradicts the text, and how close the two are.
    pub relation: Option<(PairRelation, f32)>,
}

impl Matcher {
    /// Creates a matcher that compares texts in `pool`.
    #[must_use]
    pub fn new(pool: ExtractionPool) -> Self {
        Self {
            sampler: WordSampler::new(pool.clone()),
            pool,
        }
    }

    /// The same matcher, working for a call; see [`ExtractionPool::for_call`].
    #[must_use]
    pub fn for_call(&self, call: CallContext) -> Self {
        Self {
            sampler: self.sampler.clone(),
            pool: self.pool.for_call(call),
        }
    }

    /// Finds claims to compare with what was said and ranks them, most similar first, excluding those of the article
    /// `excluded`.
    pub(super) async fn find(
        &self,
        store: &Store,
        query: DatedText,
        filter: &ClaimFilter,
        excluded: Option<ArticleId>,
        depth: Depth,
    ) -> Result<Vec<Matched>, ServiceError> {
        let sample = self.sampler.get(store).await?;
        let Some(words) = store.match_words(&query.text, &sample.shares).await? else {
            return Ok(Vec::new());
        };
        let mut candidates = match depth {
            Depth::Words => Vec::new(),
            Depth::Meaning => self.near(store, &query, filter, excluded).await?,
        };
        let near = candidates.len();
        let known: HashSet<ClaimId> = candidates.iter().map(|one| one.id).collect();
        let by_words = store.match_candidates(&words, filter, excluded).await?;
        candidates.extend(by_words.into_iter().filter(|one| !known.contains(&one.id)));
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        let work = move || {
            let texts: Vec<DatedText> = candidates.iter().map(text_of).collect();
            let compared = compare(&query, &texts, near, &sample.collection, depth).into_iter();
            compared.map(|one| matched(&candidates, one)).collect()
        };
        self.pool.run(work).await
    }

    /// The words by which candidates for a text are found; `None` if it has no distinctive ones.
    pub(super) async fn words(
        &self,
        store: &Store,
        text: &str,
    ) -> Result<Option<MatchWords>, ServiceError> {
        let sample = self.sampler.get(store).await?;
        Ok(store.match_words(text, &sample.shares).await?)
    }

    /// Judges these texts against what was said, most similar first. By meaning, only the first 50 are compared.
    pub(super) async fn compare<Id: Copy + Send + 'static>(
        &self,
        store: &Store,
        query: DatedText,
        texts: Vec<(Id, DatedText)>,
        depth: Depth,
    ) -> Result<Vec<(Id, Option<(PairRelation, f32)>)>, ServiceError> {
        let sample = self.sampler.get(store).await?;
        let work = move || {
            let (ids, texts): (Vec<Id>, Vec<DatedText>) = texts.into_iter().unzip();
            let compared = compare(&query, &texts, texts.len(), &sample.collection, depth);
            let compared = compared.into_iter();
            compared.map(|one| (ids[one.index], one.relation)).collect()
        };
        self.pool.run(work).await
    }

    /// The claims whose vectors are nearest, where the database keeps vectors.
    async fn near(
        &self,
        store: &Store,
        query: &DatedText,
        filter: &ClaimFilter,
        excluded: Option<ArticleId>,
    ) -> Result<Vec<Candidate>, ServiceError> {
        if !store.keeps_embeddings().await? {
            return Ok(Vec::new());
        }
        let embeddings = self.embed(vec![query.text.clone()]).await?;
        let nearest = store.nearest_candidates(&embeddings[0], filter, excluded);
        Ok(nearest.await?)
    }

    /// Embeds texts.
    pub(super) async fn embed(&self, texts: Vec<String>) -> Result<Vec<Embedding>, ServiceError> {
        self.pool.run(move || embed(&texts)).await
    }
}

fn matched(candidates: &[Candidate], compared: Compared) -> Matched {
    let candidate = &candidates[compared.index];
    Matched {
        id: candidate.id,
        position: candidate.position,
        original: candidate.original,
        score: compared.score,
        relation: compared.relation,
    }
}

fn text_of(candidate: &Candidate) -> DatedText {
    DatedText {
        text: text(&candidate.content),
        published: candidate.published,
    }
}
