//! The newest claims that match a filter, to be counted.

use sqlx::postgres::PgArguments;
use sqlx::{PgConnection, Postgres, query::QueryAs};

use super::find::{Match, Row};
use crate::store::claims::{BEGIN_WITH_TIMEOUT, ClaimFilter, Conditions};
use crate::store::db::{Store, StoreError, one_more};

/// How many of the newest claims that match a filter are counted.
const COUNTED: usize = 10_000;
/// How many of the newest claims are looked at if it takes too long to find those.
const LOOKED_AT: usize = 50_000;

#[rustfmt::skip]
macro_rules! newest {
    ({ $($from:tt)+ }) => {
        concat!(
            "SELECT c.id, c.article_id, c.ordinal, c.sort_time, c.actor_id, c.kind, \
               CASE WHEN ", parameter!(2), " THEN (SELECT p.publisher FROM articles p WHERE p.id = c.article_id) END AS publisher, \
               0::real AS rank FROM ",
            $($from)+,
            " c LEFT JOIN articles ar ON ar.id = c.article_id WHERE ",
            claim_conditions!("c.sort_time"),
            "AND ", parameter!(3), "::bigint IS NOT NULL \
             ORDER BY c.sort_time DESC, c.article_id DESC, c.ordinal LIMIT ", parameter!(1)
        )
    };
}

const OF_ALL: &str = newest!({ "claims" });

// As in `scans`, whatever the filter, nothing but a range of an index is read.
#[rustfmt::skip]
const OF_SOME: &str = newest!({
    "(SELECT * FROM claims x \
      WHERE (", parameter!(start_time), "::timestamptz IS NULL OR x.sort_time >= ", parameter!(start_time), ") \
        AND (", parameter!(end_time), "::timestamptz IS NULL OR x.sort_time < ", parameter!(end_time), ") \
      ORDER BY x.sort_time DESC LIMIT ", parameter!(3), ")"
});

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("search::newest::OF_ALL", OF_ALL),
    ("search::newest::OF_SOME", OF_SOME),
];

/// The newest claims that match a filter, as far as they are counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Newest {
    /// The claims, newest first. They have no rank.
    pub found: Vec<Match>,
    /// Whether more may match.
    pub sampled: bool,
}

impl Store {
    /// Returns the newest claims that match the filter, at most 10,000. If it takes too long to find them, returns what
    /// [`Store::among_newest_claims`] does.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn newest_claims(
        &self,
        filter: &ClaimFilter,
        with_publisher: bool,
    ) -> Result<Newest, StoreError> {
        let mut tx = self.pool.begin_with(BEGIN_WITH_TIMEOUT).await?;
        let found = newest(&mut tx, sqlx::query_as(OF_ALL), filter, with_publisher).await;
        match found {
            Ok(mut rows) => {
                tx.commit().await?;
                let sampled = rows.len() > COUNTED;
                rows.truncate(COUNTED);
                newest_of(rows, sampled)
            }
            Err(StoreError::Timeout(error)) => {
                tracing::debug!(%error, ?filter, "counting timed out, looking at the newest claims only");
                drop(tx);
                self.among_newest_claims(filter, with_publisher).await
            }
            Err(error) => Err(error),
        }
    }

    /// Returns those of the newest 50,000 claims that match the filter, at most 10,000. Takes as long whatever the
    /// filter.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn among_newest_claims(
        &self,
        filter: &ClaimFilter,
        with_publisher: bool,
    ) -> Result<Newest, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let mut rows = newest(
            &mut connection,
            sqlx::query_as(OF_SOME),
            filter,
            with_publisher,
        )
        .await?;
        connection.release();
        rows.truncate(COUNTED);
        newest_of(rows, true)
    }
}

async fn newest(
    connection: &mut PgConnection,
    query: QueryAs<'static, Postgres, Row, PgArguments>,
    filter: &ClaimFilter,
    with_publisher: bool,
) -> Result<Vec<Row>, StoreError> {
    let conditions = Conditions::of(filter, connection).await?;
    let rows = conditions
        .bind(query)
        .bind(one_more(COUNTED))
        .bind(with_publisher)
        .bind(i64::try_from(LOOKED_AT).unwrap_or(i64::MAX));
    Ok(rows.fetch_all(connection).await?)
}

fn newest_of(rows: Vec<Row>, sampled: bool) -> Result<Newest, StoreError> {
    let found = rows.into_iter().filter_map(Row::matched);
    Ok(Newest {
        found: found.collect::<Result<_, _>>()?,
        sampled,
    })
}
