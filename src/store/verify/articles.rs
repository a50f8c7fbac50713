//! Articles and their revisions.

use super::check::Check;

const HASHES: &str = "SELECT count(*), min(id::text) FROM ( \
       SELECT id FROM articles WHERE text_sha256 <> sha256(convert_to(text, 'UTF8')) \
       UNION ALL SELECT article_id FROM article_revisions WHERE text_sha256 <> sha256(convert_to(text, 'UTF8'))) wrong";

// The current revision follows on the earlier ones, of which none is missing.
const REVISIONS: &str = "SELECT count(*), min(a.id::text) FROM articles a \
       LEFT JOIN (SELECT article_id, count(*) AS earlier, max(revision) AS newest FROM article_revisions \
                  GROUP BY article_id) r ON r.article_id = a.id \
     WHERE a.revision <> 1 + coalesce(r.earlier, 0) OR coalesce(r.newest, 0) <> coalesce(r.earlier, 0)";

const COPIES: &str = "SELECT count(*), min(a.id::text) FROM articles a JOIN articles o ON o.id = a.duplicate_of \
     WHERE a.id = o.id OR o.duplicate_of = a.id";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("verify::articles::HASHES", HASHES),
    ("verify::articles::REVISIONS", REVISIONS),
    ("verify::articles::COPIES", COPIES),
];

pub(super) fn checks() -> Vec<Check> {
    vec![
        ("texts have their SHA-256", sqlx::query_as(HASHES)),
        (
            "articles have one current revision",
            sqlx::query_as(REVISIONS),
        ),
        (
            "copies are not each other's originals",
            sqlx::query_as(COPIES),
        ),
    ]
}
