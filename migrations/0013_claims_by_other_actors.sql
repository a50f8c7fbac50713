-- no-transaction
-- Whom claims speak of and whom they were spoken to.
CREATE INDEX CONCURRENTLY IF NOT EXISTS claims_by_other_actors ON claims USING gin (about_ids, addressee_ids)
    WITH (gin_pending_list_limit = 512);
