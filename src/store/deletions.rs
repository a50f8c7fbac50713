//! What was deleted for good: who had it deleted, when and why.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::db::{Store, StoreError};
use super::write_requests::Outcome;
use crate::domain::{ActorId, ArticleId, Deletion};

const GET: &str =
    "SELECT claim_count, requested_by, caller, reason, delete_time FROM deletions WHERE id = $1";

const INSERT: &str = "INSERT INTO deletions (id, kind, claim_count, requested_by, caller, reason) \
     VALUES ($1, $2, $3, $4, $5, $6) \
     RETURNING claim_count, requested_by, caller, reason, delete_time";

// Done last: transactions that add entries to the audit log wait for each other from there on.
const AUDIT: &str = "SELECT audit_deletion($1, $2, $3, jsonb_build_object( \
       'action', 'DELETE_' || $4, 'resource', $5::text, 'caller', $6::text, 'requested_by', $7::text, \
       'reason', $8::text, 'claim_count', $9::bigint))";

const DELETE_REVIEWS: &str = "DELETE FROM claim_reviews WHERE claim_id = ANY($1)";

const DELETE_UNSETTLED: &str = "DELETE FROM unsettled_claims WHERE claim_id = ANY($1)";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("deletions::GET", GET),
    ("deletions::INSERT", INSERT),
    ("deletions::AUDIT", AUDIT),
    ("deletions::DELETE_REVIEWS", DELETE_REVIEWS),
    ("deletions::DELETE_UNSETTLED", DELETE_UNSETTLED),
];

/// A request to delete something for good.
#[derive(Debug, Clone)]
pub struct Delete<Id> {
    /// What is to be deleted.
    pub id: Id,
    /// Who requested it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why.
    pub reason: String,
    /// If set, the version that it must still have.
    pub row_version: Option<i64>,
    /// Whether nothing is to be written: only whether it could be, and what would go with it.
    pub validate_only: bool,
}

/// The outcome of a deletion. Only the first writes anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deleted {
    /// It is deleted.
    Done(Deletion),
    /// It was deleted before.
    Before(Deletion),
    /// It was never there.
    NotFound,
    /// It does not have the expected version.
    OtherVersion,
}

/// Of which entries the audit log loses the words.
#[derive(Debug, Default)]
pub(super) struct Erased {
    /// Those about these resources: first the one that was deleted, then what it took along.
    pub resources: Vec<String>,
    /// Those about these, too, which stay,
    pub others: Vec<String>,
    /// where they hold one of these ids and names.
    pub words: Vec<String>,
}

impl Outcome for Deleted {
    type Made = ();

    fn made(&self) -> Option<()> {
        matches!(self, Self::Done(_) | Self::Before(_)).then_some(())
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    claim_count: i64,
    requested_by: String,
    caller: String,
    reason: String,
    delete_time: DateTime<Utc>,
}

impl From<Row> for Deletion {
    fn from(row: Row) -> Self {
        Self {
            claim_count: row.claim_count,
            requested_by: row.requested_by,
            caller: row.caller,
            reason: row.reason,
            time: row.delete_time,
        }
    }
}

impl Store {
    /// Returns how the article was deleted; `None` if it was not.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn article_deletion(&self, id: ArticleId) -> Result<Option<Deletion>, StoreError> {
        self.deletion(id.0).await
    }

    /// Returns how the actor was deleted; `None` if it was not.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn actor_deletion(&self, id: ActorId) -> Result<Option<Deletion>, StoreError> {
        self.deletion(id.0).await
    }

    async fn deletion(&self, id: Uuid) -> Result<Option<Deletion>, StoreError> {
        let mut connection = self.planned_once.acquire().await?;
        let deletion = deletion(&mut connection, id).await?;
        connection.release();
        Ok(deletion)
    }
}

/// Returns how something was deleted; `None` if it was not.
pub(super) async fn deletion(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<Option<Deletion>, StoreError> {
    let row: Option<Row> = sqlx::query_as(GET)
        .bind(id)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(Deletion::from))
}

/// Records a deletion.
pub(super) async fn insert_deletion<Id>(
    tx: &mut PgConnection,
    (id, kind): (Uuid, &str),
    delete: &Delete<Id>,
    claims: usize,
) -> Result<Deletion, StoreError> {
    let row: Row = sqlx::query_as(INSERT)
        .bind(id)
        .bind(kind)
        .bind(i64::try_from(claims).unwrap_or(i64::MAX))
        .bind(&delete.requested_by)
        .bind(&delete.caller)
        .bind(&delete.reason)
        .fetch_one(tx)
        .await?;
    Ok(row.into())
}

/// Deletes what people said of claims that are deleted, and that they wait for a proposition.
pub(super) async fn forget_claims(
    tx: &mut PgConnection,
    claims: &[Uuid],
) -> Result<(), StoreError> {
    for query in [sqlx::query(DELETE_REVIEWS), sqlx::query(DELETE_UNSETTLED)] {
        query.bind(claims).execute(&mut *tx).await?;
    }
    Ok(())
}

/// Erases what the audit log says of a resource that was deleted, and adds that it was. Done last: transactions that add
/// entries wait for each other from there on.
pub(super) async fn audit_deletion(
    tx: &mut PgConnection,
    erased: &Erased,
    kind: &str,
    deletion: &Deletion,
) -> Result<(), StoreError> {
    sqlx::query(AUDIT)
        .bind(&erased.resources)
        .bind(&erased.others)
        .bind(&erased.words)
        .bind(kind)
        .bind(erased.resources.first())
        .bind(&deletion.caller)
        .bind(&deletion.requested_by)
        .bind(&deletion.reason)
        .bind(deletion.claim_count)
        .execute(tx)
        .await?;
    Ok(())
}
