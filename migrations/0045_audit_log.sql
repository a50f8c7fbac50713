-- Who changed what, with the state before and after: merges, splits and edits of actors, corrections and retractions of
-- articles, and reviews of claims. Entries are only added, and each is chained to the one before by its hash, so that a
-- change made behind the service's back shows. Entries hold no article text.

CREATE TABLE audit_log (
    seq    bigint PRIMARY KEY,
    -- A JSON object. Exactly these characters are hashed.
    entry  text NOT NULL,
    -- SHA-256 of the hash of the entry before (nothing for the first) and of this entry.
    hash   bytea NOT NULL CHECK (octet_length(hash) = 32)
);

CREATE FUNCTION refuse_audit_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries of audit_log are only added' USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_log_change();

-- Adds an entry. Runs at commit, since transactions that add entries wait for each other from here on.
CREATE FUNCTION append_to_audit_log(change jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    last  audit_log;
    this  text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('onrecord.audit_log', 0));
    SELECT * INTO last FROM audit_log ORDER BY seq DESC LIMIT 1;
    this := (jsonb_build_object('seq', coalesce(last.seq, 0) + 1, 'time', clock_timestamp()) || change)::text;
    INSERT INTO audit_log (seq, entry, hash)
    VALUES (coalesce(last.seq, 0) + 1, this, sha256(coalesce(last.hash, '') || convert_to(this, 'UTF8')));
END
$$;

CREATE FUNCTION audited_actor(actor uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'display_name', a.display_name, 'kind', a.kind, 'external_ids', a.external_ids, 'merged_into', a.merged_into,
        'names', (SELECT jsonb_agg(n.name ORDER BY n.name) FROM actor_names n WHERE n.actor_id = a.id))
    FROM actors a WHERE a.id = actor
$$;

-- The actors as they were when the change was recorded, before it is made: by id.
ALTER TABLE actor_changes ADD COLUMN before jsonb;

CREATE FUNCTION audited_actors(change actor_changes) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_object_agg(ids.id, audited_actor(ids.id))
    FROM (VALUES (change.actor_id), (change.other_actor_id)) AS ids (id)
    WHERE ids.id IS NOT NULL
$$;

CREATE FUNCTION note_actors_before_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.before := audited_actors(NEW);
    RETURN NEW;
END
$$;

CREATE TRIGGER actor_changes_note_before BEFORE INSERT ON actor_changes
    FOR EACH ROW EXECUTE FUNCTION note_actors_before_change();

CREATE FUNCTION audit_actor_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_to_audit_log(jsonb_build_object(
        'action', NEW.kind || '_ACTOR', 'resource', 'actors/' || NEW.actor_id,
        'caller', to_jsonb(NEW) -> 'caller', 'requested_by', NEW.requested_by, 'reason', NEW.reason,
        'before', NEW.before, 'after', audited_actors(NEW)));
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER actor_changes_audit AFTER INSERT ON actor_changes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_actor_change();

CREATE FUNCTION audit_claim_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_to_audit_log(jsonb_build_object(
        'action', NEW.action || '_CLAIM', 'resource', 'claims/' || NEW.claim_id,
        'caller', to_jsonb(NEW) -> 'caller', 'requested_by', NEW.requested_by, 'reason', NEW.reason,
        'before', NEW.before, 'after', NEW.after));
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER claim_reviews_audit AFTER INSERT ON claim_reviews DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_claim_review();

CREATE FUNCTION audited_article(revision integer, title text, authors text[], text_sha256 bytea) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object(
        'revision', revision, 'title', title, 'authors', authors, 'text_sha256', encode(text_sha256, 'hex'))
$$;

CREATE FUNCTION audit_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_to_audit_log(jsonb_build_object(
        'action', 'CORRECT_ARTICLE', 'resource', 'articles/' || NEW.article_id,
        'caller', to_jsonb(NEW) -> 'caller', 'requested_by', NEW.requested_by, 'reason', NEW.reason,
        'before', audited_article(NEW.revision, NEW.title, NEW.authors, NEW.text_sha256),
        'after', (SELECT audited_article(a.revision, a.title, a.authors, a.text_sha256)
                  FROM articles a WHERE a.id = NEW.article_id)));
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER article_revisions_audit AFTER INSERT ON article_revisions DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_correction();

CREATE FUNCTION audit_retraction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM append_to_audit_log(jsonb_build_object(
        'action', 'RETRACT_ARTICLE', 'resource', 'articles/' || NEW.id,
        'caller', to_jsonb(NEW) -> 'retract_caller', 'requested_by', NEW.retracted_by, 'reason', NEW.retract_reason,
        'before', jsonb_build_object('state', OLD.state), 'after', jsonb_build_object('state', NEW.state)));
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER articles_retraction_audit AFTER UPDATE OF state ON articles DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state = 'RETRACTED')
    EXECUTE FUNCTION audit_retraction();
