-- A forename tells a gender too, until something better does. Rows are checked already: the old values are among the new.
ALTER TABLE actors DROP CONSTRAINT actors_gender_basis_check;
ALTER TABLE actors ADD CONSTRAINT actors_gender_basis_check
    CHECK (gender_basis IN ('TITLE', 'PRONOUN', 'REGISTER', 'FORENAME')) NOT VALID;
