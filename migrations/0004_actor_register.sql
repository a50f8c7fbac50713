-- Resolution of actors across articles, and their merging and splitting.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Whom an actor was merged into in the end; itself where it was not merged.
CREATE FUNCTION actor_root(id uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    WITH RECURSIVE up AS (
        SELECT a.id, a.merged_into FROM actors a WHERE a.id = $1
        UNION ALL SELECT a.id, a.merged_into FROM up JOIN actors a ON a.id = up.merged_into)
    SELECT up.id FROM up WHERE up.merged_into IS NULL
$$;

CREATE INDEX actor_roles_by_organization ON actor_roles (lower(organization), actor_id);

-- Further keys that mean an actor, besides its identity_key: other names of those in a register. NULL for a key that
-- several of them share: with it a longer name has to tell.
CREATE TABLE actor_keys (
    key       text PRIMARY KEY CHECK (octet_length(key) BETWEEN 1 AND 500),
    actor_id  uuid REFERENCES actors (id) ON DELETE CASCADE
);

CREATE INDEX actor_keys_by_actor ON actor_keys (actor_id);

-- Who changed which actors, and when.
CREATE TABLE actor_changes (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL CHECK (kind IN ('MERGE', 'SPLIT', 'UPDATE')),
    -- The actor that stays, and the one that was merged into it or split off. NULL for an update.
    actor_id        uuid NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    other_actor_id  uuid REFERENCES actors (id) ON DELETE CASCADE,
    requested_by    text NOT NULL CHECK (octet_length(requested_by) BETWEEN 1 AND 500),
    reason          text NOT NULL DEFAULT '',
    -- Names and roles that a merge gave to the actor that stays, so that they can go again.
    names           text[] NOT NULL DEFAULT '{}',
    roles           jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(roles) = 'array'),
    claim_count     bigint NOT NULL DEFAULT 0,
    -- The change that undid this one.
    undone_by       uuid REFERENCES actor_changes (id) ON DELETE CASCADE,
    create_time     timestamptz NOT NULL DEFAULT now(),
    CHECK ((kind = 'UPDATE') = (other_actor_id IS NULL))
);

CREATE INDEX actor_changes_by_actor ON actor_changes (actor_id, id DESC);
CREATE INDEX actor_changes_by_other ON actor_changes (other_actor_id, id DESC) WHERE other_actor_id IS NOT NULL;

-- Which claims a change moved.
CREATE TABLE actor_change_claims (
    change_id  uuid NOT NULL REFERENCES actor_changes (id) ON DELETE CASCADE,
    claim_id   uuid NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    PRIMARY KEY (change_id, claim_id)
);

CREATE INDEX actor_change_claims_by_claim ON actor_change_claims (claim_id);

-- Offices with their dates, as a register knows them; the same office more than once where it was held again.
CREATE TABLE actor_terms (
    actor_id      uuid NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    title         text NOT NULL CHECK (octet_length(title) BETWEEN 1 AND 500),
    organization  text NOT NULL DEFAULT '' CHECK (octet_length(organization) <= 500),
    start_date    date NOT NULL,
    end_date      date CHECK (end_date >= start_date),
    PRIMARY KEY (actor_id, title, organization, start_date)
);

CREATE INDEX actor_terms_by_organization ON actor_terms (lower(organization), actor_id);
