//! Vectors of claims' contents, stored if the database has the pgvector extension; without it, nothing is stored or
//! found.
//!
//! Whether it is installed is encapsulated by the SQL functions of migration 0024.

use uuid::Uuid;

use super::matches::{Candidate, Row};
use crate::domain::{ArticleId, ClaimId};
use crate::matching::{Embedding, embedding_version};
use crate::store::claims::{ClaimFilter, Conditions};
use crate::store::db::{Store, StoreError};

/// How many claims are found by meaning.
const NEAREST: i32 = 20;

const KEPT: &str = "SELECT keeps_embeddings()";

const KEEP: &str = "SELECT keep_embeddings($1, $2, $3)";

#[rustfmt::skip]
const FIND: &str = concat!(
    "SELECT s.id, s.article_id, s.ordinal, s.sort_time, s.content, p.publish_time, p.time_zone, p.duplicate_of \
     FROM (SELECT c.id, c.article_id, c.ordinal, c.sort_time, c.content \
           FROM nearest_claims(", parameter!(1), ", ", parameter!(2), ", ", parameter!(3), ") n JOIN claims c ON c.id = n.claim_id \
             LEFT JOIN articles ar ON ar.id = c.article_id WHERE ",
    claim_conditions!("c.sort_time"),
    "AND (", parameter!(review_state), " IS NOT NULL OR c.review_state <> 'REJECTED') \
     AND (", parameter!(4), "::uuid IS NULL OR c.article_id <> ", parameter!(4), ")) s \
       JOIN articles p ON p.id = s.article_id"
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("search::embeddings::KEPT", KEPT),
    ("search::embeddings::KEEP", KEEP),
    ("search::embeddings::FIND", FIND),
];

impl Store {
    /// Returns whether vectors of claims are stored.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keeps_embeddings(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(KEPT).fetch_one(&self.pool).await?)
    }

    /// Stores the vectors of these claims, replacing existing ones.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn keep_embeddings(
        &self,
        embeddings: &[(ClaimId, Embedding)],
    ) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = embeddings.iter().map(|(id, _)| id.0).collect();
        let vectors: Vec<String> = embeddings.iter().map(|(_, one)| written(one)).collect();
        // A claim that is being deleted makes it begin anew, without that claim.
        self.run_tx("keep_embeddings", &(ids, vectors), |tx, (ids, vectors)| {
            Box::pin(async move {
                let keep = sqlx::query(KEEP).bind(embedding_version());
                keep.bind(ids).bind(vectors).execute(tx).await?;
                Ok(())
            })
        })
        .await
    }

    /// Returns those of the 20 claims with the nearest vectors that match the filter, with the same exclusions as
    /// [`Store::match_candidates`], in no particular order.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn nearest_candidates(
        &self,
        embedding: &Embedding,
        filter: &ClaimFilter,
        excluded: Option<ArticleId>,
    ) -> Result<Vec<Candidate>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let conditions = Conditions::of(filter, &mut connection).await?;
        let rows: Vec<Row> = conditions
            .bind(sqlx::query_as(FIND))
            .bind(embedding_version())
            .bind(written(embedding))
            .bind(NEAREST)
            .bind(excluded.map(|article| article.0))
            .fetch_all(&mut *connection)
            .await?;
        connection.release();
        rows.into_iter().map(Row::candidate).collect()
    }
}

/// Formats a vector for pgvector.
fn written(embedding: &Embedding) -> String {
    let numbers: Vec<String> = embedding.iter().map(f32::to_string).collect();
    format!("[{}]", numbers.join(","))
}

#[cfg(test)]
mod tests {
    use super::written;
    use crate::matching::EMBEDDING_WIDTH;

    #[test]
    fn a_vector_is_written_as_a_list() {
        let mut embedding = [0.0; EMBEDDING_WIDTH];
        embedding[1] = -0.25;
        assert!(written(&embedding).starts_with("[0,-0.25,0,"));
    }
}
