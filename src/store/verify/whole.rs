//! The schema, and what refers to what.

use super::check::Check;

const INDEXES: &str = "SELECT count(*), min(c.relname::text) \
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
     WHERE (NOT i.indisvalid OR NOT i.indisready) AND c.relnamespace = current_schema()::regnamespace";

const CONSTRAINTS: &str = "SELECT count(*), min(format('%s of %s', conname, conrelid::regclass)) FROM pg_constraint \
     WHERE NOT convalidated AND connamespace = current_schema()::regnamespace";

const FOREIGN_KEYS: &str = "SELECT count(*), min(format('%s %s', what, id)) FROM ( \
       SELECT 'article of request' AS what, r.request_id AS id FROM ingest_requests r \
         LEFT JOIN articles p ON p.id = r.article_id WHERE p.id IS NULL \
       UNION ALL SELECT 'original of article', a.id::text FROM articles a \
         LEFT JOIN articles p ON p.id = a.duplicate_of WHERE a.duplicate_of IS NOT NULL AND p.id IS NULL \
       UNION ALL SELECT 'article of a signature', s.article_id::text FROM article_signatures s \
         LEFT JOIN articles p ON p.id = s.article_id WHERE p.id IS NULL \
       UNION ALL SELECT 'article of a revision', r.article_id::text FROM article_revisions r \
         LEFT JOIN articles p ON p.id = r.article_id WHERE p.id IS NULL \
       UNION ALL SELECT 'article of a former content', f.article_id::text FROM former_contents f \
         LEFT JOIN articles p ON p.id = f.article_id WHERE p.id IS NULL \
       UNION ALL SELECT 'deletion of a content', d.deletion_id::text FROM deleted_contents d \
         LEFT JOIN deletions p ON p.id = d.deletion_id WHERE p.id IS NULL \
       UNION ALL SELECT 'article of claim', c.id::text FROM claims c \
         LEFT JOIN articles p ON p.id = c.article_id WHERE p.id IS NULL \
       UNION ALL SELECT 'actor of claim', c.id::text FROM claims c \
         LEFT JOIN actors p ON p.id = c.actor_id WHERE c.actor_id IS NOT NULL AND p.id IS NULL \
       UNION ALL SELECT 'outer claim of claim', c.id::text FROM claims c \
         LEFT JOIN claims p ON p.id = c.parent_id WHERE c.parent_id IS NOT NULL AND p.id IS NULL \
       UNION ALL SELECT 'claim of a relation', r.from_id::text FROM claim_relations r \
         LEFT JOIN claims f ON f.id = r.from_id LEFT JOIN claims t ON t.id = r.to_id \
         WHERE f.id IS NULL OR t.id IS NULL \
       UNION ALL SELECT 'claim of a proposition', m.claim_id::text FROM claim_propositions m \
         LEFT JOIN claims p ON p.id = m.claim_id WHERE p.id IS NULL \
       UNION ALL SELECT 'target of actor', a.id::text FROM actors a \
         LEFT JOIN actors p ON p.id = a.merged_into WHERE a.merged_into IS NOT NULL AND p.id IS NULL \
       UNION ALL SELECT 'actor of a name', n.actor_id::text FROM actor_names n \
         LEFT JOIN actors p ON p.id = n.actor_id WHERE p.id IS NULL \
       UNION ALL SELECT 'actor of a role', r.actor_id::text FROM actor_roles r \
         LEFT JOIN actors p ON p.id = r.actor_id WHERE p.id IS NULL \
       UNION ALL SELECT 'actor of change', h.id::text FROM actor_changes h \
         LEFT JOIN actors p ON p.id = h.actor_id WHERE p.id IS NULL) broken";

// Following the merges from every actor ends somewhere.
const MERGES: &str = "WITH RECURSIVE up (id, target, steps) AS ( \
       SELECT id, merged_into, 1 FROM actors WHERE merged_into IS NOT NULL \
       UNION ALL SELECT u.id, a.merged_into, u.steps + 1 FROM up u JOIN actors a ON a.id = u.target \
         WHERE a.merged_into IS NOT NULL AND u.steps < 1000) \
     SELECT count(DISTINCT id), min(id::text) FROM up WHERE steps = 1000";

// The log begins behind the place up to which it was pruned.
const EVENTS: &str = "SELECT count(*) + (SELECT abs(count(*) - 1) FROM claim_events_pruned), \
       min(format('event %s of transaction %s', e.id, e.tx)) \
     FROM claim_events e JOIN claim_events_pruned p ON (e.tx, e.id) <= (p.tx, p.id)";

// What the log says was deleted is not there, and what it has seen is there or was deleted.
const LOG: &str = "SELECT count(*), min(l.claim_id::text) \
     FROM (SELECT claim_id, bool_or(change = 'DELETED') AS deleted FROM claim_events GROUP BY claim_id) l \
       LEFT JOIN claims c ON c.id = l.claim_id WHERE l.deleted = (c.id IS NOT NULL)";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("verify::whole::INDEXES", INDEXES),
    ("verify::whole::CONSTRAINTS", CONSTRAINTS),
    ("verify::whole::FOREIGN_KEYS", FOREIGN_KEYS),
    ("verify::whole::MERGES", MERGES),
    ("verify::whole::EVENTS", EVENTS),
    ("verify::whole::LOG", LOG),
];

pub(super) fn checks() -> Vec<Check> {
    vec![
        ("indexes are complete", sqlx::query_as(INDEXES)),
        ("constraints are validated", sqlx::query_as(CONSTRAINTS)),
        ("foreign keys lead somewhere", sqlx::query_as(FOREIGN_KEYS)),
        (
            "merged actors lead to one that is not",
            sqlx::query_as(MERGES),
        ),
        ("events come after the pruned ones", sqlx::query_as(EVENTS)),
        ("the event log agrees with the claims", sqlx::query_as(LOG)),
    ]
}
