-- What filters ask for, as it was before a change: watchers filter by how much a claim is worth checking, too.
CREATE OR REPLACE FUNCTION claim_filtered_columns(c claims) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', c.id, 'article_id', c.article_id, 'ordinal', c.ordinal, 'sort_time', c.sort_time, 'actor_id', c.actor_id,
        'parent_id', c.parent_id, 'source_class', c.source_class, 'quote_type', c.quote_type, 'kind', c.kind,
        'reporter_stance', c.reporter_stance, 'certainty', c.certainty, 'polarity', c.polarity,
        'confidence', c.confidence, 'actor_confidence', c.actor_confidence, 'check_worthiness', c.check_worthiness,
        'review_state', c.review_state, 'utterance_start', c.utterance_start, 'addressee_ids', c.addressee_ids,
        'about_ids', c.about_ids)
$$;
