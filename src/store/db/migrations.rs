//! The migrations of this program, and what of them a database has.

use sqlx::PgConnection;
use sqlx::migrate::{Migration, Migrator};

use super::error::StoreError;

const APPLIED: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";

/// Held by whoever migrates.
pub(super) const LOCK_KEY: i64 = 7_226_543_210_916;

// An index that is being built is invalid, too, until it is complete: whoever builds it holds the lock.
const LEFT_INVALID: &str = "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
     WHERE NOT i.indisvalid AND c.relname = ANY ($1) AND pg_table_is_visible(c.oid) AND NOT EXISTS ( \
       SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.pid <> pg_backend_pid() \
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
         AND (l.classid::bigint << 32) | l.objid::bigint = $2)";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("db::migrations::APPLIED", APPLIED),
    ("db::migrations::LEFT_INVALID", LEFT_INVALID),
];

/// The migrations, compiled in. A database with newer migrations is left alone, so that the program can be rolled
/// back. Whoever runs them holds the lock above: sqlx's own is waited for in a transaction, and a concurrent build of
/// an index waits for all transactions.
pub(super) fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!();
    migrator.set_ignore_missing(true);
    migrator.set_locking(false);
    migrator
}

/// Returns whether every migration this program knows is among those `applied`.
pub(super) fn is_complete(applied: &[i64]) -> bool {
    migrator()
        .iter()
        .all(|migration| applied.contains(&migration.version))
}

/// The versions of the migrations applied to the database.
pub(super) async fn applied(connection: &mut PgConnection) -> Result<Vec<i64>, StoreError> {
    Ok(sqlx::query_scalar(APPLIED).fetch_all(connection).await?)
}

/// The indexes that an interrupted migration of this program left half built: Postgres maintains them, but does not
/// use them.
pub(super) async fn left_invalid(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let migrator = migrator();
    let names: Vec<&str> = migrator.iter().filter_map(index_of).collect();
    let invalid = sqlx::query_scalar(LEFT_INVALID)
        .bind(names)
        .bind(LOCK_KEY)
        .fetch_all(connection)
        .await?;
    Ok(invalid)
}

/// The name of the index that a migration builds while the table is written to.
pub(super) fn index_of(migration: &Migration) -> Option<&str> {
    let (_, name) = migration
        .sql
        .as_str()
        .split_once("INDEX CONCURRENTLY IF NOT EXISTS ")?;
    name.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::{index_of, migrator};

    #[test]
    fn every_concurrent_build_names_its_index() {
        let migrator = migrator();
        let builds = migrator.iter().filter(|migration| {
            let sql = migration.sql.as_str();
            [
                "CREATE INDEX CONCURRENTLY",
                "CREATE UNIQUE INDEX CONCURRENTLY",
            ]
            .iter()
            .any(|build| sql.contains(build))
        });
        let names: Vec<_> = builds.map(index_of).collect();
        assert!(names.len() > 10, "{names:?}");
        assert!(names.iter().all(Option::is_some), "{names:?}");
        assert!(names.contains(&Some("claims_by_words")), "{names:?}");
        assert!(
            names.contains(&Some("articles_by_external_id")),
            "{names:?}"
        );
    }
}
