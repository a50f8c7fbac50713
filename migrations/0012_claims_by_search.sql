-- no-transaction
-- Full text. What is not sorted in yet is kept short: every search reads it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS claims_by_search ON claims USING gin (search)
    WITH (gin_pending_list_limit = 512);
