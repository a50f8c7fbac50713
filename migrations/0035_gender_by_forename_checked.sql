-- In a transaction of its own: it reads all actors, beside those that write them.
ALTER TABLE actors VALIDATE CONSTRAINT actors_gender_basis_check;
