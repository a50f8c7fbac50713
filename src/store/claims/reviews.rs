//! Reviews of claims by people.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::machine_values::{MachineValues, with};
use crate::domain::{
    ActorId, ClaimField, ClaimId, ClaimReview, FieldValues, ReviewAction, ReviewState,
};
use crate::store::actors::lock_actors;
use crate::store::db::{Page, Store, StoreError, all, one_more, parse, take_page};
use crate::store::write_requests::{Outcome, Terms, WriteRequest};

/// A person's review of a claim.
#[derive(Debug, Clone)]
pub struct Review {
    /// The claim.
    pub claim: ClaimId,
    /// The review action.
    pub action: ReviewAction,
    /// For an edit: the new values of the changed fields.
    pub values: FieldValues,
    /// For an edit of the actor: the actor, which is also among `values`.
    pub actor: Option<ActorId>,
    /// Who requested it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why.
    pub reason: String,
    /// If set, the version that the claim must still have.
    pub row_version: Option<i64>,
}

/// The outcome of a review. Only the first writes anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reviewed {
    /// It was recorded.
    Noted(ClaimReview),
    /// The claim does not exist.
    NotFound,
    /// The claim does not have the expected version.
    OtherVersion,
    /// The actor does not exist.
    ActorNotFound(ActorId),
    /// The actor was merged into another.
    ActorMerged(ActorId),
    /// The claim has no source, so it cannot have a source class.
    NoSource,
    /// The claim would have only one of certainty and polarity.
    HalfCommitted,
}

const LOCK: &str = "SELECT review_state, row_version, source <> '[]' AS has_source, actor_confidence, jsonb_build_object( \
         'actor', actor_id, 'kind', kind, 'certainty', certainty, 'polarity', polarity, \
         'reporter_stance', reporter_stance, 'source.source_class', source_class, 'quote_type', quote_type) AS fields \
     FROM claims WHERE id = $1 FOR NO KEY UPDATE";

const MACHINE: &str = "SELECT machine AS fields, machine_actor_confidence AS actor_confidence \
     FROM claim_reviews WHERE claim_id = $1 ORDER BY id DESC LIMIT 1";

const UPDATE: &str = "UPDATE claims \
     SET review_state = $2, actor_id = ($3 ->> 'actor')::uuid, kind = $3 ->> 'kind', certainty = $3 ->> 'certainty', \
         polarity = $3 ->> 'polarity', reporter_stance = $3 ->> 'reporter_stance', \
         source_class = $3 ->> 'source.source_class', quote_type = $3 ->> 'quote_type', actor_confidence = $4, \
         row_version = row_version + 1 \
     WHERE id = $1";

// A rejected claim belongs to no proposition; once it is no longer rejected, it waits for assignment again.
const REASSIGN: &str = "INSERT INTO unsettled_claims (claim_id) VALUES ($1) ON CONFLICT DO NOTHING";

macro_rules! columns {
    () => {
        "id, claim_id, action, state, before, after, requested_by, caller, reason, create_time"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO claim_reviews (claim_id, action, state, before, after, machine, requested_by, reason, \
                                machine_actor_confidence, caller) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING ",
    columns!()
);

const GET: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM claim_reviews WHERE claim_id = $1 AND id = $2"
);

const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM claim_reviews WHERE claim_id = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("claims::reviews::LOCK", LOCK),
    ("claims::reviews::MACHINE", MACHINE),
    ("claims::reviews::UPDATE", UPDATE),
    ("claims::reviews::REASSIGN", REASSIGN),
    ("claims::reviews::INSERT", INSERT),
    ("claims::reviews::GET", GET),
    ("claims::reviews::LIST", LIST),
];

impl Store {
    /// Records a review of a claim and applies it to the claim, once for a request.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn review_claim(
        &self,
        review: &Review,
        request: Option<&WriteRequest>,
    ) -> Result<Reviewed, StoreError> {
        let terms = Terms::once(request);
        self.run_once("review_claim", terms, review, |tx, review, before| {
            Box::pin(async move {
                match before {
                    Some(id) => noted(tx, review.claim, id).await,
                    None => review_one(tx, review).await,
                }
            })
        })
        .await
    }

    /// Returns a page of at most `size` reviews of a claim before the review `before`, newest first. The claim may
    /// have been deleted.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list_claim_reviews(
        &self,
        claim: ClaimId,
        before: Option<i64>,
        size: usize,
    ) -> Result<Page<ClaimReview, i64>, StoreError> {
        let rows = sqlx::query_as(LIST)
            .bind(claim.0)
            .bind(before)
            .bind(one_more(size))
            .fetch(&self.planned_once);
        let page = take_page(rows, size, |row: &ReviewRow| row.reason.len(), |row| row.id).await?;
        Ok(Page {
            items: all(page.items)?,
            next: page.next,
        })
    }
}

impl Outcome for Reviewed {
    /// The review.
    type Made = i64;

    fn made(&self) -> Option<i64> {
        match self {
            Self::Noted(review) => Some(review.id),
            _ => None,
        }
    }
}

/// Reads a recorded review. It is gone only with its claim.
async fn noted(tx: &mut PgConnection, claim: ClaimId, id: i64) -> Result<Reviewed, StoreError> {
    let row: Option<ReviewRow> = sqlx::query_as(GET)
        .bind(claim.0)
        .bind(id)
        .fetch_optional(tx)
        .await?;
    let review = row.map(ClaimReview::try_from).transpose()?;
    Ok(review.map_or(Reviewed::NotFound, Reviewed::Noted))
}

/// A locked claim.
#[derive(sqlx::FromRow)]
struct LockedClaim {
    review_state: String,
    row_version: i64,
    has_source: bool,
    actor_confidence: Option<f32>,
    fields: Json<FieldValues>,
}

async fn review_one(tx: &mut PgConnection, review: &Review) -> Result<Reviewed, StoreError> {
    // Actors are locked before claims, as merges do.
    if let Some(actor) = review.actor {
        match lock_actors(tx, &[actor]).await?.get(&actor.0) {
            None => return Ok(Reviewed::ActorNotFound(actor)),
            Some(row) if row.merged_into.is_some() => return Ok(Reviewed::ActorMerged(actor)),
            Some(_) => {}
        }
    }
    let locked: Option<LockedClaim> = sqlx::query_as(LOCK)
        .bind(review.claim.0)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(claim) = locked else {
        return Ok(Reviewed::NotFound);
    };
    let wanted = review.row_version.unwrap_or(claim.row_version);
    if wanted != claim.row_version {
        return Ok(Reviewed::OtherVersion);
    }
    let machine: Option<MachineValues> = sqlx::query_as(MACHINE)
        .bind(review.claim.0)
        .fetch_optional(&mut *tx)
        .await?;
    let machine = machine.unwrap_or_default();
    let after = match review.action {
        ReviewAction::Confirm | ReviewAction::Reject => FieldValues::new(),
        ReviewAction::Edit => review.values.clone(),
        ReviewAction::Withdraw => with_actor_of_today(tx, machine.fields.0.clone()).await?,
    };
    if let Some(refused) = misfit(&claim, &after) {
        return Ok(refused);
    }
    let sure = machine.actor_confidence_after(review.action, &after, claim.actor_confidence);
    update(tx, review, &claim, &after, sure).await?;
    let before = only(&claim.fields.0, &after);
    let machine = match review.action {
        ReviewAction::Withdraw => MachineValues::default(),
        _ => machine.with_previous(&before, claim.actor_confidence),
    };
    let row: ReviewRow = sqlx::query_as(INSERT)
        .bind(review.claim.0)
        .bind(review.action.to_string())
        .bind(review.action.state().to_string())
        .bind(Json(before))
        .bind(Json(after))
        .bind(machine.fields)
        .bind(&review.requested_by)
        .bind(&review.reason)
        .bind(machine.actor_confidence)
        .bind(&review.caller)
        .fetch_one(tx)
        .await?;
    Ok(Reviewed::Noted(row.try_into()?))
}

/// Why a claim cannot have these values.
fn misfit(claim: &LockedClaim, after: &FieldValues) -> Option<Reviewed> {
    if after.contains_key(&ClaimField::SourceClass) && !claim.has_source {
        return Some(Reviewed::NoSource);
    }
    let fields = with(&claim.fields.0, after);
    let is_set = |field| fields.get(&field).is_some_and(Option::is_some);
    (is_set(ClaimField::Certainty) != is_set(ClaimField::Polarity))
        .then_some(Reviewed::HalfCommitted)
}

/// Updates the claim's values and state, and increments its version if any of them changes.
async fn update(
    tx: &mut PgConnection,
    review: &Review,
    claim: &LockedClaim,
    after: &FieldValues,
    actor_confidence: Option<f32>,
) -> Result<(), StoreError> {
    let fields = with(&claim.fields.0, after);
    let state = review.action.state().to_string();
    if fields != claim.fields.0
        || claim.review_state != state
        || claim.actor_confidence != actor_confidence
    {
        sqlx::query(UPDATE)
            .bind(review.claim.0)
            .bind(&state)
            .bind(Json(fields))
            .bind(actor_confidence)
            .execute(&mut *tx)
            .await?;
    }
    let rejected = ReviewState::Rejected.to_string();
    if claim.review_state == rejected && state != rejected {
        sqlx::query(REASSIGN)
            .bind(review.claim.0)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// The values of `all` for the fields that `some` has.
fn only(all: &FieldValues, some: &FieldValues) -> FieldValues {
    let mut values = all.clone();
    values.retain(|field, _| some.contains_key(field));
    values
}

/// The machine's values, with the actor replaced by the one it was merged into since. The actor stays locked. A merge
/// that waits for this claim causes a deadlock, after which one of the two is retried.
async fn with_actor_of_today(
    tx: &mut PgConnection,
    mut machine: FieldValues,
) -> Result<FieldValues, StoreError> {
    let Some(Some(value)) = machine.get_mut(&ClaimField::Actor) else {
        return Ok(machine);
    };
    let mut id: Uuid = parse("machine", value)?;
    while let Some(into) = lock_actors(tx, &[ActorId(id)])
        .await?
        .get(&id)
        .and_then(|row| row.merged_into)
    {
        id = into;
    }
    *value = id.to_string();
    Ok(machine)
}

#[derive(sqlx::FromRow)]
struct ReviewRow {
    id: i64,
    claim_id: Uuid,
    action: String,
    state: String,
    before: Json<FieldValues>,
    after: Json<FieldValues>,
    requested_by: String,
    caller: String,
    reason: String,
    create_time: DateTime<Utc>,
}

impl TryFrom<ReviewRow> for ClaimReview {
    type Error = StoreError;

    fn try_from(row: ReviewRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            claim: ClaimId(row.claim_id),
            action: parse("action", &row.action)?,
            state: parse("state", &row.state)?,
            before: row.before.0,
            after: row.after.0,
            requested_by: row.requested_by,
            caller: row.caller,
            reason: row.reason,
            create_time: row.create_time,
        })
    }
}
