//! What the audit log says of operations.

use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::{Operation, OperationState};
use crate::store::db::StoreError;

// Done last: transactions that add entries to the audit log wait for each other from there on.
const AUDIT: &str = "SELECT append_to_audit_log(jsonb_build_object( \
       'action', $1::text, 'resource', $2::text, 'caller', $3::text, 'requested_by', $4::text, 'reason', '', \
       'selection', $5::jsonb, 'engine', $6::text, \
       'before', CASE WHEN $7::text IS NOT NULL THEN jsonb_build_object('state', $7) END, \
       'after', CASE WHEN $8::text IS NOT NULL THEN jsonb_build_object('state', $8) END))";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[("operations::audit::AUDIT", AUDIT)];

/// What somebody did with an operation.
pub(super) struct Entry<'e> {
    pub action: &'static str,
    pub caller: &'e str,
    /// Empty where a request does not say it.
    pub requested_by: &'e str,
    pub before: Option<OperationState>,
    pub after: Option<OperationState>,
}

/// Adds an entry to the audit log. Done last: transactions that add entries wait for each other from there on.
pub(super) async fn audit(
    tx: &mut PgConnection,
    operation: &Operation,
    entry: Entry<'_>,
) -> Result<(), StoreError> {
    sqlx::query(AUDIT)
        .bind(entry.action)
        .bind(format!("operations/{}", operation.id))
        .bind(entry.caller)
        .bind(entry.requested_by)
        .bind(Json(&operation.selection))
        .bind(&operation.engine.name)
        .bind(entry.before.map(|state| state.to_string()))
        .bind(entry.after.map(|state| state.to_string()))
        .execute(tx)
        .await?;
    Ok(())
}
