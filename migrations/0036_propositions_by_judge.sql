-- How sure it is that a claim says what its proposition's founder says, from 0 to 1, and the version of the judge that said
-- so. Both null where an older version of this program put it there; the judge of today looks at those again.

ALTER TABLE claim_propositions
    ADD COLUMN confidence  real,
    ADD COLUMN judge       text;
