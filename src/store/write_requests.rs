//! Writes that are made once however often they are sent, by the ids that their callers gave them, and writes that are
//! only tried.

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::postgres::PgArguments;
use sqlx::types::Json;
use sqlx::{PgConnection, Postgres, query::Query};

use super::db::{Store, StoreError};

/// What makes a request known when it is sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteRequest {
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// The RPC.
    pub method: &'static str,
    /// The id that the caller chose.
    pub id: String,
    /// SHA-256 of the request without its id.
    pub hash: [u8; 32],
}

// Waits for a concurrent transaction that is taking the same id.
const TAKE: &str = "INSERT INTO write_requests (caller, method, request_id, request_hash) VALUES ($1, $2, $3, $4) \
     ON CONFLICT DO NOTHING";

const FIND: &str = "SELECT request_hash, made FROM write_requests \
     WHERE caller = $1 AND method = $2 AND request_id = $3";

const NOTE: &str =
    "UPDATE write_requests SET made = $4 WHERE caller = $1 AND method = $2 AND request_id = $3";

const FORGET: &str =
    "DELETE FROM write_requests WHERE caller = $1 AND method = $2 AND request_id = $3";

const PRUNE: &str = "DELETE FROM write_requests WHERE (caller, method, request_id) IN ( \
       SELECT caller, method, request_id FROM write_requests WHERE create_time < now() - make_interval(secs => $1) \
       ORDER BY create_time LIMIT $2 FOR UPDATE SKIP LOCKED)";

const BEGIN_TRIAL: &str = "SAVEPOINT trial";

const END_TRIAL: &str = "ROLLBACK TO SAVEPOINT trial";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("write_requests::TAKE", TAKE),
    ("write_requests::FIND", FIND),
    ("write_requests::NOTE", NOTE),
    ("write_requests::FORGET", FORGET),
    ("write_requests::PRUNE", PRUNE),
    ("write_requests::BEGIN_TRIAL", BEGIN_TRIAL),
    ("write_requests::END_TRIAL", END_TRIAL),
];

/// How many ids are pruned per transaction.
const PRUNED_AT_ONCE: u64 = 10_000;

/// The outcome of a write.
pub(in crate::store) trait Outcome: Send {
    /// What the outcome can be found again by.
    type Made: Serialize + DeserializeOwned + Send + Sync;

    /// What was made, be it nothing new; `None` if the write was refused, which does not use up the id.
    fn made(&self) -> Option<Self::Made>;
}

/// The work of a write. If something was made for the same request before, it gets that, writes nothing, and returns the
/// outcome of then with what is stored now.
pub(in crate::store) type WorkOnce<I, T> = for<'c> fn(
    &'c mut PgConnection,
    &'c I,
    Option<<T as Outcome>::Made>,
) -> BoxFuture<'c, Result<T, StoreError>>;

/// How a write is carried out.
#[derive(Clone, Copy)]
pub(in crate::store) struct Terms<'a> {
    request: Option<&'a WriteRequest>,
    validate_only: bool,
}

impl<'a> Terms<'a> {
    /// Once for a request, or always if it has no id.
    pub(in crate::store) const fn once(request: Option<&'a WriteRequest>) -> Self {
        Self {
            request,
            validate_only: false,
        }
    }

    /// The same, or, with `validate_only`, not at all: what the work wrote is taken back, and no id is used up.
    pub(in crate::store) const fn or_trial(self, validate_only: bool) -> Self {
        Self {
            validate_only,
            ..self
        }
    }
}

/// A write, as one input of a transaction.
struct Call<'a, I, T: Outcome> {
    terms: Terms<'a>,
    input: &'a I,
    work: WorkOnce<I, T>,
}

impl Store {
    /// Runs `work` in one transaction as [`Store::run_tx`] does, at most once for a request. Of concurrent calls for the
    /// same request, one does the work while the others wait; if it fails, another does it.
    ///
    /// # Errors
    /// As `run_tx`; [`StoreError::RequestIdReused`] if the id was used for another request.
    pub(in crate::store) async fn run_once<I, T>(
        &self,
        name: &'static str,
        terms: Terms<'_>,
        input: &I,
        work: WorkOnce<I, T>,
    ) -> Result<T, StoreError>
    where
        I: Sync,
        T: Outcome,
    {
        let call = Call { terms, input, work };
        self.run_tx(name, &call, |tx, call| Box::pin(once(tx, call)))
            .await
    }

    /// Returns what was made for this request, if it was: to be asked before work that takes long.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`] if the id was used for another request.
    pub async fn made_before<M: DeserializeOwned>(
        &self,
        request: Option<&WriteRequest>,
    ) -> Result<Option<M>, StoreError> {
        let Some(request) = request else {
            return Ok(None);
        };
        let mut connection = self.planned_once.acquire().await?;
        let made = find(&mut connection, request).await?;
        connection.release();
        Ok(made)
    }

    /// Remembers that there was nothing to do for this request, and returns what was made for it: `nothing`, unless a
    /// concurrent call did something.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`] if the id was used for another request.
    pub async fn remember_nothing<M>(
        &self,
        request: Option<&WriteRequest>,
        nothing: M,
    ) -> Result<M, StoreError>
    where
        M: Serialize + DeserializeOwned + Clone + Send + Sync,
    {
        if request.is_none() {
            return Ok(nothing);
        }
        let terms = Terms::once(request);
        let Remembered(made) = self
            .run_once("remember_request", terms, &nothing, |_, nothing, made| {
                Box::pin(async move { Ok(Remembered(made.unwrap_or_else(|| nothing.clone()))) })
            })
            .await?;
        Ok(made)
    }

    /// Forgets the requests older than `age`: their ids may be used anew.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn prune_write_requests(&self, age: Duration) -> Result<(), StoreError> {
        let most = i64::try_from(PRUNED_AT_ONCE).unwrap_or(i64::MAX);
        let batch = (age.as_secs_f64(), most);
        let prune = || {
            self.run_tx("prune_requests", &batch, |tx, (age, most)| {
                Box::pin(async move {
                    let query = sqlx::query(PRUNE).bind(age).bind(most);
                    Ok(query.execute(tx).await?.rows_affected())
                })
            })
        };
        while prune().await? == PRUNED_AT_ONCE {}
        Ok(())
    }
}

/// What was made for a request that needs nothing more.
struct Remembered<M>(M);

impl<M> Outcome for Remembered<M>
where
    M: Serialize + DeserializeOwned + Clone + Send + Sync,
{
    type Made = M;

    fn made(&self) -> Option<M> {
        Some(self.0.clone())
    }
}

async fn once<I, T>(tx: &mut PgConnection, call: &Call<'_, I, T>) -> Result<T, StoreError>
where
    I: Sync,
    T: Outcome,
{
    let Call { terms, input, work } = call;
    if terms.validate_only {
        sqlx::query(BEGIN_TRIAL).execute(&mut *tx).await?;
        let outcome = work(tx, input, None).await?;
        sqlx::query(END_TRIAL).execute(tx).await?;
        return Ok(outcome);
    }
    let Some(request) = terms.request else {
        return work(tx, input, None).await;
    };
    if let Some(made) = take(tx, request).await? {
        return work(tx, input, Some(made)).await;
    }
    let outcome = work(tx, input, None).await?;
    match outcome.made() {
        Some(made) => note(tx, request, &made).await?,
        None => {
            by_id(sqlx::query(FORGET), request).execute(tx).await?;
        }
    }
    Ok(outcome)
}

/// Takes the id, or returns what was made for the same request.
async fn take<M: DeserializeOwned>(
    tx: &mut PgConnection,
    request: &WriteRequest,
) -> Result<Option<M>, StoreError> {
    let taken = by_id(sqlx::query(TAKE), request)
        .bind(request.hash.as_slice())
        .execute(&mut *tx)
        .await?;
    if taken.rows_affected() == 1 {
        return Ok(None);
    }
    // Where it was pruned in the meantime, the next attempt takes the id.
    let gone = || StoreError::Contention(sqlx::Error::RowNotFound);
    find(tx, request).await?.ok_or_else(gone).map(Some)
}

async fn find<M: DeserializeOwned>(
    connection: &mut PgConnection,
    request: &WriteRequest,
) -> Result<Option<M>, StoreError> {
    let found: Option<(Vec<u8>, Value)> = sqlx::query_as(FIND)
        .bind(&request.caller)
        .bind(request.method)
        .bind(&request.id)
        .fetch_optional(connection)
        .await?;
    let Some((hash, made)) = found else {
        return Ok(None);
    };
    if hash != request.hash {
        return Err(StoreError::RequestIdReused);
    }
    let value = made.to_string();
    let unreadable = |_| StoreError::Unreadable {
        column: "made",
        value,
    };
    serde_json::from_value(made).map(Some).map_err(unreadable)
}

/// Notes what was made, for when the request is sent again.
async fn note(
    tx: &mut PgConnection,
    request: &WriteRequest,
    made: &impl Serialize,
) -> Result<(), StoreError> {
    let unwritable = |error| StoreError::Internal(sqlx::Error::Encode(Box::new(error)));
    let made = serde_json::to_value(made).map_err(unwritable)?;
    // As it was inserted.
    if made != Value::Null {
        by_id(sqlx::query(NOTE), request)
            .bind(Json(made))
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// A statement on the row of a request.
fn by_id<'q>(
    statement: Query<'q, Postgres, PgArguments>,
    request: &'q WriteRequest,
) -> Query<'q, Postgres, PgArguments> {
    statement
        .bind(&request.caller)
        .bind(request.method)
        .bind(&request.id)
}
