//! Reading claims by id, and all claims of an article.

use sqlx::PgConnection;
use uuid::Uuid;

use super::filter::{ClaimFilter, Conditions};
use super::row::{ClaimRow, claim_columns};
use crate::domain::{ArticleId, Claim, ClaimId};
use crate::store::db::{Store, StoreError, all, whole_answer};

macro_rules! select_claims {
    () => {
        concat!("SELECT ", claim_columns!(), " FROM claims c ")
    };
}

// Keeps anybody from reviewing a claim between this read and the subsequent write.
const LOCK: &str = concat!(
    select_claims!(),
    "WHERE c.article_id = $1 ORDER BY c.ordinal FOR UPDATE OF c"
);

#[rustfmt::skip]
const GET_MANY: &str = concat!(
    select_claims!(),
    "WHERE c.id = ANY(", parameter!(actor), ")"
);

#[rustfmt::skip]
const GET_FITTING: &str = concat!(
    select_claims!(),
    "LEFT JOIN articles ar ON ar.id = c.article_id WHERE ",
    claim_conditions!("c.sort_time"),
    "AND c.id = ANY(", parameter!(1), ")"
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("claims::get::LOCK", LOCK),
    ("claims::get::GET_MANY", GET_MANY),
    ("claims::get::GET_FITTING", GET_FITTING),
];

/// Returns all claims of an article in text order, locked until the transaction ends.
pub(in crate::store) async fn lock_claims(
    tx: &mut PgConnection,
    article_id: ArticleId,
) -> Result<Vec<Claim>, StoreError> {
    let rows: Vec<ClaimRow> = sqlx::query_as(LOCK)
        .bind(article_id.0)
        .fetch_all(tx)
        .await?;
    all(rows)
}

impl Store {
    /// Returns the claims with these ids, in no particular order; unknown ids are left out.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::TooLarge`] if together they have too much text.
    pub async fn claims(&self, ids: &[ClaimId]) -> Result<Vec<Claim>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = sqlx::query_as(GET_MANY).bind(ids).fetch(&self.planned_once);
        all(whole_answer(rows, ClaimRow::bytes).await?)
    }

    /// Returns those of these claims that match the filter, in no particular order; unknown ids are left out.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::TooLarge`] if together they have too much text.
    pub async fn claims_that_fit(
        &self,
        ids: &[ClaimId],
        filter: &ClaimFilter,
    ) -> Result<Vec<Claim>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let mut connection = self.pool.acquire().await?;
        let conditions = Conditions::of(filter, &mut connection).await?;
        let rows = conditions.bind(sqlx::query_as(GET_FITTING)).bind(ids);
        let rows = whole_answer(rows.fetch(&mut *connection), ClaimRow::bytes).await?;
        connection.release();
        all(rows)
    }
}
