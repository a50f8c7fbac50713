-- Published fact checks, and the claims that say what they checked.

CREATE TABLE fact_checks (
    id               uuid PRIMARY KEY,
    -- SHA-256 of uri and claim_reviewed, each after its length: what identifies it. Both may be too long for an index.
    key              bytea NOT NULL UNIQUE CHECK (octet_length(key) = 32),
    uri              text NOT NULL CHECK (uri <> ''),
    claim_reviewed   text NOT NULL CHECK (claim_reviewed <> ''),
    publisher        text,
    publish_time     timestamptz,
    claimant         text,
    -- The claimant in lower case, as actor_names.name_key.
    claimant_key     text,
    claim_time       timestamptz,
    appearance_uris  text[] NOT NULL,
    -- {"text", "value", "best", "worst"}, as far as it has them.
    rating           jsonb CHECK (jsonb_typeof(rating) = 'object'),
    language_code    text,
    create_time      timestamptz NOT NULL DEFAULT clock_timestamp(),
    update_time      timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- By which it is listed.
    sort_time        timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(publish_time, create_time)) STORED,
    search           tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('english', searchable(claim_reviewed))) STORED
);

CREATE INDEX fact_checks_by_time ON fact_checks (sort_time DESC, id DESC);
CREATE INDEX fact_checks_by_search ON fact_checks USING gin (search);

-- Whether the claim puts forward what was checked, or denies it or asks for it, is seen when it is read: people may review it.
CREATE TABLE fact_check_claims (
    claim_id       uuid NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    fact_check_id  uuid NOT NULL REFERENCES fact_checks (id) ON DELETE CASCADE,
    -- The judge that found the two to say the same, and how sure it was.
    confidence     real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    -- Whether that is enough by itself. If not, it counts only while the claim is by the claimant.
    is_sure        boolean NOT NULL,
    judge          text NOT NULL,
    PRIMARY KEY (claim_id, fact_check_id)
);

CREATE INDEX fact_check_claims_by_fact_check ON fact_check_claims (fact_check_id, confidence DESC, claim_id);
