-- no-transaction
-- An article by its address. Addresses are long and only compared for equality.
CREATE INDEX CONCURRENTLY IF NOT EXISTS articles_by_uri ON articles USING hash (uri);
