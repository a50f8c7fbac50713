-- Whom claims were spoken to and whom they speak of, and genders that follow from a forename.

ALTER TABLE claims
    -- An array of {"start", "end", "text"}, and beside it, for each, the actor, NULL where nobody is known to be meant.
    ADD COLUMN addressees     jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(addressees) = 'array'),
    ADD COLUMN addressee_ids  uuid[] NOT NULL DEFAULT '{}',
    -- By first mention, each once.
    ADD COLUMN about_ids      uuid[] NOT NULL DEFAULT '{}';

CREATE INDEX claims_by_about ON claims USING gin (about_ids);
CREATE INDEX claims_by_addressee ON claims USING gin (addressee_ids);

ALTER TABLE actors
    DROP CONSTRAINT actors_gender_basis_check,
    ADD CONSTRAINT actors_gender_basis_check
        CHECK (gender_basis IN ('TITLE', 'PRONOUN', 'REGISTER', 'FORENAME'));
