-- no-transaction
-- What it told, claims_by_words tells as well.
DROP INDEX CONCURRENTLY IF EXISTS claims_by_search;
