use sqlx::migrate::MigrateError;

/// What can go wrong between the service and Postgres, classified by what a caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, is starting up or shutting down, or has no free connection. Retryable.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// The schema is missing, or older than this program needs.
    #[error("the database is not migrated: run `onrecord migrate`")]
    NotMigrated(#[source] Option<sqlx::Error>),
    /// An interrupted migration left an index half built, so that what reads along it would be slow.
    #[error("the index {0} was left half built: run `onrecord migrate`")]
    InvalidIndex(String),
    /// The transaction conflicted with others, even after retries. Retryable.
    #[error("the transaction kept conflicting with others")]
    Contention(#[source] sqlx::Error),
    /// The statement timed out.
    #[error("the database took too long")]
    Timeout(#[source] sqlx::Error),
    /// The requested data has more text than one response may hold.
    #[error("the answer would hold more than {max_bytes} bytes of text: ask for fewer")]
    TooLarge {
        /// The limit.
        max_bytes: usize,
    },
    /// The id of a request was used for another one. Nothing was written.
    #[error("the request id was used for another request")]
    RequestIdReused,
    /// A stored value that this program cannot read, written by another version or by hand.
    #[error("column {column} holds {value:?}, which this version does not know")]
    Unreadable {
        /// The column.
        column: &'static str,
        /// Its value.
        value: String,
    },
    /// The migrations themselves failed.
    #[error("the migration failed")]
    Migrate(#[source] MigrateError),
    /// The address or the password cannot be read.
    #[error("cannot read the database's credentials from {origin}")]
    Credentials {
        /// The file or command.
        origin: String,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// Not a `postgres://` URL.
    #[error("not a Postgres URL")]
    Url(#[source] sqlx::Error),
    /// Anything else: a bug, or a database that was changed by hand.
    #[error("the database refused a statement")]
    Internal(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            sqlx::Error::Database(database) => match classify(database.code().as_deref()) {
                Class::Unavailable => Self::Unavailable(error),
                Class::NotMigrated => Self::NotMigrated(Some(error)),
                Class::Contention => Self::Contention(error),
                Class::Timeout => Self::Timeout(error),
                Class::Internal => Self::Internal(error),
            },
            _ => Self::Internal(error),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Class {
    Unavailable,
    NotMigrated,
    Contention,
    Timeout,
    Internal,
}

/// Classifies an SQLSTATE (PostgreSQL manual, appendix A).
fn classify(sqlstate: Option<&str>) -> Class {
    match sqlstate {
        // serialization_failure, deadlock_detected; foreign_key_violation: what was referred to has just been deleted
        Some("40001" | "40P01" | "23503") => Class::Contention,
        // query_canceled (raised by statement_timeout), lock_not_available
        Some("57014" | "55P03") => Class::Timeout,
        // undefined_table, undefined_column, undefined_function, invalid_schema_name
        Some("42P01" | "42703" | "42883" | "3F000") => Class::NotMigrated,
        // invalid_catalog_name, read_only_sql_transaction
        Some("3D000" | "25006") => Class::Unavailable,
        Some(code) => match code.get(..2) {
            // connection, authorization, insufficient resources, operator intervention, system error
            Some("08" | "28" | "53" | "57" | "58") => Class::Unavailable,
            _ => Class::Internal,
        },
        None => Class::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, classify};

    #[test]
    fn sqlstates_are_told_apart_by_what_a_caller_can_do() {
        for (code, class) in [
            ("40001", Class::Contention),
            ("40P01", Class::Contention),
            ("23503", Class::Contention),
            ("57014", Class::Timeout),
            ("57P01", Class::Unavailable),
            ("57P03", Class::Unavailable),
            ("53300", Class::Unavailable),
            ("28P01", Class::Unavailable),
            ("42P01", Class::NotMigrated),
            ("42883", Class::NotMigrated),
            ("23505", Class::Internal),
            ("22021", Class::Internal),
        ] {
            assert_eq!(classify(Some(code)), class, "{code}");
        }
        assert_eq!(classify(None), Class::Internal);
    }
}
