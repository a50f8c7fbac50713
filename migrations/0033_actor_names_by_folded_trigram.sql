-- no-transaction
-- Parts of names, and misspelt ones.
CREATE INDEX CONCURRENTLY IF NOT EXISTS actor_names_by_folded_trigram
    ON actor_names USING gin (folded_name(name_key) gin_trgm_ops);
