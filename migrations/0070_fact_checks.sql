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

-- Whether an actor has the name of a claimant.
CREATE FUNCTION is_claimant(actor uuid, claimant_key text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM actor_names n
                   WHERE n.actor_id = actor AND folded_name(n.name_key) = folded_name(claimant_key))
$$;

-- The first ten fact checks of a claim. A function, because preparing this query takes as long as reading a claim, of which
-- few have been checked.
CREATE FUNCTION claim_fact_checks(claim uuid, actor uuid) RETURNS jsonb LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (SELECT jsonb_agg(k.found ORDER BY k.by_claimant DESC, k.sort_time DESC, k.id DESC) FROM (
        SELECT f.id, f.sort_time, b.by_claimant, jsonb_build_object(
            'id', f.id, 'uri', f.uri, 'claim_reviewed', f.claim_reviewed, 'publisher', f.publisher,
            'publish_time', f.publish_time, 'rating', f.rating, 'language_code', f.language_code,
            'confidence', t.confidence, 'by_claimant', b.by_claimant) AS found
        FROM fact_check_claims t JOIN fact_checks f ON f.id = t.fact_check_id
            CROSS JOIN LATERAL (SELECT is_claimant(actor, f.claimant_key) AS by_claimant) b
        WHERE t.claim_id = claim AND (t.is_sure OR b.by_claimant)
        ORDER BY b.by_claimant DESC, f.sort_time DESC, f.id DESC LIMIT 10) k);
END
$$;
