-- no-transaction
-- Articles that were corrected or retracted are few among many.
CREATE INDEX CONCURRENTLY IF NOT EXISTS articles_by_state ON articles (state, sort_time DESC, id DESC)
    WHERE state <> 'ACTIVE';
