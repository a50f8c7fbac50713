//! Deleting articles for good, with all that is known only from them.

use sqlx::postgres::PgArguments;
use sqlx::{PgConnection, Postgres, query::Query};
use uuid::Uuid;

use super::content::signature;
use super::duplicates::remember;
use crate::domain::{ActorId, ArticleId, Deletion};
use crate::store::actors::lock_actors;
use crate::store::claims::lock_claims;
use crate::store::db::{Store, StoreError};
use crate::store::deletions::{
    Delete, Deleted, Erased, audit_deletion, deletion, forget_claims, insert_deletion,
};
use crate::store::write_requests::{Terms, WriteRequest};

// The strongest lock at once, as in `correct`: the row is going to be deleted.
const LOCK: &str = "SELECT row_version FROM articles WHERE id = $1 FOR UPDATE";

// Finding whatever else says the same may take long.
const NO_TIMEOUT: &str = "SET LOCAL statement_timeout = 0";

// Names and roles of actors may come from former texts, too. In a statement of its own, which sees what a correction
// archived that the lock waited for.
const SAID: &str = "SELECT concat_ws(E'\\n', a.text, a.title, \
       (SELECT string_agg(concat_ws(E'\\n', r.text, r.title), E'\\n') \
        FROM article_revisions r WHERE r.article_id = a.id)) \
     FROM articles a WHERE a.id = $1";

// Also claims of former texts and former readings, of which reviews tell.
const CLAIMS: &str = "SELECT id FROM claims WHERE article_id = $1 \
     UNION SELECT (e.claim ->> 'id')::uuid FROM article_revisions r, jsonb_array_elements(r.claims) AS e (claim) \
     WHERE r.article_id = $1 \
     UNION SELECT claim_id FROM claim_reviews WHERE article_id = $1";

const ACTORS: &str = "SELECT DISTINCT s.id FROM ( \
       SELECT unnest(c.actor_id || c.addressee_ids || c.about_ids) AS id FROM claims c WHERE c.article_id = $1 \
       UNION ALL SELECT unnest(revision_actors(r.claims)) FROM article_revisions r WHERE r.article_id = $1) s \
     WHERE s.id IS NOT NULL ORDER BY s.id";

const DELETE_CLAIMS: &str = "DELETE FROM claims WHERE article_id = $1";

// Of several copies, the earliest becomes the original of the others.
const HEIR: &str =
    "SELECT id, text FROM articles WHERE duplicate_of = $1 ORDER BY sort_time, id LIMIT 1";

const INHERIT: &str = "UPDATE articles SET duplicate_of = nullif($2, id), update_time = clock_timestamp(), \
       row_version = row_version + 1 WHERE duplicate_of = $1";

const REMEMBER_CONTENTS: &str = "INSERT INTO deleted_contents (content_key, deletion_id) \
     SELECT content_key, id FROM articles WHERE id = $1 \
     UNION SELECT content_key, article_id FROM article_revisions WHERE article_id = $1 \
     UNION SELECT content_key, article_id FROM former_contents WHERE article_id = $1 \
     ON CONFLICT (content_key) DO UPDATE SET deletion_id = EXCLUDED.deletion_id";

const DELETE: &str = "DELETE FROM articles WHERE id = $1";

// Those of whom nothing else is known: no register names them, nobody changed or merged them, and no other article has
// claims by, to or about them, now, in a former text, or before people reviewed them.
const DELETE_ACTORS: &str = "DELETE FROM actors a \
     WHERE a.id = ANY($1) AND a.external_ids = '{}' AND a.merged_into IS NULL \
       AND NOT EXISTS (SELECT FROM actor_keys k WHERE k.actor_id = a.id) \
       AND NOT EXISTS (SELECT FROM actor_changes h WHERE h.actor_id = a.id OR h.other_actor_id = a.id) \
       AND NOT EXISTS (SELECT FROM claims c WHERE c.actor_id = a.id) \
       AND NOT EXISTS (SELECT FROM claim_reviews v WHERE v.machine ->> 'actor' = a.id::text) \
       AND NOT EXISTS (SELECT FROM claims c \
                       WHERE c.about_ids @> ARRAY[a.id] OR c.addressee_ids @> ARRAY[a.id]) \
       AND NOT EXISTS (SELECT FROM article_revisions r WHERE revision_actors(r.claims) @> ARRAY[a.id])";

// What only this article said of the others. Where people changed an actor, its names are theirs.
macro_rules! said_only_here {
    ($words:literal) => {
        concat!(
            " AND position(",
            $words,
            " IN $2) > 0 \
             AND NOT EXISTS (SELECT FROM actor_changes h WHERE h.actor_id = a.id OR h.other_actor_id = a.id) \
             AND NOT EXISTS (SELECT FROM actor_keys k WHERE k.actor_id = a.id) \
             AND NOT EXISTS (SELECT FROM claims c JOIN articles o ON o.id = c.article_id \
                             WHERE (c.actor_id = a.id OR c.about_ids @> ARRAY[a.id] OR c.addressee_ids @> ARRAY[a.id]) \
                               AND position(",
            $words,
            " IN o.text) > 0)"
        )
    };
}

const DELETE_NAMES: &str = concat!(
    "DELETE FROM actor_names n USING actors a WHERE a.id = n.actor_id AND a.id = ANY($1) AND n.name <> a.display_name",
    said_only_here!("n.name")
);

const DELETE_ROLES: &str = concat!(
    "DELETE FROM actor_roles r USING actors a WHERE a.id = r.actor_id AND a.id = ANY($1)",
    said_only_here!("r.title")
);

// Of roles that other articles state, too, in other words.
const FORGET_EVIDENCE: &str = concat!(
    "UPDATE actor_roles r SET evidence = NULL FROM actors a WHERE a.id = r.actor_id AND a.id = ANY($1)",
    said_only_here!("r.evidence")
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("articles::delete::LOCK", LOCK),
    ("articles::delete::NO_TIMEOUT", NO_TIMEOUT),
    ("articles::delete::SAID", SAID),
    ("articles::delete::CLAIMS", CLAIMS),
    ("articles::delete::ACTORS", ACTORS),
    ("articles::delete::DELETE_CLAIMS", DELETE_CLAIMS),
    ("articles::delete::HEIR", HEIR),
    ("articles::delete::INHERIT", INHERIT),
    ("articles::delete::REMEMBER_CONTENTS", REMEMBER_CONTENTS),
    ("articles::delete::DELETE", DELETE),
    ("articles::delete::DELETE_ACTORS", DELETE_ACTORS),
    ("articles::delete::DELETE_NAMES", DELETE_NAMES),
    ("articles::delete::DELETE_ROLES", DELETE_ROLES),
    ("articles::delete::FORGET_EVIDENCE", FORGET_EVIDENCE),
];

impl Store {
    /// Deletes an article with its former texts, its claims, their reviews, and what is known of actors only from it,
    /// all or nothing, once for a request. What stays is that it was deleted, and a hash of its contents.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn delete_article(
        &self,
        delete: &Delete<ArticleId>,
        request: Option<&WriteRequest>,
    ) -> Result<Deleted, StoreError> {
        let terms = Terms::once(request).or_trial(delete.validate_only);
        // The same request finds that the article is deleted already.
        self.run_once("delete_article", terms, delete, |tx, delete, _| {
            Box::pin(delete_if_there(tx, delete))
        })
        .await
    }
}

async fn delete_if_there(
    tx: &mut PgConnection,
    delete: &Delete<ArticleId>,
) -> Result<Deleted, StoreError> {
    let row_version: Option<i64> = sqlx::query_scalar(LOCK)
        .bind(delete.id.0)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row_version) = row_version else {
        let before = deletion(tx, delete.id.0).await?;
        return Ok(before.map_or(Deleted::NotFound, Deleted::Before));
    };
    if delete
        .row_version
        .is_some_and(|wanted| wanted != row_version)
    {
        return Ok(Deleted::OtherVersion);
    }
    run(tx, sqlx::query(NO_TIMEOUT)).await?;
    Ok(Deleted::Done(delete_one(tx, delete).await?))
}

/// Deletes a locked article.
async fn delete_one(
    tx: &mut PgConnection,
    delete: &Delete<ArticleId>,
) -> Result<Deletion, StoreError> {
    let id = delete.id.0;
    let said: String = sqlx::query_scalar(SAID)
        .bind(id)
        .fetch_one(&mut *tx)
        .await?;
    let ever: Vec<Uuid> = sqlx::query_scalar(CLAIMS)
        .bind(id)
        .fetch_all(&mut *tx)
        .await?;
    let actors: Vec<Uuid> = sqlx::query_scalar(ACTORS)
        .bind(id)
        .fetch_all(&mut *tx)
        .await?;
    // Actors are locked before claims, as merges do.
    let locked: Vec<ActorId> = actors.iter().copied().map(ActorId).collect();
    lock_actors(tx, &locked).await?;
    let claims = lock_claims(tx, delete.id).await?.len();
    let deletion = insert_deletion(tx, (id, "ARTICLE"), delete, claims).await?;
    run(tx, sqlx::query(DELETE_CLAIMS).bind(id)).await?;
    forget_claims(tx, &ever).await?;
    pass_on(tx, delete.id).await?;
    run(tx, sqlx::query(REMEMBER_CONTENTS).bind(id)).await?;
    run(tx, sqlx::query(DELETE).bind(id)).await?;
    forget_actors(tx, &actors, &one_line(&said)).await?;
    let mut resources = vec![format!("articles/{id}")];
    resources.extend(ever.iter().map(|claim| format!("claims/{claim}")));
    let erased = Erased {
        resources,
        ..Erased::default()
    };
    audit_deletion(tx, &erased, "ARTICLE", &deletion).await?;
    Ok(deletion)
}

async fn run(
    tx: &mut PgConnection,
    query: Query<'_, Postgres, PgArguments>,
) -> Result<(), StoreError> {
    query.execute(tx).await?;
    Ok(())
}

/// Makes the earliest copy of an article the original of the others.
async fn pass_on(tx: &mut PgConnection, id: ArticleId) -> Result<(), StoreError> {
    let heir: Option<(Uuid, String)> = sqlx::query_as(HEIR)
        .bind(id.0)
        .fetch_optional(&mut *tx)
        .await?;
    let Some((heir, text)) = heir else {
        return Ok(());
    };
    run(tx, sqlx::query(INHERIT).bind(id.0).bind(heir)).await?;
    remember(tx, ArticleId(heir), &signature(&text).await).await
}

/// Deletes the actors of whom nothing else is known, and what only the deleted texts said of the others.
async fn forget_actors(
    tx: &mut PgConnection,
    actors: &[Uuid],
    said: &str,
) -> Result<(), StoreError> {
    run(tx, sqlx::query(DELETE_ACTORS).bind(actors)).await?;
    run(tx, sqlx::query(DELETE_NAMES).bind(actors).bind(said)).await?;
    run(tx, sqlx::query(DELETE_ROLES).bind(actors).bind(said)).await?;
    run(tx, sqlx::query(FORGET_EVIDENCE).bind(actors).bind(said)).await
}

/// A text without line breaks, as names are stored.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}
