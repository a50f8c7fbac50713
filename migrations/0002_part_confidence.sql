-- How likely each part of a claim is right to the last word. Null where the engine does not judge this, as in every
-- claim that was stored before.

ALTER TABLE claims
    ADD COLUMN source_confidence  real CHECK (source_confidence BETWEEN 0 AND 1),
    ADD COLUMN cue_confidence     real CHECK (cue_confidence BETWEEN 0 AND 1),
    ADD COLUMN content_confidence real CHECK (content_confidence BETWEEN 0 AND 1);
