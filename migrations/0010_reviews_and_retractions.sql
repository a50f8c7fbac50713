-- What people said of claims, and who withdrew articles.

-- One row for each review. The claim's own columns hold the values as reviewed, so that filters and search see them. No
-- reference to the claim: what was said of it stays readable when it is gone.
CREATE TABLE claim_reviews (
    claim_id      uuid NOT NULL,
    -- Grows with time: whoever reviews a claim holds its lock.
    id            bigint GENERATED ALWAYS AS IDENTITY,
    action        text NOT NULL CHECK (action IN ('CONFIRM', 'REJECT', 'EDIT', 'WITHDRAW')),
    -- The claim's state from then on.
    state         text NOT NULL CHECK (state IN ('MACHINE', 'CONFIRMED', 'EDITED', 'REJECTED')),
    -- The fields that were changed, by path, as they were and as they became.
    before        jsonb NOT NULL CHECK (jsonb_typeof(before) = 'object'),
    after         jsonb NOT NULL CHECK (jsonb_typeof(after) = 'object'),
    -- What the machine had said of all fields that people changed since it last stood alone.
    machine       jsonb NOT NULL CHECK (jsonb_typeof(machine) = 'object'),
    requested_by  text NOT NULL CHECK (requested_by <> ''),
    reason        text NOT NULL,
    create_time   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (claim_id, id)
);

ALTER TABLE articles
    -- Who asked for the article's retraction, why and when. Null unless it is retracted.
    ADD COLUMN retracted_by    text,
    ADD COLUMN retract_reason  text,
    ADD COLUMN retract_time    timestamptz;
