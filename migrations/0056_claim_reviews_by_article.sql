-- no-transaction
-- What was said of the claims of an article.
CREATE INDEX CONCURRENTLY IF NOT EXISTS claim_reviews_by_article ON claim_reviews (article_id);
