-- Who called when people's changes were recorded: the name that the server verified, beside what the request claims of
-- itself (requested_by, retracted_by). Empty or null where nobody had to say who they are, as for all older rows.

ALTER TABLE actor_changes ADD COLUMN caller text NOT NULL DEFAULT '';

ALTER TABLE claim_reviews ADD COLUMN caller text NOT NULL DEFAULT '';

-- Who had the text replaced.
ALTER TABLE article_revisions ADD COLUMN caller text NOT NULL DEFAULT '';

ALTER TABLE articles ADD COLUMN retract_caller text;
