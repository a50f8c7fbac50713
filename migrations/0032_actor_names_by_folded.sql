-- no-transaction
-- Begins of names, and whole names.
CREATE INDEX CONCURRENTLY IF NOT EXISTS actor_names_by_folded ON actor_names (folded_name(name_key), actor_id);
