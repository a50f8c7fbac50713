-- What claims are listed and searched by, besides what they hold already. Both columns are derived from others, by a
-- trigger, so that whatever writes claims keeps them: also a server of the version before, while it still runs. Null in
-- claims that were stored before, until `fill_claims` comes to them.

ALTER TABLE claims
    -- The first moment of the utterance time, where that is known.
    ADD COLUMN utterance_start  timestamptz,
    -- The words of the content, stemmed, with their places.
    ADD COLUMN search           tsvector;

-- Text as it is searched and highlighted: what the parser would take for a tag, and what marks a highlight, is
-- replaced, character by character.
CREATE FUNCTION searchable(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(words, U&'<>\0002\0003', U&'\2039\203A  ')
$$;

-- Bounded: a tsvector holds at most 1 MiB. PL/pgSQL plans this once a connection, SQL once a claim.
CREATE FUNCTION claim_search(content jsonb) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (SELECT to_tsvector('english', searchable(left(
                       string_agg(p.passage ->> 'text', ' … ' ORDER BY p.place), 50000)))
            FROM jsonb_array_elements(content) WITH ORDINALITY AS p (passage, place));
END
$$;

-- Null for years that Postgres would not read as they are written.
CREATE FUNCTION claim_utterance_start(utterance_time jsonb) RETURNS timestamptz
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN CASE WHEN utterance_time #>> '{reading,start}' ~ '^[0-9]{4}-'
                THEN (utterance_time #>> '{reading,start}')::timestamptz END;
END
$$;

CREATE FUNCTION derive_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search := claim_search(NEW.content);
    NEW.utterance_start := claim_utterance_start(NEW.utterance_time);
    RETURN NEW;
END
$$;

CREATE TRIGGER derive_claim BEFORE INSERT OR UPDATE OF content, utterance_time ON claims
    FOR EACH ROW EXECUTE FUNCTION derive_claim();

-- Derives the columns of claims that were stored before, some at a time: no row stays locked for long. May be repeated.
CREATE PROCEDURE fill_claims(batch integer) LANGUAGE plpgsql AS $$
DECLARE
    last  uuid := '00000000-0000-0000-0000-000000000000';
    ids   uuid[];
BEGIN
    LOOP
        SELECT array_agg(s.id ORDER BY s.id) INTO ids
            FROM (SELECT c.id FROM claims c WHERE c.id > last ORDER BY c.id LIMIT batch) s;
        EXIT WHEN ids IS NULL;
        PERFORM 1 FROM claims c WHERE c.id = ANY (ids) AND c.search IS NULL ORDER BY c.id FOR NO KEY UPDATE;
        UPDATE claims c
            SET search = claim_search(c.content), utterance_start = claim_utterance_start(c.utterance_time)
            WHERE c.id = ANY (ids) AND c.search IS NULL;
        last := ids[array_length(ids, 1)];
        COMMIT;
    END LOOP;
END
$$;
