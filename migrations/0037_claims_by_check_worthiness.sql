-- no-transaction
-- For lists by how much claims are worth checking. What was not judged stands last.
CREATE INDEX CONCURRENTLY IF NOT EXISTS claims_by_check_worthiness
    ON claims (coalesce(check_worthiness, 0::real) DESC, id DESC);
