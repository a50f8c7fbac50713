use sqlx::migrate::Migrator;
use sqlx::{ConnectOptions, PgExecutor};

use super::error::StoreError;
use super::store::Store;

/// The migrations, compiled in. A database with newer migrations is left alone, so that the program can be rolled
/// back.
fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!();
    migrator.set_ignore_missing(true);
    migrator
}

const APPLIED: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";

/// A migration may rewrite a large table, so the statement timeout for requests must not apply to it.
const NO_TIMEOUT: &str = "SET statement_timeout = 0";

// Enables vectors of claims from now on, if the extension is installed or can be.
const PREPARE_EMBEDDINGS: &str = "SELECT prepare_embeddings()";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("db::migrate::APPLIED", APPLIED),
    ("db::migrate::NO_TIMEOUT", NO_TIMEOUT),
    ("db::migrate::PREPARE_EMBEDDINGS", PREPARE_EMBEDDINGS),
];

impl Store {
    /// Migrates the schema to this program's version; concurrent calls run one after the other. Returns the
    /// migrations applied, by number and description.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] without a database, [`StoreError::Migrate`] if a migration fails; those before it
    /// stay applied.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        // Not from the pool, which hides why it cannot connect and would keep the setting.
        let mut connection = self.pool.connect_options().connect().await?;
        sqlx::query(NO_TIMEOUT).execute(&mut connection).await?;
        let before = match applied(&mut connection).await {
            Err(StoreError::NotMigrated(_)) => Vec::new(),
            applied => applied?,
        };
        let migrator = migrator();
        migrator
            .run(&mut connection)
            .await
            .map_err(StoreError::Migrate)?;
        let kept: bool = sqlx::query_scalar(PREPARE_EMBEDDINGS)
            .fetch_one(&mut connection)
            .await?;
        tracing::debug!(kept, "vectors of claims");
        Ok(migrator
            .iter()
            .filter(|migration| !before.contains(&migration.version))
            .map(|migration| format!("{:04} {}", migration.version, migration.description))
            .collect())
    }
}

/// Returns whether every migration this program knows is among those `applied`.
pub(super) fn is_complete(applied: &[i64]) -> bool {
    migrator()
        .iter()
        .all(|migration| applied.contains(&migration.version))
}

/// The versions of the migrations applied to the database.
pub(super) async fn applied(executor: impl PgExecutor<'_>) -> Result<Vec<i64>, StoreError> {
    Ok(sqlx::query_scalar(APPLIED).fetch_all(executor).await?)
}
