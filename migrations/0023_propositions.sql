-- Which claims say the same: those of one proposition. A claim that nobody repeats has none.

CREATE TABLE claim_propositions (
    claim_id        uuid PRIMARY KEY REFERENCES claims (id) ON DELETE CASCADE,
    -- The id of the claim that the others were found to repeat. It may be gone.
    proposition_id  uuid NOT NULL,
    -- A copy of the claim's.
    sort_time       timestamptz NOT NULL
);

CREATE INDEX claim_propositions_by_time ON claim_propositions (proposition_id, sort_time, claim_id);

-- Claims of which it is not known yet whether they say what another says. No reference: that would cost every claim that
-- is stored, and one that is gone is noticed when it comes up.
CREATE TABLE unsettled_claims (
    claim_id     uuid PRIMARY KEY,
    -- Until when a server has it for itself.
    taken_until  timestamptz NOT NULL DEFAULT '-infinity'
);

CREATE OR REPLACE FUNCTION log_created_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO claim_events (change, claim_id, article_id)
    SELECT 'CREATED', n.id, n.article_id FROM new_rows n ORDER BY n.article_id, n.ordinal;
    INSERT INTO unsettled_claims (claim_id) SELECT n.id FROM new_rows n;
    RETURN NULL;
END
$$;

-- Claims that are just being stored come either here or through the function above.
LOCK TABLE claims IN SHARE MODE;

INSERT INTO unsettled_claims (claim_id) SELECT c.id FROM claims c;
