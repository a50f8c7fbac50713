use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt, TryFutureExt, TryStreamExt, stream};
use log::LevelFilter;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{
    PgConnectOptions, PgPoolOptions, PgQueryResult, PgRow, PgStatement, PgTypeInfo,
};
use sqlx::{
    Connection, Describe, Either, Execute, Executor, PgPool, Postgres, SqlStr, Transaction,
};

use super::options::PoolOptions;
use super::refusal::Refusal;
use super::session::end_abandoned;

/// A connection that was idle for longer is tested before it is used. A database that was restarted or failed over
/// was away for longer, so a busy pool needs no test.
const UNTESTED: Duration = Duration::from_secs(1);
/// How long a tested connection may take to respond.
const TEST_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a connection may take to become ready after use. It is still busy where the caller went away in the
/// middle of a statement: it is then closed, whereupon Postgres ends the statement.
const SETTLE_TIMEOUT: Duration = Duration::from_millis(500);
/// When idle connections are closed, and when all are; the latter spread, so that they are not all reopened at once.
const IDLE_TIMEOUT: Duration = Duration::from_mins(5);
const MAX_LIFETIME: Duration = Duration::from_mins(30);

/// Connections to Postgres for one purpose. Clones share them.
#[derive(Clone)]
pub(in crate::store) struct Pool(Arc<Shared>);

struct Shared {
    options: PgPoolOptions,
    /// Replaced as a whole when its connections were cut off.
    current: RwLock<PgPool>,
    refusal: Arc<Refusal>,
}

/// The address holds the password.
impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("size", &self.current().size())
            .finish_non_exhaustive()
    }
}

impl Pool {
    /// Creates a pool of at most so many connections, none of which is opened yet.
    pub(super) fn new(
        connect: PgConnectOptions,
        pool: &PoolOptions,
        max_connections: u32,
        refusal: Arc<Refusal>,
    ) -> Self {
        let options = tested(PgPoolOptions::new())
            .max_connections(max_connections)
            .acquire_timeout(pool.acquire_timeout)
            // What `telemetry` makes a metric of.
            .acquire_time_level(LevelFilter::Trace)
            .idle_timeout(IDLE_TIMEOUT)
            .max_lifetime(MAX_LIFETIME.mul_f64(0.8 + fastrand::f64() * 0.4))
            .after_connect(|connection, _| end_abandoned(connection).boxed());
        let current = RwLock::new(options.clone().connect_lazy_with(connect));
        Self(Arc::new(Shared {
            options,
            current,
            refusal,
        }))
    }

    /// Waits for a connection.
    pub(in crate::store) async fn acquire(&self) -> sqlx::Result<PoolConnection<Postgres>> {
        let pool = self.current();
        self.ask(&pool)?;
        pool.acquire()
            .await
            .inspect_err(|error| self.0.refusal.note(error))
    }

    /// Begins a transaction.
    pub(in crate::store) async fn begin(&self) -> sqlx::Result<Transaction<'static, Postgres>> {
        self.begin_with("BEGIN").await
    }

    /// Begins a transaction with this statement.
    pub(in crate::store) async fn begin_with(
        &self,
        statement: &'static str,
    ) -> sqlx::Result<Transaction<'static, Postgres>> {
        let mut attempts_left = self.0.options.get_max_connections();
        loop {
            let pool = self.current();
            self.ask(&pool)?;
            match pool.begin_with(statement).await {
                Err(error) if is_dead(&error) && attempts_left > 0 => attempts_left -= 1,
                begun => return begun.inspect_err(|error| self.0.refusal.note(error)),
            }
        }
    }

    /// Where new connections lead to.
    pub(in crate::store) fn connect_options(&self) -> Arc<PgConnectOptions> {
        self.current().connect_options()
    }

    /// Has new connections lead there.
    pub(super) fn set_connect_options(&self, connect: PgConnectOptions) {
        self.current().set_connect_options(connect);
    }

    /// Starts anew: every connection so far is closed, as soon as it is no longer in use.
    pub(super) fn renew(&self) {
        let old = {
            let mut current = self
                .0
                .current
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            let connect = current.connect_options().as_ref().clone();
            let fresh = self.0.options.clone().connect_lazy_with(connect);
            std::mem::replace(&mut *current, fresh)
        };
        tokio::spawn(async move { old.close().await });
    }

    /// Updates the metrics of these connections.
    pub(super) fn count(&self, name: &'static str) {
        let pool = self.current();
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
        let states = [("idle", idle), ("in_use", pool.size().saturating_sub(idle))];
        for (state, count) in states {
            metrics::gauge!("onrecord_database_connections", "pool" => name, "state" => state)
                .set(count);
        }
        let most = pool.options().get_max_connections();
        metrics::gauge!("onrecord_database_connections_max", "pool" => name).set(most);
    }

    pub(super) async fn close(&self) {
        self.current().close().await;
    }

    fn current(&self) -> PgPool {
        let current = self.0.current.read();
        current.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Refuses to open a connection right after Postgres has refused one.
    fn ask(&self, pool: &PgPool) -> sqlx::Result<()> {
        if pool.num_idle() == 0 {
            return self.0.refusal.ask();
        }
        Ok(())
    }
}

/// Whether a connection turned out to be dead, as one does that was in use a moment before Postgres was restarted. Where
/// nothing has been done with it yet, another one does as well.
fn is_dead(error: &sqlx::Error) -> bool {
    use std::io::ErrorKind;
    match error {
        // The pool was replaced.
        sqlx::Error::PoolClosed => true,
        sqlx::Error::Io(error) => matches!(
            error.kind(),
            ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof
        ),
        // admin_shutdown, crash_shutdown
        sqlx::Error::Database(error) => matches!(error.code().as_deref(), Some("57P01" | "57P02")),
        _ => false,
    }
}

/// Adds the tests of connections before and after use.
fn tested(options: PgPoolOptions) -> PgPoolOptions {
    // Connections last used before this instant are taken for dead.
    let suspected: Arc<Mutex<Option<Instant>>> = Arc::default();
    options
        .test_before_acquire(false)
        .before_acquire(move |connection, about| {
            let suspected = Arc::clone(&suspected);
            async move {
                if about.idle_for < UNTESTED {
                    return Ok(true);
                }
                let lock = || suspected.lock().unwrap_or_else(PoisonError::into_inner);
                if lock().is_some_and(|since| about.idle_for >= since.elapsed()) {
                    return Ok(false);
                }
                let answer = tokio::time::timeout(TEST_TIMEOUT, connection.ping()).await;
                if answer.is_err() {
                    // Its neighbours were most likely cut off, too.
                    *lock() = Some(Instant::now());
                }
                Ok(matches!(answer, Ok(Ok(()))))
            }
            .boxed()
        })
        .after_release(|connection, _| {
            async move {
                let ready = tokio::time::timeout(SETTLE_TIMEOUT, connection.ping()).await;
                Ok(matches!(ready, Ok(Ok(()))))
            }
            .boxed()
        })
}

impl<'p> Executor<'p> for &'_ Pool {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, sqlx::Result<Either<PgQueryResult, PgRow>>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let (pool, refusal) = (self.current(), Arc::clone(&self.0.refusal));
        if let Err(error) = self.ask(&pool) {
            return stream::once(std::future::ready(Err(error))).boxed();
        }
        pool.fetch_many(query)
            .inspect_err(move |error| refusal.note(error))
            .boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, sqlx::Result<Option<PgRow>>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let (pool, refusal) = (self.current(), Arc::clone(&self.0.refusal));
        if let Err(error) = self.ask(&pool) {
            return std::future::ready(Err(error)).boxed();
        }
        pool.fetch_optional(query)
            .inspect_err(move |error| refusal.note(error))
            .boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, sqlx::Result<PgStatement>>
    where
        'p: 'e,
    {
        self.current().prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, sqlx::Result<Describe<Postgres>>>
    where
        'p: 'e,
    {
        self.current().describe(sql)
    }
}
