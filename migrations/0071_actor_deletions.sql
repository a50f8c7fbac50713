-- Whether a JSON text holds one of these strings.
CREATE FUNCTION holds_any(json text, strings text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM unnest(strings) AS s (string) WHERE position(to_json(s.string)::text IN json) > 0)
$$;

-- Erases the entries about these resources, and those entries about others that hold one of these ids and names, too, as of
-- a merge or a split; then adds one on the deletion. The last statement of its transaction, as append_to_audit_log.
CREATE FUNCTION audit_deletion(resources text[], others text[], words text[], change jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    erased  jsonb;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('onrecord.audit_log', 0));
    WITH gone AS (
        UPDATE audit_log l SET entry = ''
        WHERE audit_resource(l.entry) = ANY (resources)
           OR (audit_resource(l.entry) = ANY (others) AND holds_any(l.entry, words))
        RETURNING l.seq, l.hash)
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               'seq', g.seq, 'hash', encode(g.hash, 'base64'),
               'follows', coalesce((SELECT encode(b.hash, 'base64') FROM audit_log b WHERE b.seq = g.seq - 1), ''))
               ORDER BY g.seq), '[]')
        INTO erased FROM gone g;
    PERFORM append_to_audit_log(change || jsonb_build_object('erased', erased));
END
$$;

CREATE OR REPLACE FUNCTION audit_deletion(resources text[], change jsonb) RETURNS void LANGUAGE sql AS $$
    SELECT audit_deletion(resources, '{}', '{}', change)
$$;

-- The claims of a former text without those by these actors, and with nobody in the place of these actors in the others.
CREATE FUNCTION claims_without_actors(claims jsonb, actors uuid[]) RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH kept AS (
        SELECT c.claim, c.n FROM jsonb_array_elements(claims) WITH ORDINALITY AS c (claim, n)
        WHERE c.claim ->> 'actor_id' IS NULL OR (c.claim ->> 'actor_id')::uuid <> ALL (actors))
    SELECT coalesce(jsonb_agg(k.claim || jsonb_build_object(
        'parent_id', (SELECT k.claim -> 'parent_id' FROM kept p WHERE p.claim ->> 'id' = k.claim ->> 'parent_id'),
        'about_ids', (SELECT coalesce(jsonb_agg(a.id ORDER BY a.n), '[]')
                      FROM jsonb_array_elements_text(coalesce(k.claim -> 'about_ids', '[]')) WITH ORDINALITY AS a (id, n)
                      WHERE a.id::uuid <> ALL (actors)),
        'addressee_ids', (SELECT coalesce(jsonb_agg(CASE WHEN a.id::uuid = ANY (actors) THEN NULL ELSE a.id END ORDER BY a.n), '[]')
                          FROM jsonb_array_elements_text(coalesce(k.claim -> 'addressee_ids', '[]')) WITH ORDINALITY AS a (id, n))
        ) ORDER BY k.n), '[]')
    FROM kept k
$$;
