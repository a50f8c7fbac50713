//! Claims that say the same as a text, or the opposite: candidates from the store, compared where texts are read.

use std::collections::HashSet;

use tonic::Status;

use super::Reader;
use super::word_sample::WordSampler;
use crate::domain::{ArticleId, ClaimId, Passage};
use crate::matching::{Compared, Depth, Embedding, Said, Standing, compare, embed};
use crate::store::{Candidate, ClaimCursor, ClaimFilter, Store};

/// Compares texts with stored claims.
#[derive(Debug)]
pub(super) struct Matcher {
    reader: Reader,
    sampler: WordSampler,
}

/// A stored claim that was compared with a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matched {
    /// The claim.
    pub id: ClaimId,
    /// Its place in time.
    pub place: ClaimCursor,
    /// The article that its article copies, or else its article.
    pub original: ArticleId,
    /// How like the text it is.
    pub score: f32,
    /// How it stands to the text, and how near the two are.
    pub standing: Option<(Standing, f32)>,
}

impl Matcher {
    /// A matcher that compares texts where `reader` reads them.
    pub(super) fn new(reader: Reader) -> Self {
        Self {
            sampler: WordSampler::new(reader.clone()),
            reader,
        }
    }

    /// The claims that are compared with what was said, the likest first, but for those of the article `besides`.
    pub(super) async fn find(
        &self,
        store: &Store,
        said: Said,
        filter: &ClaimFilter,
        besides: Option<ArticleId>,
        depth: Depth,
    ) -> Result<Vec<Matched>, Status> {
        let sample = self.sampler.get(store).await?;
        let Some(words) = store.match_words(&said.text, &sample.shares).await? else {
            return Ok(Vec::new());
        };
        let mut candidates = match depth {
            Depth::Words => Vec::new(),
            Depth::Meaning => self.near(store, &said, filter, besides).await?,
        };
        let near = candidates.len();
        let known: HashSet<ClaimId> = candidates.iter().map(|one| one.id).collect();
        let by_words = store.match_candidates(&words, filter, besides).await?;
        candidates.extend(by_words.into_iter().filter(|one| !known.contains(&one.id)));
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        let work = move || {
            let texts: Vec<Said> = candidates.iter().map(said_in).collect();
            let compared = compare(&said, &texts, near, &sample.collection, depth).into_iter();
            compared.map(|one| matched(&candidates, one)).collect()
        };
        self.reader.run(work).await
    }

    /// How these claims stand to what was said, the likest first. By meaning the first 50 are compared.
    pub(super) async fn compare(
        &self,
        store: &Store,
        said: Said,
        claims: Vec<(ClaimId, Said)>,
        depth: Depth,
    ) -> Result<Vec<(ClaimId, Option<(Standing, f32)>)>, Status> {
        let sample = self.sampler.get(store).await?;
        let work = move || {
            let (ids, texts): (Vec<ClaimId>, Vec<Said>) = claims.into_iter().unzip();
            let compared = compare(&said, &texts, texts.len(), &sample.collection, depth);
            let compared = compared.into_iter();
            compared.map(|one| (ids[one.index], one.standing)).collect()
        };
        self.reader.run(work).await
    }

    /// The claims whose vectors are near, where the database keeps vectors.
    async fn near(
        &self,
        store: &Store,
        said: &Said,
        filter: &ClaimFilter,
        besides: Option<ArticleId>,
    ) -> Result<Vec<Candidate>, Status> {
        if !store.keeps_embeddings().await? {
            return Ok(Vec::new());
        }
        let embeddings = self.embed(vec![said.text.clone()]).await?;
        let nearest = store.nearest_candidates(&embeddings[0], filter, besides);
        Ok(nearest.await?)
    }

    /// The vectors of texts.
    pub(super) async fn embed(&self, texts: Vec<String>) -> Result<Vec<Embedding>, Status> {
        self.reader.run(move || embed(&texts)).await
    }
}

fn matched(candidates: &[Candidate], compared: Compared) -> Matched {
    let candidate = &candidates[compared.index];
    Matched {
        id: candidate.id,
        place: candidate.place,
        original: candidate.original,
        score: compared.score,
        standing: compared.standing,
    }
}

fn said_in(candidate: &Candidate) -> Said {
    Said {
        text: text(&candidate.content),
        published: candidate.published,
    }
}

/// The words of a content that may come in several pieces.
pub(super) fn text(content: &[Passage]) -> String {
    let pieces: Vec<&str> = content.iter().map(|passage| &*passage.text).collect();
    pieces.join(" … ")
}
