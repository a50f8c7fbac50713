-- What was deleted for good: that it was there, who had it deleted, when and why, and nothing of what it said.
CREATE TABLE deletions (
    -- The id that it had.
    id            uuid PRIMARY KEY,
    kind          text NOT NULL CHECK (kind IN ('ARTICLE', 'ACTOR')),
    -- How many claims went with it.
    claim_count   bigint NOT NULL CHECK (claim_count >= 0),
    requested_by  text NOT NULL CHECK (requested_by <> ''),
    -- As the server verified it; empty if nobody had to say.
    caller        text NOT NULL,
    reason        text NOT NULL,
    delete_time   timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Hashes of the documents that were deleted, so that they do not come back unasked: those of articles.content_key.
CREATE TABLE deleted_contents (
    content_key  bytea PRIMARY KEY CHECK (octet_length(content_key) = 32),
    deletion_id  uuid NOT NULL REFERENCES deletions (id) ON DELETE CASCADE
);

CREATE INDEX deleted_contents_by_deletion ON deleted_contents (deletion_id);

-- An entry of the audit log may lose its words when what it is about is deleted, and nothing else may change: its hash
-- stays, and the entry on the deletion says which entries they were and what they followed from.
CREATE FUNCTION refuse_audit_log_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.entry <> '' OR NEW.seq <> OLD.seq OR NEW.hash <> OLD.hash THEN
        RAISE EXCEPTION 'entries of audit_log are only added' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

DROP TRIGGER audit_log_is_append_only ON audit_log;
CREATE TRIGGER audit_log_is_append_only BEFORE DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_log_change();

CREATE TRIGGER audit_log_only_loses_words BEFORE UPDATE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_log_update();

-- What filters ask for, as it was before a change; also what they ask of articles, since one that is deleted with its
-- claims cannot be asked any more.
CREATE OR REPLACE FUNCTION claim_filtered_columns(c claims) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'article_id', c.article_id, 'ordinal', c.ordinal, 'sort_time', c.sort_time, 'actor_id', c.actor_id,
        'parent_id', c.parent_id, 'source_class', c.source_class, 'quote_type', c.quote_type, 'kind', c.kind,
        'reporter_stance', c.reporter_stance, 'certainty', c.certainty, 'polarity', c.polarity,
        'confidence', c.confidence, 'actor_confidence', c.actor_confidence, 'check_worthiness', c.check_worthiness,
        'review_state', c.review_state, 'utterance_start', c.utterance_start, 'addressee_ids', c.addressee_ids,
        'about_ids', c.about_ids, 'engine_version', c.engine_version)
        || coalesce((SELECT jsonb_build_object('publisher', a.publisher, 'language_code', a.language_code)
                     FROM articles a WHERE a.id = c.article_id), '{}')
$$;
