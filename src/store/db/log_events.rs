/// The target of the events in which the driver says how long a caller waited for a connection, in the field
/// `acquired_after_secs`. It says so nowhere else.
pub const ACQUIRE_EVENTS: &str = "sqlx::pool::acquire";

/// The target of the events in which the driver says that a statement has run: `summary` and `db.statement`,
/// `elapsed_secs`, `rows_returned`.
pub const STATEMENT_EVENTS: &str = "sqlx::query";
