-- no-transaction
-- Lists by confidence.
CREATE INDEX CONCURRENTLY IF NOT EXISTS claims_by_confidence ON claims (confidence DESC, id DESC);
