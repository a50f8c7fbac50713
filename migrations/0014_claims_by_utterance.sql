-- no-transaction
-- Lists by the time of the utterance, or of the article where that is not known.
CREATE INDEX CONCURRENTLY IF NOT EXISTS claims_by_utterance
    ON claims (coalesce(utterance_start, sort_time) DESC, id DESC);
