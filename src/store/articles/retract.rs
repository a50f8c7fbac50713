//! Retracting articles that their publishers withdrew.

use sqlx::PgConnection;

use crate::domain::{ArticleId, ArticleState};
use crate::store::db::{Store, StoreError};
use crate::store::write_requests::{Outcome, Terms, WriteRequest};

/// An article to mark as retracted.
#[derive(Debug, Clone)]
pub struct Retract {
    /// The article.
    pub id: ArticleId,
    /// Who requested it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why.
    pub reason: String,
    /// If set, the version that the article must still have.
    pub row_version: Option<i64>,
}

/// The outcome of a retraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retracted {
    /// The article is retracted, now or already before.
    Done,
    /// The article does not exist.
    NotFound,
    /// The article does not have the expected version. Nothing was written.
    OtherVersion,
}

const LOCK: &str = "SELECT state, row_version FROM articles WHERE id = $1 FOR NO KEY UPDATE";

const RETRACT: &str = "UPDATE articles \
     SET state = 'RETRACTED', retracted_by = $2, retract_reason = $3, retract_caller = $4, retract_time = clock_timestamp(), \
         update_time = clock_timestamp(), row_version = row_version + 1 \
     WHERE id = $1";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("articles::retract::LOCK", LOCK),
    ("articles::retract::RETRACT", RETRACT),
];

impl Store {
    /// Marks an article as retracted, once for a request. One that already is stays as it is, whatever its version.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn retract_article(
        &self,
        retract: &Retract,
        request: Option<&WriteRequest>,
    ) -> Result<Retracted, StoreError> {
        let terms = Terms::once(request);
        self.run_once("retract_article", terms, retract, |tx, retract, before| {
            Box::pin(async move {
                match before {
                    Some(()) => Ok(Retracted::Done),
                    None => retract_one(tx, retract).await,
                }
            })
        })
        .await
    }
}

impl Outcome for Retracted {
    type Made = ();

    fn made(&self) -> Option<()> {
        (*self == Self::Done).then_some(())
    }
}

async fn retract_one(tx: &mut PgConnection, retract: &Retract) -> Result<Retracted, StoreError> {
    let locked: Option<(String, i64)> = sqlx::query_as(LOCK)
        .bind(retract.id.0)
        .fetch_optional(&mut *tx)
        .await?;
    let Some((state, row_version)) = locked else {
        return Ok(Retracted::NotFound);
    };
    if state == ArticleState::Retracted.to_string() {
        return Ok(Retracted::Done);
    }
    if retract
        .row_version
        .is_some_and(|wanted| wanted != row_version)
    {
        return Ok(Retracted::OtherVersion);
    }
    sqlx::query(RETRACT)
        .bind(retract.id.0)
        .bind(&retract.requested_by)
        .bind(&retract.reason)
        .bind(&retract.caller)
        .execute(tx)
        .await?;
    Ok(Retracted::Done)
}
