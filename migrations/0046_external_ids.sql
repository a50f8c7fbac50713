-- The callers' own ids of articles.

ALTER TABLE articles ADD COLUMN external_id text;
