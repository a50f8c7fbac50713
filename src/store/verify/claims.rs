//! Claims and what is derived from them.

use super::check::Check;

// A span whose text equals these bytes of the article's lies within it and on the boundaries of characters. Each text is
// converted once, whatever the number of its claims.
macro_rules! wrong_spans {
    ($spans:literal) => {
        concat!(
            $spans,
            " AS s (span), LATERAL (SELECT (s.span ->> 'start')::integer AS start, (s.span ->> 'end')::integer AS \"end\") p \
             WHERE NOT coalesce(0 <= p.start AND p.start < p.\"end\" AND p.\"end\" <= length(t.bytes), false) \
               OR substring(t.bytes FROM greatest(p.start, 0) + 1 FOR greatest(p.\"end\" - p.start, 0)) \
                  IS DISTINCT FROM convert_to(s.span ->> 'text', 'UTF8')"
        )
    };
}

const SPANS: &str = concat!(
    "SELECT count(*), min(c.id::text) \
     FROM (SELECT id, convert_to(text, 'UTF8') AS bytes FROM articles OFFSET 0) t JOIN claims c ON c.article_id = t.id, ",
    wrong_spans!("LATERAL jsonb_array_elements(c.source || c.cue || c.content || c.addressees)")
);

const EVIDENCE: &str = concat!(
    "SELECT count(*), min(c.id::text) \
     FROM (SELECT id, convert_to(text, 'UTF8') AS bytes FROM articles OFFSET 0) t JOIN claims c ON c.article_id = t.id \
       JOIN claim_relations r ON r.from_id = c.id, ",
    wrong_spans!("LATERAL jsonb_array_elements(r.evidence)")
);

const EARLIER_SPANS: &str = concat!(
    "SELECT count(*), min(format('revision %s of article %s', t.revision, t.article_id)) \
     FROM (SELECT article_id, revision, claims, convert_to(text, 'UTF8') AS bytes FROM article_revisions OFFSET 0) t, \
       LATERAL jsonb_array_elements(t.claims) AS c (claim), ",
    wrong_spans!(
        "LATERAL jsonb_array_elements((c.claim -> 'source') || (c.claim -> 'cue') || (c.claim -> 'content'))"
    )
);

const TIMES: &str = "SELECT count(*), min(c.id::text) FROM claims c JOIN articles a ON a.id = c.article_id \
     WHERE c.sort_time <> a.sort_time";

// A claim stands within one of the same article, and so does what it is related to.
const NEIGHBOURS: &str = "SELECT count(*), min(id::text) FROM ( \
       SELECT c.id FROM claims c JOIN claims p ON p.id = c.parent_id WHERE p.article_id <> c.article_id OR p.id = c.id \
       UNION ALL SELECT f.id FROM claim_relations r JOIN claims f ON f.id = r.from_id JOIN claims t ON t.id = r.to_id \
         WHERE f.article_id <> t.article_id) strangers";

const ACTORS: &str = "SELECT count(*), min(c.id::text) FROM claims c \
     WHERE cardinality(c.addressee_ids) <> jsonb_array_length(c.addressees) \
       OR EXISTS (SELECT FROM unnest(c.about_ids || c.addressee_ids) AS i (id) LEFT JOIN actors a ON a.id = i.id \
                  WHERE i.id IS NOT NULL AND a.id IS NULL)";

const REVIEWS: &str = "SELECT count(*), min(c.id::text) FROM claims c \
       LEFT JOIN (SELECT DISTINCT ON (claim_id) claim_id, state FROM claim_reviews ORDER BY claim_id, id DESC) r \
         ON r.claim_id = c.id \
     WHERE c.review_state <> coalesce(r.state, 'MACHINE')";

const PROPOSITIONS: &str = "SELECT count(*), min(m.claim_id::text) \
     FROM claim_propositions m JOIN claims c ON c.id = m.claim_id WHERE m.sort_time <> c.sort_time";

const EMPTY_TIMES: &str = "SELECT count(*), min(c.id::text) FROM claims c \
     WHERE (c.utterance_start IS NOT NULL AND c.utterance_time IS NULL) \
       OR jsonb_typeof(c.referenced_times) IS DISTINCT FROM 'array'";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("verify::claims::SPANS", SPANS),
    ("verify::claims::EVIDENCE", EVIDENCE),
    ("verify::claims::EARLIER_SPANS", EARLIER_SPANS),
    ("verify::claims::TIMES", TIMES),
    ("verify::claims::NEIGHBOURS", NEIGHBOURS),
    ("verify::claims::ACTORS", ACTORS),
    ("verify::claims::REVIEWS", REVIEWS),
    ("verify::claims::PROPOSITIONS", PROPOSITIONS),
    ("verify::claims::EMPTY_TIMES", EMPTY_TIMES),
];

pub(super) fn checks() -> Vec<Check> {
    vec![
        ("spans hold the words of their texts", sqlx::query_as(SPANS)),
        ("relations quote their texts", sqlx::query_as(EVIDENCE)),
        (
            "spans of earlier revisions hold the words of theirs",
            sqlx::query_as(EARLIER_SPANS),
        ),
        (
            "claims have the time of their article",
            sqlx::query_as(TIMES),
        ),
        (
            "claims are connected within their article",
            sqlx::query_as(NEIGHBOURS),
        ),
        ("claims name actors that exist", sqlx::query_as(ACTORS)),
        (
            "claims are in the state of their last review",
            sqlx::query_as(REVIEWS),
        ),
        (
            "propositions have the times of their claims",
            sqlx::query_as(PROPOSITIONS),
        ),
        ("times of claims can be read", sqlx::query_as(EMPTY_TIMES)),
    ]
}
