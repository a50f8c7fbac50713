//! Deleting actors for good, with what they are on record with.

use std::iter;

use sqlx::postgres::PgArguments;
use sqlx::{PgConnection, Postgres, query::Query};
use uuid::Uuid;

use super::changes::{Changed, lift_statement_timeout, lock_actors};
use crate::domain::{ActorId, Deletion};
use crate::store::db::{Store, StoreError};
use crate::store::deletions::{
    Delete, Erased, audit_deletion, deletion, forget_claims, insert_deletion,
};
use crate::store::write_requests::{Terms, WriteRequest};

// Whoever was merged into the actor is the same person.
const FAMILY: &str = "WITH RECURSIVE family AS ( \
       SELECT $1::uuid AS id UNION SELECT a.id FROM family f JOIN actors a ON a.merged_into = f.id) \
     SELECT id FROM family ORDER BY id";

const CLAIMS: &str = "SELECT id FROM claims WHERE actor_id = ANY($1) ORDER BY id FOR UPDATE";

// Claims of former texts, of which reviews tell, that are nobody else's today.
const FORMER_CLAIMS: &str = "SELECT DISTINCT (e.claim ->> 'id')::uuid \
     FROM article_revisions r, jsonb_array_elements(r.claims) AS e (claim) \
     WHERE revision_actors(r.claims) && $1 AND (e.claim ->> 'actor_id')::uuid = ANY($1) \
       AND NOT EXISTS (SELECT FROM claims c WHERE c.id = (e.claim ->> 'id')::uuid)";

// Who else was changed together with them: merged and split again, or split off.
const CHANGED_WITH: &str = "SELECT DISTINCT s.id FROM ( \
       SELECT unnest(ARRAY[h.actor_id, h.other_actor_id]) AS id FROM actor_changes h \
       WHERE h.actor_id = ANY($1) OR h.other_actor_id = ANY($1)) s \
     WHERE s.id <> ALL($1)";

// The names that are nobody else's of these now, though one of them may have had them before a split.
const NAMES: &str = "SELECT DISTINCT n.name FROM actor_names n \
     WHERE n.actor_id = ANY($1) \
       AND NOT EXISTS (SELECT FROM actor_names o WHERE o.actor_id = ANY($2) AND o.name = n.name)";

const FORGET_STATES: &str = "UPDATE actor_changes SET before = NULL \
     WHERE (actor_id = ANY($1) OR other_actor_id = ANY($1)) AND holds_any(before::text, $2)";

const FREE_NESTED: &str = "UPDATE claims SET parent_id = NULL, row_version = row_version + 1 \
     WHERE parent_id = ANY($1) AND id <> ALL($1)";

const DELETE_CLAIMS: &str = "DELETE FROM claims WHERE id = ANY($1)";

// An addressee's place stays, since the words do.
const FORGET_MENTIONS: &str = "UPDATE claims SET row_version = row_version + 1, \
       about_ids = ARRAY(SELECT u.id FROM unnest(about_ids) WITH ORDINALITY AS u (id, n) \
                         WHERE u.id <> ALL($1) ORDER BY u.n), \
       addressee_ids = ARRAY(SELECT CASE WHEN u.id = ANY($1) THEN NULL ELSE u.id END \
                             FROM unnest(addressee_ids) WITH ORDINALITY AS u (id, n) ORDER BY u.n) \
     WHERE about_ids && $1 OR addressee_ids && $1";

// So that withdrawing what people said of a claim does not look for an actor who is gone.
const FORGET_READINGS: &str = "UPDATE claim_reviews \
     SET machine = machine || '{\"actor\": null}', machine_actor_confidence = NULL \
     WHERE machine ->> 'actor' = ANY($1::text[])";

const FORGET_FORMER_CLAIMS: &str = "UPDATE article_revisions r SET claims = claims_without_actors(r.claims, $1) \
     WHERE revision_actors(r.claims) && $1";

// Names, roles, keys, terms and changes go with them.
const DELETE: &str = "DELETE FROM actors WHERE id = ANY($1)";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("actors::delete::FAMILY", FAMILY),
    ("actors::delete::CLAIMS", CLAIMS),
    ("actors::delete::FORMER_CLAIMS", FORMER_CLAIMS),
    ("actors::delete::CHANGED_WITH", CHANGED_WITH),
    ("actors::delete::NAMES", NAMES),
    ("actors::delete::FORGET_STATES", FORGET_STATES),
    ("actors::delete::FREE_NESTED", FREE_NESTED),
    ("actors::delete::DELETE_CLAIMS", DELETE_CLAIMS),
    ("actors::delete::FORGET_MENTIONS", FORGET_MENTIONS),
    ("actors::delete::FORGET_READINGS", FORGET_READINGS),
    ("actors::delete::FORGET_FORMER_CLAIMS", FORGET_FORMER_CLAIMS),
    ("actors::delete::DELETE", DELETE),
];

impl Store {
    /// Deletes an actor and those who were merged into it, with the claims by them and what people said of those, all
    /// or nothing, once for a request. In the claims of others nobody is in their place. What stays is that it was deleted; one that is deleted
    /// already stays so, whatever its version.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn delete_actor(
        &self,
        delete: &Delete<ActorId>,
        request: Option<&WriteRequest>,
    ) -> Result<Changed<Deletion>, StoreError> {
        let terms = Terms::once(request).or_trial(delete.validate_only);
        // The same request finds that the actor is deleted already.
        self.run_once("delete_actor", terms, delete, |tx, delete, _| {
            Box::pin(delete_if_there(tx, delete))
        })
        .await
    }
}

async fn delete_if_there(
    tx: &mut PgConnection,
    delete: &Delete<ActorId>,
) -> Result<Changed<Deletion>, StoreError> {
    let locked = lock_actors(tx, &[delete.id]).await?;
    let Some(row) = locked.get(&delete.id.0) else {
        let before = deletion(tx, delete.id.0).await?;
        return Ok(before.map_or(Changed::NotFound(delete.id), Changed::Done));
    };
    if row.merged_into.is_some() {
        return Ok(Changed::Merged(delete.id));
    }
    if delete
        .row_version
        .is_some_and(|wanted| wanted != row.row_version)
    {
        return Ok(Changed::OtherVersion(delete.id));
    }
    lift_statement_timeout(tx).await?;
    Ok(Changed::Done(delete_one(tx, delete).await?))
}

/// Deletes a locked actor.
async fn delete_one(
    tx: &mut PgConnection,
    delete: &Delete<ActorId>,
) -> Result<Deletion, StoreError> {
    let family: Vec<Uuid> = sqlx::query_scalar(FAMILY)
        .bind(delete.id.0)
        .fetch_all(&mut *tx)
        .await?;
    let locked: Vec<ActorId> = family.iter().copied().map(ActorId).collect();
    lock_actors(tx, &locked).await?;
    let claims: Vec<Uuid> = sqlx::query_scalar(CLAIMS)
        .bind(&family)
        .fetch_all(&mut *tx)
        .await?;
    for merged in family.iter().filter(|id| **id != delete.id.0) {
        insert_deletion(tx, (*merged, "ACTOR"), delete, 0).await?;
    }
    let deletion = insert_deletion(tx, (delete.id.0, "ACTOR"), delete, claims.len()).await?;
    let mut ever: Vec<Uuid> = sqlx::query_scalar(FORMER_CLAIMS)
        .bind(&family)
        .fetch_all(&mut *tx)
        .await?;
    ever.extend(&claims);
    let (others, words) = forget_states(tx, &family).await?;
    run(tx, sqlx::query(FREE_NESTED), &claims).await?;
    run(tx, sqlx::query(DELETE_CLAIMS), &claims).await?;
    forget_claims(tx, &ever).await?;
    run(tx, sqlx::query(FORGET_MENTIONS), &family).await?;
    run(tx, sqlx::query(FORGET_READINGS), &family).await?;
    run(tx, sqlx::query(FORGET_FORMER_CLAIMS), &family).await?;
    run(tx, sqlx::query(DELETE), &family).await?;
    let erased = Erased {
        resources: resources(delete.id.0, &family, &ever),
        others,
        words,
    };
    audit_deletion(tx, &erased, "ACTOR", &deletion).await?;
    Ok(deletion)
}

/// Forgets how others were when they had names of these actors. Returns who was changed together with them, and the words
/// by which the audit log tells of them there.
async fn forget_states(
    tx: &mut PgConnection,
    family: &[Uuid],
) -> Result<(Vec<String>, Vec<String>), StoreError> {
    let others: Vec<Uuid> = sqlx::query_scalar(CHANGED_WITH)
        .bind(family)
        .fetch_all(&mut *tx)
        .await?;
    let mut words: Vec<String> = sqlx::query_scalar(NAMES)
        .bind(family)
        .bind(&others)
        .fetch_all(&mut *tx)
        .await?;
    words.extend(family.iter().map(Uuid::to_string));
    sqlx::query(FORGET_STATES)
        .bind(&others)
        .bind(&words)
        .execute(tx)
        .await?;
    let others = others.iter().map(|id| format!("actors/{id}"));
    Ok((others.collect(), words))
}

/// The names of all that went, the actor's first.
fn resources(actor: Uuid, family: &[Uuid], claims: &[Uuid]) -> Vec<String> {
    let merged = family.iter().filter(|one| **one != actor);
    let actors = iter::once(&actor).chain(merged);
    let actors = actors.map(|id| format!("actors/{id}"));
    actors
        .chain(claims.iter().map(|id| format!("claims/{id}")))
        .collect()
}

/// A statement that names the rows it is about by its only parameter.
async fn run(
    tx: &mut PgConnection,
    query: Query<'static, Postgres, PgArguments>,
    ids: &[Uuid],
) -> Result<(), StoreError> {
    query.bind(ids.to_vec()).execute(tx).await?;
    Ok(())
}
