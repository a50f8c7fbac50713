//! Checking that what is stored agrees with itself: what no constraint of the database says, and what one says that a
//! restored or repaired database may have lost.

pub(super) mod articles;
mod check;
pub(super) mod claims;
pub(super) mod whole;

use sqlx::PgConnection;

use super::db::{Store, StoreError, connect};

// All checks see the database as of one moment, and change nothing.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

// The checks read everything, and compare whole tables with each other.
const SETTINGS: &str = "SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true), \
     set_config('work_mem', '256MB', true), set_config('max_parallel_workers_per_gather', '4', true)";

const COUNTS: &str = "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM article_revisions), \
     (SELECT count(*) FROM claims), (SELECT count(*) FROM actors), \
     (SELECT count(DISTINCT proposition_id) FROM claim_propositions), (SELECT count(*) FROM claim_events)";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("verify::BEGIN", BEGIN),
    ("verify::SETTINGS", SETTINGS),
    ("verify::COUNTS", COUNTS),
];

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What was checked.
    pub check: &'static str,
    /// How many rows violate it.
    pub violations: i64,
    /// One of them.
    pub example: Option<String>,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Articles.
    pub articles: i64,
    /// Earlier revisions of articles.
    pub revisions: i64,
    /// Claims.
    pub claims: i64,
    /// Actors.
    pub actors: i64,
    /// Propositions.
    pub propositions: i64,
    /// Events of the log.
    pub events: i64,
}

/// A verification of the database as of one moment.
#[derive(Debug)]
pub struct Verification {
    connection: PgConnection,
}

impl Store {
    /// Begins to verify the database.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn verification(&self) -> Result<Verification, StoreError> {
        let mut connection = connect(&self.pool.connect_options()).await?;
        sqlx::query(BEGIN).execute(&mut connection).await?;
        sqlx::query(SETTINGS).execute(&mut connection).await?;
        Ok(Verification { connection })
    }
}

impl Verification {
    /// Counts what is stored.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn counts(&mut self) -> Result<Counts, StoreError> {
        let counts: (i64, i64, i64, i64, i64, i64) = sqlx::query_as(COUNTS)
            .fetch_one(&mut self.connection)
            .await?;
        Ok(Counts {
            articles: counts.0,
            revisions: counts.1,
            claims: counts.2,
            actors: counts.3,
            propositions: counts.4,
            events: counts.5,
        })
    }

    /// Makes every check, and reports each as it is made. Returns whether all hold.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn check(&mut self, mut report: impl FnMut(&Verified)) -> Result<bool, StoreError> {
        let mut clean = true;
        for (check, query) in [whole::checks(), articles::checks(), claims::checks()]
            .into_iter()
            .flatten()
        {
            let (violations, example) = query.fetch_one(&mut self.connection).await?;
            clean &= violations == 0;
            report(&Verified {
                check,
                violations,
                example,
            });
        }
        Ok(clean)
    }
}
