-- The log that watchers of claims read: one row for each claim that came, changed or went, written by the statement that
-- did it, whichever version of the server runs it.

CREATE TABLE claim_events (
    -- The writing transaction. Transactions commit in another order than they begin, so neither this nor the id alone
    -- tells what a reader has not seen; but below the oldest transaction that still runs nothing can come any more
    -- (pg_snapshot_xmin), and up to there (tx, id) is an order in which nothing is lost.
    tx           bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    change       text NOT NULL CHECK (change IN ('CREATED', 'UPDATED', 'DELETED')),
    -- No references: the log tells of what is gone, too.
    claim_id     uuid NOT NULL,
    article_id   uuid NOT NULL,
    -- What filters ask for, as it was before the change: tells whether a watcher knew the claim. NULL for a new one.
    before       jsonb,
    create_time  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tx, id)
);

-- Up to where the log was pruned: who has read less than this cannot go on.
CREATE TABLE claim_events_pruned (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    tx        bigint NOT NULL,
    id        bigint NOT NULL
);

INSERT INTO claim_events_pruned (tx, id) VALUES (0, 0);

CREATE FUNCTION claim_filtered_columns(c claims) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'article_id', c.article_id, 'ordinal', c.ordinal, 'sort_time', c.sort_time, 'actor_id', c.actor_id,
        'parent_id', c.parent_id, 'source_class', c.source_class, 'quote_type', c.quote_type, 'kind', c.kind,
        'reporter_stance', c.reporter_stance, 'certainty', c.certainty, 'polarity', c.polarity,
        'confidence', c.confidence, 'review_state', c.review_state, 'utterance_start', c.utterance_start,
        'addressee_ids', c.addressee_ids, 'about_ids', c.about_ids)
$$;

CREATE FUNCTION log_created_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO claim_events (change, claim_id, article_id)
    SELECT 'CREATED', n.id, n.article_id FROM new_rows n ORDER BY n.article_id, n.ordinal;
    RETURN NULL;
END
$$;

-- A claim that only moved among those of its article is the same claim as before.
CREATE FUNCTION log_updated_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO claim_events (change, claim_id, article_id, before)
    SELECT 'UPDATED', n.id, n.article_id, claim_filtered_columns(o)
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    WHERE n.row_version <> o.row_version
    ORDER BY n.article_id, n.ordinal;
    RETURN NULL;
END
$$;

CREATE FUNCTION log_deleted_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO claim_events (change, claim_id, article_id, before)
    SELECT 'DELETED', o.id, o.article_id, claim_filtered_columns(o) FROM old_rows o ORDER BY o.article_id, o.ordinal;
    RETURN NULL;
END
$$;

CREATE TRIGGER claims_created AFTER INSERT ON claims
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION log_created_claims();
CREATE TRIGGER claims_updated AFTER UPDATE ON claims
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION log_updated_claims();
CREATE TRIGGER claims_deleted AFTER DELETE ON claims
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION log_deleted_claims();
