use sqlx::postgres::PgArguments;
use sqlx::{Postgres, query::QueryAs};

/// Returns how many rows violate a check, and names one of them.
type Query = QueryAs<'static, Postgres, (i64, Option<String>), PgArguments>;

/// A check by its name.
pub(super) type Check = (&'static str, Query);
