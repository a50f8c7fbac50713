//! Which claims say the same.
//!
//! Claims are looked at one by one after they were stored, by one server at a time. Whoever says the same as the claim that
//! founded a proposition belongs to it: what is like a member, but not like the founder, does not.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::claims::{ClaimRow, claim_columns};
use super::page::{one_more, take_page};
use super::rows::all;
use super::{Page, Store, StoreError};
use crate::domain::{Claim, ClaimId, Proposition, PropositionId};

/// Held by the server that settles claims.
const LOCK: &str = "SELECT pg_try_advisory_xact_lock(7226543210915)";

// The newest first: who waits for old claims to be settled does not hold up new ones.
const UNSETTLED: &str =
    "SELECT u.claim_id FROM unsettled_claims u ORDER BY u.claim_id DESC LIMIT $1";

const SETTLED: &str = "DELETE FROM unsettled_claims WHERE claim_id = ANY($1)";

// A proposition is told by the claim that founded it, or if that is gone by its oldest.
const OF_CLAIMS: &str = "SELECT s.proposition_id, (SELECT m.claim_id FROM claim_propositions m \
       WHERE m.proposition_id = s.proposition_id ORDER BY m.claim_id <> m.proposition_id, m.claim_id LIMIT 1) AS founder \
     FROM (SELECT DISTINCT p.proposition_id FROM claim_propositions p WHERE p.claim_id = ANY($1)) s";

const BELONGING: &str = "SELECT claim_id FROM claim_propositions WHERE claim_id = ANY($1)";

const JOIN: &str = "INSERT INTO claim_propositions (claim_id, proposition_id, sort_time) \
     SELECT c.id, $2, c.sort_time FROM claims c WHERE c.id = ANY($1) ORDER BY c.id \
     ON CONFLICT DO NOTHING";

// What a person rejected nobody said.
const GET: &str = "SELECT count(*) AS claims, count(DISTINCT coalesce(a.duplicate_of, a.id)) AS articles, \
       count(DISTINCT c.actor_id) AS actors, count(DISTINCT a.publisher) AS publishers, \
       (array_agg(c.id ORDER BY c.sort_time, c.id))[1] AS first, \
       (array_agg(c.id ORDER BY c.sort_time DESC, c.id DESC))[1] AS last, \
       min(c.sort_time) AS first_time, max(c.sort_time) AS last_time \
     FROM claim_propositions p JOIN claims c ON c.id = p.claim_id JOIN articles a ON a.id = c.article_id \
     WHERE p.proposition_id = $1 AND c.review_state <> 'REJECTED'";

const CLAIMS: &str = concat!(
    "SELECT ",
    claim_columns!(),
    " FROM claim_propositions m JOIN claims c ON c.id = m.claim_id \
     WHERE m.proposition_id = $1 AND ($2::timestamptz IS NULL OR (m.sort_time, m.claim_id) > ($2, $3::uuid)) \
     ORDER BY m.sort_time, m.claim_id LIMIT $4"
);

/// The statements of this file.
pub(super) const STATEMENTS: &[(&str, &str)] = &[
    ("propositions::LOCK", LOCK),
    ("propositions::UNSETTLED", UNSETTLED),
    ("propositions::SETTLED", SETTLED),
    ("propositions::OF_CLAIMS", OF_CLAIMS),
    ("propositions::BELONGING", BELONGING),
    ("propositions::JOIN", JOIN),
    ("propositions::GET", GET),
    ("propositions::CLAIMS", CLAIMS),
];

/// A place among the claims of a proposition, the earliest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppearancePlace {
    /// The time of the claim's article.
    pub time: DateTime<Utc>,
    /// Tells claims of one time apart.
    pub claim: ClaimId,
}

/// Claims to be settled, while no other server settles any.
#[derive(Debug)]
pub struct Unsettled {
    /// The claims. Some may be gone.
    pub claims: Vec<ClaimId>,
    tx: Transaction<'static, Postgres>,
}

impl Store {
    /// At most `most` claims to be settled, the newest first; `None` where there are none, or another server is at it.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn unsettled(&self, most: i64) -> Result<Option<Unsettled>, StoreError> {
        let mut tx = self.pool.begin().await?;
        let free: bool = sqlx::query_scalar(LOCK).fetch_one(&mut *tx).await?;
        if !free {
            return Ok(None);
        }
        let claims: Vec<Uuid> = sqlx::query_scalar(UNSETTLED)
            .bind(most)
            .fetch_all(&mut *tx)
            .await?;
        Ok((!claims.is_empty()).then(|| Unsettled {
            claims: claims.into_iter().map(ClaimId).collect(),
            tx,
        }))
    }

    /// What is known of a proposition; `None` where no claim says it.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn proposition(&self, id: PropositionId) -> Result<Option<Proposition>, StoreError> {
        let row: Row = sqlx::query_as(GET).bind(id.0).fetch_one(&self.pool).await?;
        Ok(row.proposition(id))
    }

    /// A page of at most `size` claims of a proposition after `after`, the earliest first.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn proposition_claims(
        &self,
        id: PropositionId,
        after: Option<AppearancePlace>,
        size: usize,
    ) -> Result<Page<Claim, AppearancePlace>, StoreError> {
        let rows = sqlx::query_as(CLAIMS)
            .bind(id.0)
            .bind(after.map(|place| place.time))
            .bind(after.map(|place| place.claim.0))
            .bind(one_more(size))
            .fetch(&self.pool);
        let page = take_page(rows, size, ClaimRow::bytes, ClaimRow::appearance).await?;
        Ok(Page {
            items: all(page.items)?,
            next: page.next,
        })
    }
}

impl Unsettled {
    /// The propositions of these claims, each with the claim that tells what it says.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn propositions_of(
        &mut self,
        claims: &[ClaimId],
    ) -> Result<HashMap<ClaimId, PropositionId>, StoreError> {
        let rows: Vec<(Uuid, Uuid)> = sqlx::query_as(OF_CLAIMS)
            .bind(ids(claims))
            .fetch_all(&mut *self.tx)
            .await?;
        let by_founder = rows.into_iter();
        Ok(by_founder
            .map(|(proposition, founder)| (ClaimId(founder), PropositionId(proposition)))
            .collect())
    }

    /// Those of these claims that belong to a proposition.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn belonging(&mut self, claims: &[ClaimId]) -> Result<Vec<ClaimId>, StoreError> {
        let rows: Vec<Uuid> = sqlx::query_scalar(BELONGING)
            .bind(ids(claims))
            .fetch_all(&mut *self.tx)
            .await?;
        Ok(rows.into_iter().map(ClaimId).collect())
    }

    /// Has these claims belong to a proposition, those that belong to none.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn join(
        &mut self,
        claims: &[ClaimId],
        proposition: PropositionId,
    ) -> Result<(), StoreError> {
        sqlx::query(JOIN)
            .bind(ids(claims))
            .bind(proposition.0)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Ends the settling of these claims, whether they joined a proposition or not.
    ///
    /// # Errors
    /// As [`StoreError`] says; they are still to be settled then.
    pub async fn settle(mut self) -> Result<(), StoreError> {
        forget(&mut self.tx, &self.claims).await?;
        Ok(self.tx.commit().await?)
    }
}

async fn forget(tx: &mut PgConnection, claims: &[ClaimId]) -> Result<(), StoreError> {
    sqlx::query(SETTLED).bind(ids(claims)).execute(tx).await?;
    Ok(())
}

fn ids(claims: &[ClaimId]) -> Vec<Uuid> {
    claims.iter().map(|id| id.0).collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    claims: i64,
    articles: i64,
    actors: i64,
    publishers: i64,
    first: Option<Uuid>,
    last: Option<Uuid>,
    first_time: Option<DateTime<Utc>>,
    last_time: Option<DateTime<Utc>>,
}

impl Row {
    fn proposition(self, id: PropositionId) -> Option<Proposition> {
        Some(Proposition {
            id,
            first: ClaimId(self.first?),
            last: ClaimId(self.last?),
            first_time: self.first_time?,
            last_time: self.last_time?,
            claims: self.claims,
            articles: self.articles,
            actors: self.actors,
            publishers: self.publishers,
        })
    }
}
