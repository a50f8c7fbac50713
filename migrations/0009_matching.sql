-- How the claims of an article stand to each other, as the engine read them. Articles that were read before have none
-- until they are read again.
CREATE TABLE claim_relations (
    from_id     uuid NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    to_id       uuid NOT NULL REFERENCES claims (id) ON DELETE CASCADE CHECK (to_id <> from_id),
    kind        text NOT NULL CHECK (kind IN ('REPEATS', 'RESPONDS_TO')),
    -- An array of {"start", "end", "text"}.
    evidence    jsonb NOT NULL CHECK (jsonb_typeof(evidence) = 'array'),
    confidence  real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    PRIMARY KEY (from_id, kind)
);

CREATE INDEX claim_relations_by_target ON claim_relations (to_id);

-- By what near-duplicates are found: of articles that copy no other and are long enough to tell. Those that were stored
-- before have none.
CREATE TABLE article_signatures (
    article_id  uuid PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    signature   bytea NOT NULL,
    bands       bigint[] NOT NULL
);

-- Every ingest looks here: nothing may wait to be sorted in.
CREATE INDEX article_signatures_by_band ON article_signatures USING gin (bands) WITH (fastupdate = off);
