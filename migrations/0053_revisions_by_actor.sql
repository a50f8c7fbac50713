-- no-transaction
-- Former texts by who is in their claims.
CREATE INDEX CONCURRENTLY IF NOT EXISTS article_revisions_by_actor ON article_revisions USING gin (revision_actors(claims));
