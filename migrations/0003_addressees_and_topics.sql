-- Whom claims were spoken to and whom they speak of. The ids are those that were meant when the article was read: who was
-- merged into another since then is looked up when they are read. No checks: they would have the whole table read under
-- a lock.

ALTER TABLE claims
    -- An array of {"start", "end", "text"}, and beside it, for each, the actor, NULL where nobody is known to be meant.
    ADD COLUMN addressees     jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN addressee_ids  uuid[] NOT NULL DEFAULT '{}',
    -- By first mention, each once.
    ADD COLUMN about_ids      uuid[] NOT NULL DEFAULT '{}';
