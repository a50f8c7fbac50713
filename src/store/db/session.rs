//! The settings of every session with Postgres, and how a session is opened.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection};

use super::options::PoolOptions;

// Ends the statement of a client that has gone, which PostgreSQL 13 cannot. Where the platform cannot either, this
// fails.
const END_ABANDONED: &str = "SELECT set_config(name, '1s', false) FROM pg_settings \
     WHERE name = 'client_connection_check_interval'";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] =
    &[("db::session::END_ABANDONED", END_ABANDONED)];

/// Adds the settings to a database's address.
pub(super) fn with_settings(connect: PgConnectOptions, pool: &PoolOptions) -> PgConnectOptions {
    let milliseconds = |time: Duration| time.as_millis().to_string();
    let statement_timeout = milliseconds(pool.statement_timeout);
    let lock_timeout = milliseconds(pool.lock_timeout);
    let idle_timeout = milliseconds(pool.idle_in_transaction_timeout);
    connect.application_name("onrecord").options([
        // Data is in memory or on an SSD, so random access through an index is cheap.
        ("random_page_cost", "1.1"),
        // Concurrent calls share the CPUs: for short statements, parallel workers and JIT cost more than they save.
        ("max_parallel_workers_per_gather", "0"),
        ("jit", "off"),
        ("statement_timeout", statement_timeout.as_str()),
        // A write that is blocked ends before its connection is missed.
        ("lock_timeout", lock_timeout.as_str()),
        // A transaction whose client is stuck or gone holds its locks, and watchers back, no longer than this.
        ("idle_in_transaction_session_timeout", idle_timeout.as_str()),
        // A client that vanished without a word is noticed within half a minute. Ignored on a Unix socket.
        ("tcp_keepalives_idle", "10"),
        ("tcp_keepalives_interval", "5"),
        ("tcp_keepalives_count", "3"),
        ("tcp_user_timeout", "25000"),
    ])
}

/// Opens a session outside the pools.
pub(in crate::store) async fn connect(connect: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    let mut connection = connect.connect().await?;
    end_abandoned(&mut connection).await?;
    Ok(connection)
}

/// Asks Postgres to end this session's statements once we are gone, where it can.
///
/// # Errors
/// Only that the connection is lost.
pub(in crate::store) async fn end_abandoned(connection: &mut PgConnection) -> sqlx::Result<()> {
    match sqlx::query(END_ABANDONED).execute(connection).await {
        Ok(_) | Err(sqlx::Error::Database(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use sqlx::postgres::PgConnectOptions;

    use super::{PoolOptions, with_settings};

    #[test]
    fn every_session_has_its_limits() {
        let connect = with_settings(
            PgConnectOptions::new_without_pgpass(),
            &PoolOptions::default(),
        );
        let options = connect.get_options().unwrap();
        for setting in [
            "statement_timeout=20000",
            "lock_timeout=10000",
            "idle_in_transaction_session_timeout=10000",
            "tcp_keepalives_idle=10",
            "tcp_user_timeout=25000",
        ] {
            assert!(options.contains(setting), "{setting} in {options}");
        }
    }
}
