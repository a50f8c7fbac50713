-- Hashes, as articles.content_key, of what articles were stored as before their metadata was put right: the same document
-- sent again is still this article.
CREATE TABLE former_contents (
    content_key   bytea NOT NULL CHECK (octet_length(content_key) = 32),
    article_id    uuid NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    replace_time  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (content_key, article_id)
);

CREATE INDEX former_contents_by_article ON former_contents (article_id);

CREATE FUNCTION audited_metadata(a articles) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'title', a.title, 'uri', a.uri, 'publisher', a.publisher, 'authors', a.authors,
        'language_code', a.language_code, 'publish_time', a.publish_time, 'time_zone', a.time_zone,
        'external_id', a.external_id)
$$;

-- Everybody in the claims of a former text.
CREATE FUNCTION revision_actors(claims jsonb) RETURNS uuid[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT s.id::uuid), '{}')
    FROM jsonb_array_elements(claims) AS c (claim),
        LATERAL (SELECT c.claim ->> 'actor_id' AS id
                 UNION ALL SELECT jsonb_array_elements_text(coalesce(c.claim -> 'about_ids', '[]'))
                 UNION ALL SELECT jsonb_array_elements_text(coalesce(c.claim -> 'addressee_ids', '[]'))) s
    WHERE s.id IS NOT NULL
$$;
