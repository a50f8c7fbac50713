-- 3,000 articles with 30,000 claims of 1,500 actors: a few actors have most claims, a few publishers most articles.
INSERT INTO actors (id, display_name, sort_name, kind)
SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Person ' || n, 'person ' || n,
       CASE WHEN n % 5 = 0 THEN 'ORGANIZATION' ELSE 'PERSON' END
FROM generate_series(1, 1500) n;
INSERT INTO actor_names (actor_id, name, name_key) SELECT id, display_name, sort_name FROM actors;
INSERT INTO articles (id, content_key, publisher, language_code, publish_time, text, text_sha256, blocks, engine_name,
                      engine_version, extract_time, extract_duration_us, sort_time, state)
SELECT ('00000001-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, sha256(n::text::bytea),
       'Publisher ' || floor(40 ^ ((n * 7 % 1000) / 1000.0)), CASE WHEN n % 50 = 0 THEN 'de' ELSE 'en' END, s.time,
       repeat('The quay is closed. ', 20), sha256(n::text::bytea), '[]', 'rules', '1', s.time, 1, s.time,
       CASE WHEN n % 100 = 0 THEN 'RETRACTED' ELSE 'ACTIVE' END
FROM (SELECT n, timestamptz '2020-01-01' + n * interval '1 hour' AS time FROM generate_series(1, 3000) n) s;
INSERT INTO claims (id, article_id, ordinal, sort_time, actor_id, about_ids, addressee_ids, source, source_class, cue, content,
                    quote_type, kind, certainty, polarity, confidence, actor_confidence,
                    engine_name, engine_version, review_state)
SELECT ('00000002-0000-7000-8000-' || lpad(to_hex(s.n), 12, '0'))::uuid, a.id, s.n % 10, a.sort_time, s.actor,
       CASE WHEN s.n % 3 = 0 THEN ARRAY[s.other] ELSE '{}' END, CASE WHEN s.n % 20 = 0 THEN ARRAY[s.other] ELSE '{}' END,
       '[]', (ARRAY['NAMED', 'ROLE', 'ANONYMOUS'])[1 + s.n % 3], '[]',
       jsonb_build_array(jsonb_build_object('start', 0, 'end', 4, 'text',
           (ARRAY['the quay', 'a ferry', 'our harbour', 'new cranes'])[1 + s.n % 4] || ' number ' || s.n)),
       (ARRAY['DIRECT', 'INDIRECT', 'MIXED'])[1 + s.n % 3], (ARRAY['ASSERTION', 'DENIAL', 'DEMAND', 'BELIEF'])[1 + s.n % 4],
       (ARRAY['CERTAIN', 'PROBABLE', 'POSSIBLE'])[1 + s.n % 3], (ARRAY['POSITIVE', 'NEGATIVE'])[1 + s.n % 2],
       (s.n * 37 % 1000) / 1000.0, (s.n * 53 % 1000) / 1000.0, 'rules', '1', CASE WHEN s.n % 200 = 0 THEN 'CONFIRMED' ELSE 'MACHINE' END
FROM (SELECT n, pick.actor[1 + floor(1500 ^ ((n * 13 % 997) / 997.0))::int % 1500] AS actor,
             pick.actor[1 + floor(1500 ^ ((n * 29 % 991) / 991.0))::int % 1500] AS other
      FROM generate_series(0, 29999) n, (SELECT array_agg(id ORDER BY id) AS actor FROM actors) pick) s
JOIN articles a ON a.id = ('00000001-0000-7000-8000-' || lpad(to_hex(1 + s.n / 10), 12, '0'))::uuid;
-- Two claims in three belong to one of a thousand propositions.
INSERT INTO claim_propositions (claim_id, proposition_id, sort_time)
SELECT c.id, ('00000002-0000-7000-8000-' || lpad(to_hex(1 + row_number() OVER (ORDER BY c.id) % 1000), 12, '0'))::uuid,
       c.sort_time FROM claims c WHERE c.ordinal % 3 > 0;
-- 2,000 fact checks, each of two claims.
INSERT INTO fact_checks (id, key, uri, claim_reviewed, publisher, claimant, claimant_key, appearance_uris, rating)
SELECT ('00000003-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, sha256(n::text::bytea), 'https://checks.example/' || n,
       'the quay number ' || n, 'Harbour Checks', 'Person ' || n, 'person ' || n, '{}', '{"text": "False"}'
FROM generate_series(1, 2000) n;
INSERT INTO fact_check_claims (claim_id, fact_check_id, confidence, is_sure, judge)
SELECT ('00000002-0000-7000-8000-' || lpad(to_hex(n * m), 12, '0'))::uuid,
       ('00000003-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 0.95, true, '1'
FROM generate_series(1, 2000) n, generate_series(4, 5) m;
ANALYZE;
