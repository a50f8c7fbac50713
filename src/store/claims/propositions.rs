//! Propositions: which claims say the same.
//!
//! Claims are assigned one by one after they are stored, by whichever server takes them. Claims waiting for
//! assignment are in the table `unsettled_claims`. A claim belongs to a proposition if it says the same as the claim
//! that founded it; resembling another member but not the founder is not enough. A claim without a match is assigned
//! to no proposition.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::position::AppearancePosition;
use super::row::{ClaimRow, claim_columns};
use crate::domain::{Claim, ClaimId, Proposition, PropositionId};
use crate::store::db::{Page, Store, StoreError, all, one_more, take_page};

// Newest first, so that a backlog of old claims does not delay new ones. A server that stops midway blocks its claims
// for a minute.
const TAKE: &str = "UPDATE unsettled_claims t SET taken_until = clock_timestamp() + interval '1 minute' \
     FROM (SELECT u.claim_id FROM unsettled_claims u WHERE u.taken_until < clock_timestamp() \
           ORDER BY u.claim_id DESC LIMIT $1 FOR UPDATE SKIP LOCKED) s \
     WHERE t.claim_id = s.claim_id RETURNING t.claim_id";

const POSTPONE: &str = "UPDATE unsettled_claims SET taken_until = clock_timestamp() + interval '1 day' WHERE claim_id = $1";

// The decision on one claim must be visible when the next one is decided on.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7226543210915)";

const ASSIGNED: &str = "DELETE FROM unsettled_claims WHERE claim_id = $1";

// A proposition is represented by the claim that founded it or, if that is deleted or rejected, by its oldest claim.
const OF_CLAIMS: &str = "SELECT s.proposition_id, f.claim_id AS founder \
     FROM (SELECT DISTINCT p.proposition_id FROM claim_propositions p WHERE p.claim_id = ANY($1)) s \
       CROSS JOIN LATERAL (SELECT m.claim_id FROM claim_propositions m JOIN claims c ON c.id = m.claim_id \
         WHERE m.proposition_id = s.proposition_id AND c.review_state <> 'REJECTED' \
         ORDER BY m.claim_id <> m.proposition_id, m.claim_id LIMIT 1) f";

const BELONGING: &str = "SELECT claim_id FROM claim_propositions WHERE claim_id = ANY($1)";

const JOIN: &str = "INSERT INTO claim_propositions (claim_id, proposition_id, sort_time, confidence, judge) \
     SELECT c.id, $3, c.sort_time, m.confidence, $4 \
     FROM unnest($1::uuid[], $2::real[]) m (claim_id, confidence) JOIN claims c ON c.id = m.claim_id \
     ORDER BY c.id ON CONFLICT DO NOTHING";

// Assignments by other judges do not count.
const LEAVE: &str =
    "DELETE FROM claim_propositions WHERE claim_id = $1 AND judge IS DISTINCT FROM $2";

const REASSIGN_OLDER: &str = "INSERT INTO unsettled_claims (claim_id) \
     SELECT p.claim_id FROM claim_propositions p WHERE p.judge IS DISTINCT FROM $1 \
     UNION SELECT t.claim_id FROM fact_check_claims t WHERE t.judge <> $1 ON CONFLICT DO NOTHING";

// A rejected claim counts as never made.
const GET: &str = "SELECT count(*) AS claims, count(DISTINCT coalesce(a.duplicate_of, a.id)) AS articles, \
       count(DISTINCT c.actor_id) AS actors, count(DISTINCT a.publisher) AS publishers, \
       (array_agg(c.id ORDER BY c.sort_time, c.id))[1] AS first, \
       (array_agg(c.id ORDER BY c.sort_time DESC, c.id DESC))[1] AS last, \
       min(c.sort_time) AS first_time, max(c.sort_time) AS last_time \
     FROM claim_propositions p JOIN claims c ON c.id = p.claim_id JOIN articles a ON a.id = c.article_id \
     WHERE p.proposition_id = $1 AND c.review_state <> 'REJECTED'";

const CLAIMS: &str = concat!(
    "SELECT ",
    claim_columns!(),
    " FROM claim_propositions m JOIN claims c ON c.id = m.claim_id \
     WHERE m.proposition_id = $1 AND ($2::timestamptz IS NULL OR (m.sort_time, m.claim_id) > ($2, $3::uuid)) \
     ORDER BY m.sort_time, m.claim_id LIMIT $4"
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("claims::propositions::TAKE", TAKE),
    ("claims::propositions::POSTPONE", POSTPONE),
    ("claims::propositions::LOCK", LOCK),
    ("claims::propositions::ASSIGNED", ASSIGNED),
    ("claims::propositions::OF_CLAIMS", OF_CLAIMS),
    ("claims::propositions::BELONGING", BELONGING),
    ("claims::propositions::JOIN", JOIN),
    ("claims::propositions::LEAVE", LEAVE),
    ("claims::propositions::REASSIGN_OLDER", REASSIGN_OLDER),
    ("claims::propositions::GET", GET),
    ("claims::propositions::CLAIMS", CLAIMS),
];

/// A claim that says the same as another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SameClaim {
    /// The claim.
    pub claim: ClaimId,
    /// How sure that is, from 0 to 1.
    pub confidence: f32,
}

/// A judge's result for one claim, by which it is assigned to a proposition or to none.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The claim.
    pub claim: ClaimId,
    /// The version of the judge that made the comparison.
    pub judge: &'static str,
    /// The claims that say the same, most similar first. If empty, the claim is assigned to no proposition.
    pub alike: Vec<SameClaim>,
    /// The claims that were found to say something else.
    pub unlike: Vec<ClaimId>,
}

impl Store {
    /// Takes at most `most` claims that wait for assignment to propositions, newest first. No other server gets them
    /// for a minute.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn take_unassigned(&self, most: i64) -> Result<Vec<ClaimId>, StoreError> {
        let claims: Vec<Uuid> = sqlx::query_scalar(TAKE)
            .bind(most)
            .fetch_all(&self.pool)
            .await?;
        Ok(claims.into_iter().map(ClaimId).collect())
    }

    /// Queues the claims that a judge other than this one put into a proposition, or matched to a fact check, for
    /// reassignment. They stay there until then.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn reassign_older(&self, judge: &str) -> Result<(), StoreError> {
        sqlx::query(REASSIGN_OLDER)
            .bind(judge)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Postpones the assignment of a claim.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn postpone(&self, claim: ClaimId) -> Result<(), StoreError> {
        sqlx::query(POSTPONE)
            .bind(claim.0)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Assigns a claim to the proposition of a similar claim, provided that claim founded it; otherwise the claim
    /// founds a proposition, joined by its similar claims that belong to none. The claim then no longer waits for
    /// assignment.
    ///
    /// Returns the founders of propositions that the claim may belong to but that the judge has not compared it with.
    /// If there are any, nothing is written, except that the claim leaves a proposition that another judge assigned
    /// it to.
    ///
    /// # Errors
    /// See [`StoreError`]; the claim then still waits for assignment.
    pub async fn assign_proposition(
        &self,
        assignment: &Assignment,
    ) -> Result<Vec<ClaimId>, StoreError> {
        self.run_tx("assign_proposition", assignment, |tx, assignment| {
            Box::pin(assign(tx, assignment))
        })
        .await
    }

    /// Returns a proposition; `None` if no claim is assigned to it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn proposition(&self, id: PropositionId) -> Result<Option<Proposition>, StoreError> {
        let row: Row = sqlx::query_as(GET)
            .bind(id.0)
            .fetch_one(&self.planned_once)
            .await?;
        Ok(row.proposition(id))
    }

    /// Returns a page of at most `size` claims of a proposition after `after`, earliest first.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn proposition_claims(
        &self,
        id: PropositionId,
        after: Option<AppearancePosition>,
        size: usize,
    ) -> Result<Page<Claim, AppearancePosition>, StoreError> {
        let rows = sqlx::query_as(CLAIMS)
            .bind(id.0)
            .bind(after.map(|position| position.time))
            .bind(after.map(|position| position.claim.0))
            .bind(one_more(size))
            .fetch(&self.pool);
        let page = take_page(rows, size, ClaimRow::bytes, ClaimRow::appearance).await?;
        Ok(Page {
            items: all(page.items)?,
            next: page.next,
        })
    }
}

async fn assign(
    tx: &mut PgConnection,
    assignment: &Assignment,
) -> Result<Vec<ClaimId>, StoreError> {
    sqlx::query(LEAVE)
        .bind(assignment.claim.0)
        .bind(assignment.judge)
        .execute(&mut *tx)
        .await?;
    if !assignment.alike.is_empty() {
        sqlx::query(LOCK).execute(&mut *tx).await?;
        let unclear = join(tx, assignment).await?;
        if !unclear.is_empty() {
            return Ok(unclear);
        }
    }
    sqlx::query(ASSIGNED)
        .bind(assignment.claim.0)
        .execute(tx)
        .await?;
    Ok(Vec::new())
}

/// Adds a claim to a proposition, or returns the founders that it must be compared with first.
async fn join(tx: &mut PgConnection, assignment: &Assignment) -> Result<Vec<ClaimId>, StoreError> {
    let Assignment {
        claim,
        judge,
        alike,
        unlike,
    } = assignment;
    let founder = SameClaim {
        claim: *claim,
        confidence: 1.0,
    };
    let all = [&alike[..], &[founder]].concat();
    let belonging: Vec<Uuid> = sqlx::query_scalar(BELONGING)
        .bind(ids(&all))
        .fetch_all(&mut *tx)
        .await?;
    if belonging.contains(&claim.0) {
        return Ok(Vec::new());
    }
    let founders: Vec<(Uuid, Uuid)> = sqlx::query_as(OF_CLAIMS)
        .bind(ids(alike))
        .fetch_all(&mut *tx)
        .await?;
    let proposition_of = |one: &SameClaim| {
        let own = founders.iter().find(|(_, founder)| *founder == one.claim.0);
        own.map(|(proposition, _)| (one.confidence, *proposition))
    };
    let (members, proposition) =
        if let Some((confidence, proposition)) = alike.iter().find_map(proposition_of) {
            let claim = *claim;
            (vec![SameClaim { claim, confidence }], proposition)
        } else {
            let founders = founders.iter().map(|(_, founder)| ClaimId(*founder));
            let unclear: Vec<ClaimId> = founders.filter(|one| !unlike.contains(one)).collect();
            if !unclear.is_empty() || alike.iter().all(|one| belonging.contains(&one.claim.0)) {
                return Ok(unclear);
            }
            (all, claim.0)
        };
    let confidences: Vec<f32> = members.iter().map(|one| one.confidence).collect();
    sqlx::query(JOIN)
        .bind(ids(&members))
        .bind(confidences)
        .bind(proposition)
        .bind(judge)
        .execute(tx)
        .await?;
    Ok(Vec::new())
}

fn ids(claims: &[SameClaim]) -> Vec<Uuid> {
    claims.iter().map(|one| one.claim.0).collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    claims: i64,
    articles: i64,
    actors: i64,
    publishers: i64,
    first: Option<Uuid>,
    last: Option<Uuid>,
    first_time: Option<DateTime<Utc>>,
    last_time: Option<DateTime<Utc>>,
}

impl Row {
    fn proposition(self, id: PropositionId) -> Option<Proposition> {
        Some(Proposition {
            id,
            first: ClaimId(self.first?),
            last: ClaimId(self.last?),
            first_time: self.first_time?,
            last_time: self.last_time?,
            claims: self.claims,
            articles: self.articles,
            actors: self.actors,
            publishers: self.publishers,
        })
    }
}
