-- no-transaction
-- Searches for parts of names and for misspelt ones, built while names are written.
CREATE INDEX CONCURRENTLY IF NOT EXISTS actor_names_by_trigram ON actor_names USING gin (name_key gin_trgm_ops);
