-- no-transaction
-- Actors by their ids elsewhere.
CREATE INDEX CONCURRENTLY IF NOT EXISTS actors_by_external_id ON actors USING gin (external_ids jsonb_path_ops);
