//! Who holds back the end of the event log: the log is read only up to the oldest running transaction.

use std::fmt;

use sqlx::PgExecutor;

use crate::store::db::StoreError;

// Every role may see which session has which transaction, but not since when another role's has run. A prepared
// transaction has no session.
const HOLDER: &str = "SELECT h.xid::text::bigint AS tx, l.pid, a.application_name, p.gid, \
       coalesce(a.datname, p.database)::text AS database, \
       coalesce(a.datname, p.database) IS DISTINCT FROM current_database() AS elsewhere, \
       extract(epoch FROM now() - coalesce(a.xact_start, p.prepared))::float8 AS age \
     FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::xid AS xid) h \
       JOIN pg_locks l ON l.locktype = 'transactionid' AND l.granted AND l.transactionid = h.xid \
       LEFT JOIN pg_stat_activity a ON a.pid = l.pid \
       LEFT JOIN pg_prepared_xacts p ON p.transaction = h.xid LIMIT 1";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[("claims::horizon::HOLDER", HOLDER)];

/// A transaction that holds back the end of the event log, and with it every watcher.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Holder {
    /// The transaction.
    pub tx: i64,
    /// The session; `None` for a prepared transaction.
    pub pid: Option<i32>,
    /// What the session calls itself.
    pub application_name: Option<String>,
    /// The database it works in.
    pub database: Option<String>,
    /// Whether that is another database of the same cluster.
    pub elsewhere: bool,
    /// The name of a prepared transaction.
    pub gid: Option<String>,
    /// How old the transaction is in seconds, if that may be known.
    pub age: Option<f64>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.gid, self.pid) {
            (Some(gid), _) => write!(f, "the prepared transaction {gid:?}")?,
            (None, Some(pid)) => {
                let name = self.application_name.as_deref().unwrap_or_default();
                write!(f, "pid {pid} (application_name {name:?})")?;
            }
            (None, None) => write!(f, "transaction {}", self.tx)?,
        }
        let database = self.database.as_deref().unwrap_or_default();
        let which = if self.elsewhere { "another" } else { "this" };
        write!(f, " in {which} database, {database:?}")?;
        match self.age {
            Some(age) => write!(f, ", for {age:.0} s"),
            None => Ok(()),
        }
    }
}

/// Returns the transaction that the end of the log waits for at this moment, if it waits.
pub(super) async fn holder(executor: impl PgExecutor<'_>) -> Result<Option<Holder>, StoreError> {
    Ok(sqlx::query_as(HOLDER).fetch_optional(executor).await?)
}

#[cfg(test)]
mod tests {
    use super::Holder;

    #[test]
    fn a_holder_is_named_by_what_an_operator_can_find_it_by() {
        let session = Holder {
            tx: 7,
            pid: Some(42),
            application_name: Some("psql".into()),
            database: Some("shop".into()),
            elsewhere: true,
            gid: None,
            age: Some(12.4),
        };
        assert_eq!(
            session.to_string(),
            "pid 42 (application_name \"psql\") in another database, \"shop\", for 12 s"
        );
        let prepared = Holder {
            pid: None,
            gid: Some("order 1".into()),
            elsewhere: false,
            age: None,
            ..session
        };
        assert_eq!(
            prepared.to_string(),
            "the prepared transaction \"order 1\" in this database, \"shop\""
        );
    }
}
