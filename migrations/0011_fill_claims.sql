-- no-transaction
-- A batch at a time, each committed: new claims have these columns already, those stored before get them here.
CALL fill_claims(2000);
