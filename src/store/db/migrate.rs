//! Running the migrations.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, Migrator};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::error::StoreError;
use super::migrations::{LOCK_KEY, applied, index_of, left_invalid, migrator};
use super::session::connect;
use super::store::Store;

// Asked again and again instead of waited for: a session that waits holds a snapshot, and a concurrent build of an
// index waits for every snapshot.
const LOCK: &str = "SELECT pg_try_advisory_lock($1)";

/// A migration may rewrite a large table, so the timeouts for requests must not apply to it.
const NO_TIMEOUT: &str = "SELECT set_config('statement_timeout', '0', false), \
     set_config('lock_timeout', '0', false), set_config('idle_in_transaction_session_timeout', '0', false)";

const LOCK_TIMEOUT: &str = "SELECT set_config('lock_timeout', $1, false)";

// Enables vectors of claims from now on, if the extension is installed or can be.
const PREPARE_EMBEDDINGS: &str = "SELECT prepare_embeddings()";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("db::migrate::LOCK", LOCK),
    ("db::migrate::NO_TIMEOUT", NO_TIMEOUT),
    ("db::migrate::LOCK_TIMEOUT", LOCK_TIMEOUT),
    ("db::migrate::PREPARE_EMBEDDINGS", PREPARE_EMBEDDINGS),
];

/// How often the lock is asked for.
const POLL: Duration = Duration::from_millis(200);
/// How long a migration may wait for a lock of a table: every call that comes after it waits with it.
const TABLE_LOCK_TIMEOUT: &str = "3s";
/// How often a migration that did not get its lock is tried, and the pause before it is tried again.
const ATTEMPTS: u32 = 40;
const PAUSE: Duration = Duration::from_secs(2);

impl Store {
    /// Migrates the schema to this program's version; concurrent calls run one after the other. Indexes that an
    /// interrupted migration left half built are built again. Returns the migrations applied, by number and
    /// description.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] without a database, [`StoreError::Migrate`] if a migration fails; those before it
    /// stay applied.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        // Not from the pool, which hides why it cannot connect and would keep the settings.
        let mut connection = connect(&self.pool.connect_options()).await?;
        sqlx::query(NO_TIMEOUT).execute(&mut connection).await?;
        wait_for_others(&mut connection).await?;
        let migrator = migrator();
        let before = match applied(&mut connection).await {
            Err(StoreError::NotMigrated(_)) => Vec::new(),
            applied => applied?,
        };
        mend_indexes(&migrator, &before, &mut connection).await?;
        let pending = || {
            let all = migrator.iter();
            all.filter(|migration| !before.contains(&migration.version))
        };
        for migration in pending() {
            apply(&migrator, migration, &mut connection).await?;
        }
        // Also checks that the migrations applied earlier are those of this program.
        let run = migrator.run(&mut connection).await;
        run.map_err(StoreError::Migrate)?;
        let kept: bool = sqlx::query_scalar(PREPARE_EMBEDDINGS)
            .fetch_one(&mut connection)
            .await?;
        tracing::debug!(kept, "vectors of claims");
        // Releases the lock.
        connection.close().await?;
        Ok(pending()
            .map(|migration| format!("{:04} {}", migration.version, migration.description))
            .collect())
    }
}

/// Waits until no one else migrates, and keeps others waiting until the connection is closed.
async fn wait_for_others(connection: &mut PgConnection) -> Result<(), StoreError> {
    let mut told = false;
    loop {
        let locked: bool = sqlx::query_scalar(LOCK)
            .bind(LOCK_KEY)
            .fetch_one(&mut *connection)
            .await?;
        if locked {
            return Ok(());
        }
        if !told {
            tracing::info!("waiting for another migration");
            told = true;
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Drops the indexes that were left half built, and builds those again whose migrations count as applied: the others
/// are about to be.
async fn mend_indexes(
    migrator: &Migrator,
    applied: &[i64],
    connection: &mut PgConnection,
) -> Result<(), StoreError> {
    for name in left_invalid(connection).await? {
        tracing::info!("building the index {name} again, which was left half built");
        let drop = AssertSqlSafe(format!("DROP INDEX CONCURRENTLY IF EXISTS {name}"));
        connection.execute(drop).await?;
        let mut migrations = migrator.iter();
        let build = migrations.find(|migration| index_of(migration) == Some(&name));
        if let Some(build) = build.filter(|migration| applied.contains(&migration.version)) {
            connection.execute(build.sql.clone()).await?;
        }
    }
    Ok(())
}

/// Applies one migration, and tries again if it cannot get a lock.
async fn apply(
    migrator: &Migrator,
    migration: &Migration,
    connection: &mut PgConnection,
) -> Result<(), StoreError> {
    // What runs outside a transaction waits without keeping others from the table, and must not be broken off.
    let lock_timeout = if migration.no_tx {
        "0"
    } else {
        TABLE_LOCK_TIMEOUT
    };
    sqlx::query(LOCK_TIMEOUT)
        .bind(lock_timeout)
        .execute(&mut *connection)
        .await?;
    let mut attempt = 1;
    loop {
        match migrator.run_to(migration.version, &mut *connection).await {
            Err(error) if attempt < ATTEMPTS && is_blocked(&error) => {
                let number = migration.version;
                tracing::info!("migration {number:04} waits for a table that is in use");
                tokio::time::sleep(PAUSE).await;
                attempt += 1;
            }
            outcome => return outcome.map_err(StoreError::Migrate),
        }
    }
}

/// Whether a migration did not get a lock: lock_not_available, deadlock_detected.
fn is_blocked(error: &MigrateError) -> bool {
    let (MigrateError::ExecuteMigration(error, _) | MigrateError::Execute(error)) = error else {
        return false;
    };
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("55P03" | "40P01"))
}
