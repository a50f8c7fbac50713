-- no-transaction
-- An article by the caller's own id; a publisher has each id once.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS articles_by_external_id ON articles (external_id, coalesce(publisher, ''))
    WHERE external_id IS NOT NULL;
