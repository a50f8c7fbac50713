-- no-transaction
-- Claims that somebody reviewed are few among many.
CREATE INDEX CONCURRENTLY IF NOT EXISTS claims_by_review
    ON claims (review_state, sort_time DESC, article_id DESC, ordinal)
    WHERE review_state <> 'MACHINE';
