-- Articles, the actors they quote, and the claims that tie the two together.
--
-- Enumerations are text with a check: adding a value is then a one-line migration that runs while the previous
-- version of the server still works. Spans are byte offsets of articles.text.

CREATE TABLE articles (
    id                   uuid PRIMARY KEY,
    -- What makes two ingested documents the same article: SHA-256 over uri, publisher and text.
    content_key          bytea NOT NULL UNIQUE CHECK (octet_length(content_key) = 32),
    uri                  text,
    title                text,
    publisher            text,
    authors              text[] NOT NULL DEFAULT '{}',
    language_code        text,
    publish_time         timestamptz,
    time_zone            text,
    text                 text NOT NULL CHECK (text <> ''),
    text_sha256          bytea NOT NULL CHECK (octet_length(text_sha256) = 32),
    blocks               jsonb NOT NULL CHECK (jsonb_typeof(blocks) = 'array'),
    state                text NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'CORRECTED', 'RETRACTED')),
    revision             integer NOT NULL DEFAULT 1 CHECK (revision >= 1),
    duplicate_of         uuid REFERENCES articles (id),
    engine_name          text NOT NULL,
    engine_version       text NOT NULL,
    extract_time         timestamptz NOT NULL,
    extract_duration_us  bigint NOT NULL CHECK (extract_duration_us >= 0),
    -- The time that lists are ordered by: publication, or ingest where publication is unknown. Never changes.
    sort_time            timestamptz NOT NULL,
    create_time          timestamptz NOT NULL DEFAULT now(),
    update_time          timestamptz NOT NULL DEFAULT now(),
    row_version          bigint NOT NULL DEFAULT 1
);

CREATE INDEX articles_by_time ON articles (sort_time DESC, id DESC);
CREATE INDEX articles_by_publisher ON articles (publisher, sort_time DESC, id DESC);
CREATE INDEX articles_by_original ON articles (duplicate_of) WHERE duplicate_of IS NOT NULL;

-- Which article answered which request id. The reference is checked at commit, so that a request can be claimed
-- before its article is written: a second request with the same id then waits for the first.
CREATE TABLE ingest_requests (
    request_id   text PRIMARY KEY CHECK (request_id <> ''),
    article_id   uuid NOT NULL REFERENCES articles (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    create_time  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX ingest_requests_by_article ON ingest_requests (article_id);

CREATE TABLE actors (
    id            uuid PRIMARY KEY,
    -- Names are bounded because they are indexed: an entry of a btree holds some 2,700 bytes.
    display_name  text NOT NULL CHECK (octet_length(display_name) BETWEEN 1 AND 500),
    -- The name in lower case; byte order makes pages and prefixes use one index.
    sort_name     text COLLATE "C" NOT NULL,
    kind          text NOT NULL
        CHECK (kind IN ('PERSON', 'ORGANIZATION', 'GOVERNMENT', 'GROUP', 'DOCUMENT', 'UNKNOWN')),
    -- The same key in another article is the same actor. NULL for a name that identifies nobody by itself.
    identity_key  text UNIQUE,
    external_ids  jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(external_ids) = 'object'),
    gender        text CHECK (gender IN ('FEMALE', 'MALE', 'OTHER')),
    gender_basis  text CHECK (gender_basis IN ('TITLE', 'PRONOUN', 'REGISTER')),
    merged_into   uuid REFERENCES actors (id),
    create_time   timestamptz NOT NULL DEFAULT now(),
    update_time   timestamptz NOT NULL DEFAULT now(),
    row_version   bigint NOT NULL DEFAULT 1,
    CHECK ((gender IS NULL) = (gender_basis IS NULL)),
    CHECK (merged_into <> id)
);

CREATE INDEX actors_by_name ON actors (sort_name, id) WHERE merged_into IS NULL;
CREATE INDEX actors_by_kind ON actors (kind, sort_name, id) WHERE merged_into IS NULL;
CREATE INDEX actors_by_target ON actors (merged_into) WHERE merged_into IS NOT NULL;

-- Every name of an actor, its display name among them.
CREATE TABLE actor_names (
    actor_id  uuid NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    name      text NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 500),
    name_key  text COLLATE "C" NOT NULL,
    PRIMARY KEY (actor_id, name)
);

CREATE INDEX actor_names_by_key ON actor_names (name_key, actor_id);

CREATE TABLE actor_roles (
    actor_id      uuid NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    title         text NOT NULL CHECK (octet_length(title) BETWEEN 1 AND 500),
    -- '' where the article names no organisation: NULL would not take part in the key.
    organization  text NOT NULL DEFAULT '' CHECK (octet_length(organization) <= 500),
    start_date    date,
    end_date      date CHECK (end_date >= start_date),
    evidence      text,
    PRIMARY KEY (actor_id, title, organization)
);

CREATE TABLE claims (
    id               uuid PRIMARY KEY,
    article_id       uuid NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    ordinal          integer NOT NULL CHECK (ordinal >= 0),
    -- A copy of the article's, so that one index serves filter and order.
    sort_time        timestamptz NOT NULL,
    actor_id         uuid REFERENCES actors (id),
    parent_id        uuid REFERENCES claims (id),
    -- Arrays of {"start", "end", "text"}.
    source           jsonb NOT NULL CHECK (jsonb_typeof(source) = 'array'),
    source_class     text
        CHECK (source_class IN ('NAMED', 'ROLE', 'COLLECTIVE', 'ANONYMOUS', 'DOCUMENT', 'ARTICLE')),
    cue              jsonb NOT NULL CHECK (jsonb_typeof(cue) = 'array'),
    cue_lemma        text,
    content          jsonb NOT NULL CHECK (jsonb_typeof(content) = 'array' AND content <> '[]'),
    quote_type       text NOT NULL CHECK (quote_type IN ('DIRECT', 'INDIRECT', 'MIXED')),
    kind             text
        CHECK (kind IN ('ASSERTION', 'BELIEF', 'INTENTION', 'COMMITMENT', 'PREDICTION', 'DEMAND', 'QUESTION',
                        'EVALUATION', 'DENIAL', 'NO_COMMENT')),
    reporter_stance  text CHECK (reporter_stance IN ('NEUTRAL', 'DISTANCED', 'ENDORSED', 'DENIED')),
    confidence       real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    engine_name      text NOT NULL,
    engine_version   text NOT NULL,
    review_state     text NOT NULL DEFAULT 'MACHINE'
        CHECK (review_state IN ('MACHINE', 'CONFIRMED', 'EDITED', 'REJECTED')),
    create_time      timestamptz NOT NULL DEFAULT now(),
    row_version      bigint NOT NULL DEFAULT 1,
    UNIQUE (article_id, ordinal)
);

CREATE INDEX claims_by_time ON claims (sort_time DESC, article_id DESC, ordinal);
CREATE INDEX claims_by_actor ON claims (actor_id, sort_time DESC, article_id DESC, ordinal);
CREATE INDEX claims_by_kind ON claims (kind, sort_time DESC, article_id DESC, ordinal);
CREATE INDEX claims_by_source_class ON claims (source_class, sort_time DESC, article_id DESC, ordinal);
CREATE INDEX claims_by_parent ON claims (parent_id) WHERE parent_id IS NOT NULL;
