-- Vectors of what claims say, where the extension pgvector is at hand. These functions are there in every database, so that
-- the service has one set of statements: without the extension they know nothing.

-- Has vectors be kept from now on, if that is possible: the extension is installed, or may be by whoever calls this. True if
-- they are kept.
CREATE FUNCTION prepare_embeddings() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('claim_embeddings') IS NOT NULL THEN
        RETURN true;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') THEN
        RETURN false;
    END IF;
    CREATE EXTENSION IF NOT EXISTS vector;
    EXECUTE 'CREATE TABLE claim_embeddings (
                 claim_id   uuid PRIMARY KEY REFERENCES claims (id) ON DELETE CASCADE,
                 -- Vectors of different encoders must not be compared.
                 encoder    text NOT NULL,
                 embedding  vector(384) NOT NULL)';
    EXECUTE 'CREATE INDEX claim_embeddings_by_meaning ON claim_embeddings USING hnsw (embedding vector_ip_ops)';
    RETURN true;
EXCEPTION
    -- Whoever may not install it, and versions from before the index, do without.
    WHEN insufficient_privilege OR undefined_object OR feature_not_supported THEN
        RETURN false;
END
$$;

CREATE FUNCTION keeps_embeddings() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT to_regclass('claim_embeddings') IS NOT NULL
$$;

-- A vector is written as pgvector reads it: [1,0.5,…].
CREATE FUNCTION keep_embeddings(encoder text, ids uuid[], embeddings text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF keeps_embeddings() THEN
        EXECUTE 'INSERT INTO claim_embeddings (claim_id, encoder, embedding)
                 SELECT u.id, $1, u.embedding::vector FROM unnest($2, $3) AS u (id, embedding)
                   JOIN claims c ON c.id = u.id
                 ON CONFLICT (claim_id) DO UPDATE SET encoder = EXCLUDED.encoder, embedding = EXCLUDED.embedding'
            USING encoder, ids, embeddings;
    END IF;
END
$$;

-- The claims whose vectors point most in the direction of this one. All are of length 1.
CREATE FUNCTION nearest_claims(encoder text, embedding text, most integer) RETURNS TABLE (claim_id uuid)
    LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF keeps_embeddings() THEN
        RETURN QUERY EXECUTE 'SELECT e.claim_id FROM claim_embeddings e WHERE e.encoder = $1
                              ORDER BY e.embedding <#> $2::vector LIMIT $3'
            USING encoder, embedding, most;
    END IF;
END
$$;
