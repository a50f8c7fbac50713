//! Relations between the claims of one article.

use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::{ArticleId, ClaimId, Passage, Relation, StoredRelation};
use crate::store::db::{Store, StoreError, all, parse};

// Two extracted claims may match one reviewed claim, which then has the relation once.
const INSERT: &str = "INSERT INTO claim_relations (from_id, to_id, kind, evidence, confidence) \
     SELECT u.from_id, u.to_id, u.kind, u.evidence, u.confidence \
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::jsonb[], $5::real[]) \
       AS u (from_id, to_id, kind, evidence, confidence) \
     WHERE u.from_id <> u.to_id ON CONFLICT DO NOTHING";

const DELETE: &str =
    "DELETE FROM claim_relations r USING claims c WHERE c.article_id = $1 AND r.from_id = c.id";

const OF_CLAIM: &str = "SELECT r.from_id, r.to_id, r.kind, r.evidence, r.confidence FROM claim_relations r \
       WHERE r.from_id = $1 \
     UNION ALL SELECT r.from_id, r.to_id, r.kind, r.evidence, r.confidence FROM claim_relations r \
       WHERE r.to_id = $1";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("claims::relations::INSERT", INSERT),
    ("claims::relations::DELETE", DELETE),
    ("claims::relations::OF_CLAIM", OF_CLAIM),
];

/// Inserts the relations extracted from `text`; `ids` are the stored claims of the extraction.
pub(in crate::store) async fn insert_relations(
    tx: &mut PgConnection,
    text: &str,
    relations: &[Relation],
    ids: &[Uuid],
) -> Result<(), StoreError> {
    if relations.is_empty() {
        return Ok(());
    }
    let evidence = |relation: &Relation| {
        let spans = relation.evidence.iter();
        Json(spans.map(|span| Passage::of(text, *span)).collect())
    };
    sqlx::query(INSERT)
        .bind(column(relations, |relation| ids[relation.from]))
        .bind(column(relations, |relation| ids[relation.to]))
        .bind(column(relations, |relation| relation.kind.to_string()))
        .bind(column::<Json<Vec<Passage>>>(relations, evidence))
        .bind(column(relations, |relation| relation.confidence))
        .execute(tx)
        .await?;
    Ok(())
}

/// Replaces an article's relations with the newly extracted ones.
pub(in crate::store) async fn replace_relations(
    tx: &mut PgConnection,
    article_id: ArticleId,
    text: &str,
    relations: &[Relation],
    ids: &[Uuid],
) -> Result<(), StoreError> {
    sqlx::query(DELETE)
        .bind(article_id.0)
        .execute(&mut *tx)
        .await?;
    insert_relations(tx, text, relations, ids).await
}

fn column<T>(relations: &[Relation], value: impl Fn(&Relation) -> T) -> Vec<T> {
    relations.iter().map(value).collect()
}

impl Store {
    /// Returns the stored relations of a claim to others of its article, in either direction and no particular order.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn relations_of(&self, id: ClaimId) -> Result<Vec<StoredRelation>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(OF_CLAIM)
            .bind(id.0)
            .fetch_all(&self.planned_once)
            .await?;
        all(rows)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    from_id: Uuid,
    to_id: Uuid,
    kind: String,
    evidence: Json<Vec<Passage>>,
    confidence: f32,
}

impl TryFrom<Row> for StoredRelation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            from: ClaimId(row.from_id),
            to: ClaimId(row.to_id),
            kind: parse("kind", &row.kind)?,
            evidence: row.evidence.0,
            confidence: row.confidence,
        })
    }
}
