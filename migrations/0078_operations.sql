-- Long-running operations: what was asked for, how far it is, and which server works on it. No text of articles: an article
-- that could not be read is named with a reason.
CREATE TABLE operations (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL CHECK (kind IN ('REEXTRACT_ARTICLES')),
    -- Which articles.
    selection       jsonb NOT NULL CHECK (jsonb_typeof(selection) = 'object'),
    engine_name     text NOT NULL,
    -- The version of the servers that work on it.
    engine_version  text NOT NULL,
    requested_by    text NOT NULL CHECK (requested_by <> ''),
    -- As the server verified it; empty if nobody had to say.
    caller          text NOT NULL,
    state           text NOT NULL DEFAULT 'RUNNING' CHECK (state IN ('RUNNING', 'SUCCEEDED', 'CANCELLED')),
    -- Articles are read in the order of their ids. All up to this one were read or are at hand.
    cursor_id       uuid,
    -- The articles at hand. One is taken out together with what is written of it, so that each counts once.
    at_hand         uuid[] NOT NULL DEFAULT '{}',
    last_article    uuid,
    total_count     bigint NOT NULL CHECK (total_count >= 0),
    done_count      bigint NOT NULL DEFAULT 0,
    failed_count    bigint NOT NULL DEFAULT 0,
    created_count   bigint NOT NULL DEFAULT 0,
    updated_count   bigint NOT NULL DEFAULT 0,
    deleted_count   bigint NOT NULL DEFAULT 0,
    -- The first articles that could not be read: [{"article", "reason"}].
    failures        jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(failures) = 'array'),
    create_time     timestamptz NOT NULL DEFAULT clock_timestamp(),
    update_time     timestamptz NOT NULL DEFAULT clock_timestamp(),
    end_time        timestamptz CHECK ((end_time IS NULL) = (state = 'RUNNING')),
    -- The server that works on it, and until when it has it for itself.
    worker          uuid,
    worker_until    timestamptz NOT NULL DEFAULT '-infinity'
);

CREATE INDEX operations_running ON operations (id) WHERE state = 'RUNNING';
