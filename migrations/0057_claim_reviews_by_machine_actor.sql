-- no-transaction
-- Whom the machine had taken for the actor of a claim that people gave to another: withdrawing that needs the actor.
CREATE INDEX CONCURRENTLY IF NOT EXISTS claim_reviews_by_machine_actor ON claim_reviews ((machine ->> 'actor'))
    WHERE machine ->> 'actor' IS NOT NULL;
