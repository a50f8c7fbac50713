-- no-transaction
-- Full text, by month. What is not sorted in yet is kept short: every search reads it.
CREATE INDEX CONCURRENTLY IF NOT EXISTS claims_by_words ON claims USING gin (search, claim_month(sort_time))
    WITH (gin_pending_list_limit = 512);
