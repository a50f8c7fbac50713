-- no-transaction
-- Entries of the audit log by what they are about.
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_log_by_resource ON audit_log (audit_resource(entry));
