-- no-transaction
-- Articles of a language, which may be few.
CREATE INDEX CONCURRENTLY IF NOT EXISTS articles_by_language ON articles (language_code, sort_time DESC, id DESC);
