-- Names are found without accents, and with another letter for those that not every keyboard has: "Lukasz" is Łukasz.
--
-- A function and not a column: the version of the server before goes on writing names that it knows nothing of. Input is a
-- name in lower case. Everything is of pg_catalog, for indexes are rebuilt without a search path.
CREATE FUNCTION folded_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(
        pg_catalog.translate(
            pg_catalog.regexp_replace(pg_catalog.normalize(name, 'NFD'), '[\u0300-\u036f]', '', 'g'),
            'łøđðıħŧŋς’‘ʼʻ′`´‐‑', 'loddihtnσ''''''''''''''--'),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
$$;
