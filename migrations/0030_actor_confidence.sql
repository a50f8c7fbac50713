-- How likely a claim's actor is whom its source means: 0 to 1, and 1 where a person said so. Null where the claim has no
-- actor, and where this was not judged, as in every claim that was stored before. No checks: they would have whole tables
-- read under a lock.

ALTER TABLE claims
    ADD COLUMN actor_confidence  real;

-- What it was before a split gave the claim to another, for when that is undone.
ALTER TABLE actor_change_claims
    ADD COLUMN actor_confidence  real;

-- What the machine had said of it, where its actor is among the fields that people changed.
ALTER TABLE claim_reviews
    ADD COLUMN machine_actor_confidence  real;

-- What filters ask for, as it was before a change: watchers filter by this, too.
CREATE OR REPLACE FUNCTION claim_filtered_columns(c claims) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'article_id', c.article_id, 'ordinal', c.ordinal, 'sort_time', c.sort_time, 'actor_id', c.actor_id,
        'parent_id', c.parent_id, 'source_class', c.source_class, 'quote_type', c.quote_type, 'kind', c.kind,
        'reporter_stance', c.reporter_stance, 'certainty', c.certainty, 'polarity', c.polarity,
        'confidence', c.confidence, 'actor_confidence', c.actor_confidence, 'review_state', c.review_state,
        'utterance_start', c.utterance_start, 'addressee_ids', c.addressee_ids, 'about_ids', c.about_ids)
$$;
