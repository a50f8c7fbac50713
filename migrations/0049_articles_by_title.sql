-- no-transaction
-- Articles by words of their headlines.
CREATE INDEX CONCURRENTLY IF NOT EXISTS articles_by_title
    ON articles USING gin (to_tsvector('english', searchable(coalesce(title, ''))));
