-- The texts that articles had before they were corrected, each with what was read in it.

CREATE TABLE article_revisions (
    article_id           uuid NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    revision             integer NOT NULL CHECK (revision >= 1),
    -- As in articles: the same document sent again is this article still.
    content_key          bytea NOT NULL CHECK (octet_length(content_key) = 32),
    title                text,
    authors              text[] NOT NULL,
    text                 text NOT NULL CHECK (text <> ''),
    text_sha256          bytea NOT NULL CHECK (octet_length(text_sha256) = 32),
    blocks               jsonb NOT NULL CHECK (jsonb_typeof(blocks) = 'array'),
    engine_name          text NOT NULL,
    engine_version       text NOT NULL,
    extract_time         timestamptz NOT NULL,
    extract_duration_us  bigint NOT NULL CHECK (extract_duration_us >= 0),
    -- When this text came.
    create_time          timestamptz NOT NULL,
    -- The rows of claims as they were, without what is derived from them.
    claims               jsonb NOT NULL CHECK (jsonb_typeof(claims) = 'array'),
    -- Who had the text replaced, why and when.
    requested_by         text NOT NULL CHECK (requested_by <> ''),
    reason               text NOT NULL,
    replace_time         timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (article_id, revision)
);

CREATE INDEX article_revisions_by_content ON article_revisions (content_key);
