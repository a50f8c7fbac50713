-- In a transaction of its own: it locks no more than the rows.
UPDATE claim_reviews r SET article_id = c.article_id FROM claims c WHERE c.id = r.claim_id AND r.article_id IS NULL;
UPDATE claim_reviews r SET article_id = v.article_id
    FROM article_revisions v, jsonb_array_elements(v.claims) AS e (claim)
    WHERE r.article_id IS NULL AND (e.claim ->> 'id')::uuid = r.claim_id;
