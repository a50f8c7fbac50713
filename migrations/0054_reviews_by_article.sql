-- Of which article a reviewed claim is: when the article is deleted, so is what was said of its claims, also of those that
-- it no longer has. Filled by a trigger, so that servers of the version before fill it, too.
ALTER TABLE claim_reviews ADD COLUMN article_id uuid;

CREATE FUNCTION note_article_of_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.article_id := (SELECT c.article_id FROM claims c WHERE c.id = NEW.claim_id);
    RETURN NEW;
END
$$;

CREATE TRIGGER claim_reviews_note_article BEFORE INSERT ON claim_reviews
    FOR EACH ROW EXECUTE FUNCTION note_article_of_review();

-- What an entry of the audit log is about; null once its words are erased.
CREATE FUNCTION audit_resource(entry text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN entry <> '' THEN entry::jsonb ->> 'resource' END
$$;

-- Erases the entries about these resources and adds one on the deletion. The last statement of its transaction, as
-- append_to_audit_log.
CREATE FUNCTION audit_deletion(resources text[], change jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    erased  jsonb;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('onrecord.audit_log', 0));
    WITH gone AS (
        UPDATE audit_log l SET entry = '' WHERE audit_resource(l.entry) = ANY (resources) RETURNING l.seq, l.hash)
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               'seq', g.seq, 'hash', encode(g.hash, 'base64'),
               'follows', coalesce((SELECT encode(b.hash, 'base64') FROM audit_log b WHERE b.seq = g.seq - 1), ''))
               ORDER BY g.seq), '[]')
        INTO erased FROM gone g;
    PERFORM append_to_audit_log(change || jsonb_build_object('erased', erased));
END
$$;
