/// The target of the events in which the driver says that a statement has run: `summary` and `db.statement`,
/// `elapsed_secs`, `rows_returned`.
pub const STATEMENT_EVENTS: &str = "sqlx::query";
