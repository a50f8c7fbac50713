//! Opening sessions for a pool, and testing those that were idle.

use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use crate::store::db::session::connect;

/// A connection that was idle for longer is tested before it is used. A database that was restarted or failed over
/// was away for longer, so a busy pool needs no test.
const UNTESTED: Duration = Duration::from_secs(1);
/// How long a tested connection may take to respond.
const TEST_TIMEOUT: Duration = Duration::from_secs(1);
/// A connection that was idle for longer is closed.
const IDLE_TIMEOUT: Duration = Duration::from_mins(5);
/// When a connection is replaced, give or take a fifth, so that those opened together are not all reopened together.
const MAX_LIFETIME: Duration = Duration::from_mins(30);
/// The pause after the first refused attempt to connect; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// How Postgres plans the statements of a session.
#[derive(Debug, Clone, Copy)]
pub(in crate::store::db) enum Plans {
    /// Every time, for what is asked for: lists have optional filters, and one plan would have to serve every
    /// combination of them.
    Custom,
    /// Once: for statements whose plan is the same whatever is asked for.
    Generic,
}

impl Plans {
    const fn settings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Custom => &[("plan_cache_mode", "force_custom_plan")],
            // Without knowing what is asked for, Postgres takes it for rare, and would rather sort it than read it in
            // the order of an index.
            Self::Generic => &[
                ("plan_cache_mode", "force_generic_plan"),
                ("enable_bitmapscan", "off"),
                ("enable_sort", "off"),
            ],
        }
    }
}

/// Where sessions of a pool lead to. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Target {
    connect: Arc<RwLock<Arc<PgConnectOptions>>>,
    plans: Plans,
}

impl Target {
    pub(super) fn new(connect: PgConnectOptions, plans: Plans) -> Self {
        let target = Self {
            connect: Arc::default(),
            plans,
        };
        target.set(connect);
        target
    }

    pub(super) fn get(&self) -> Arc<PgConnectOptions> {
        let connect = self.connect.read();
        Arc::clone(&connect.unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn set(&self, connect: PgConnectOptions) {
        let connect = connect.options(self.plans.settings().iter().copied());
        let mut current = self.connect.write().unwrap_or_else(PoisonError::into_inner);
        *current = Arc::new(connect);
    }
}

/// Opens and tests the sessions of one pool.
pub(super) struct Sessions {
    target: Target,
    /// Connections last used before this instant are taken for dead.
    suspected: Mutex<Option<Instant>>,
}

/// An open session.
pub(super) struct Session {
    pub connection: PgConnection,
    pub idle_since: Instant,
    /// When it is replaced.
    end: Instant,
}

impl Session {
    /// Whether it is due to be replaced.
    pub(super) fn is_old(&self) -> bool {
        Instant::now() >= self.end
    }

    /// Whether it may be kept although nobody uses it.
    pub(super) fn is_worth_keeping(&self) -> bool {
        self.idle_since.elapsed() < IDLE_TIMEOUT && !self.is_old()
    }

    /// Takes leave of Postgres, unless the connection is dead.
    pub(super) async fn close(self) {
        let _ = tokio::time::timeout(TEST_TIMEOUT, self.connection.close()).await;
    }
}

impl Sessions {
    pub(super) fn new(target: Target) -> Self {
        Self {
            target,
            suspected: Mutex::default(),
        }
    }

    async fn answers(&self, session: &mut Session) -> bool {
        let lock = || {
            self.suspected
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        let idle = session.idle_since.elapsed();
        if idle < UNTESTED {
            return true;
        }
        if lock().is_some_and(|since| idle >= since.elapsed()) {
            return false;
        }
        let answer = tokio::time::timeout(TEST_TIMEOUT, session.connection.ping()).await;
        if answer.is_err() {
            // Its neighbours were most likely cut off, too.
            *lock() = Some(Instant::now());
        }
        matches!(answer, Ok(Ok(())))
    }
}

impl Manager for Sessions {
    type Type = Session;
    type Error = sqlx::Error;

    /// Opens a session; tries again and again while Postgres is starting.
    async fn create(&self) -> sqlx::Result<Session> {
        let mut pause = FIRST_PAUSE;
        loop {
            match connect(&self.target.get()).await {
                Err(error) if is_starting(&error) => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                connection => {
                    let now = Instant::now();
                    return connection.map(|connection| Session {
                        connection,
                        idle_since: now,
                        end: now + MAX_LIFETIME.mul_f64(0.8 + fastrand::f64() * 0.4),
                    });
                }
            }
        }
    }

    async fn recycle(&self, session: &mut Session, _: &Metrics) -> RecycleResult<sqlx::Error> {
        if self.answers(session).await {
            return Ok(());
        }
        Err(RecycleError::message("dead"))
    }
}

/// Whether nobody listens yet, or Postgres says that it is about to be ready or has no connection left.
fn is_starting(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == ErrorKind::ConnectionRefused,
        sqlx::Error::Database(error) => error.is_transient_in_connect_phase(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use sqlx::postgres::PgConnectOptions;

    use super::{Plans, Target};

    #[test]
    fn sessions_keep_their_plans_when_their_address_changes() {
        for (plans, mode) in [
            (Plans::Custom, "plan_cache_mode=force_custom_plan"),
            (Plans::Generic, "plan_cache_mode=force_generic_plan"),
        ] {
            let target = Target::new(PgConnectOptions::new_without_pgpass(), plans);
            target.set(PgConnectOptions::new_without_pgpass().host("elsewhere.example"));
            let connect = target.get();
            assert_eq!(connect.get_host(), "elsewhere.example");
            assert!(connect.get_options().unwrap().contains(mode));
        }
    }
}
