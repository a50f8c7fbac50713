-- What the one on record is committed to, and the times of a claim. Null where the engine does not judge this, as in every
-- claim that was stored before. No checks: they would have the whole table read under a lock.

ALTER TABLE claims
    ADD COLUMN certainty         text,
    ADD COLUMN polarity          text,
    -- {"text", "span", "reading", "granularity", "anchor", "candidates"}, and an array of the same.
    ADD COLUMN utterance_time    jsonb,
    ADD COLUMN referenced_times  jsonb NOT NULL DEFAULT '[]',
    -- How much it is worth checking whether the content is true: 0 to 1.
    ADD COLUMN check_worthiness  real;
