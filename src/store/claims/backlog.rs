//! How far the work behind the calls lags.

use std::time::Duration;

use crate::store::db::{Store, StoreError};

// A large archive that was just imported has millions; more than this need not be told apart.
const UNASSIGNED: &str = "SELECT count(*) FROM (SELECT FROM unsettled_claims LIMIT 100000) u";

// Events that a reader cannot be given yet, since a transaction that began before them still runs.
const EVENT_LAG: &str = "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(e.create_time)), 0)::float8 \
     FROM claim_events e WHERE e.tx >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("claims::backlog::UNASSIGNED", UNASSIGNED),
    ("claims::backlog::EVENT_LAG", EVENT_LAG),
];

impl Store {
    /// Counts the claims that wait for assignment to a proposition, up to 100,000.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn count_unassigned(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(UNASSIGNED).fetch_one(&self.pool).await?)
    }

    /// Returns how long the oldest event has been held back from watchers by a transaction that still runs.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn claim_event_lag(&self) -> Result<Duration, StoreError> {
        let seconds: f64 = sqlx::query_scalar(EVENT_LAG).fetch_one(&self.pool).await?;
        Ok(Duration::try_from_secs_f64(seconds).unwrap_or_default())
    }
}
