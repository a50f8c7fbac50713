use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

use super::error::StoreError;

/// Parses a `postgres://` URL.
pub(super) fn parse_url(url: &str) -> Result<PgConnectOptions, StoreError> {
    if !["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        let cause = "it has to begin with postgres://";
        return Err(StoreError::Url(sqlx::Error::Configuration(cause.into())));
    }
    PgConnectOptions::from_str(url).map_err(StoreError::Url)
}
