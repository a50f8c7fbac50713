//! Which claims have been checked.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::store::db::StoreError;

// Who denies, doubts or asks for what was checked has not made that claim; nor has anybody made one that was rejected.
// Seen when it is read, because people may review it.
macro_rules! is_put_forward {
    () => {
        "(c.review_state <> 'REJECTED' AND c.certainty IS DISTINCT FROM 'UNCOMMITTED' \
          AND coalesce(c.kind, '') NOT IN ('DENIAL', 'DEMAND', 'QUESTION', 'NO_COMMENT') \
          AND (c.kind = 'BELIEF' AND c.polarity = 'NEGATIVE') IS NOT TRUE)"
    };
}

// Whether the actor of the claim `c` has the name of the claimant of the fact check `f`.
macro_rules! is_by_claimant {
    () => {
        "is_claimant(c.actor_id, f.claimant_key)"
    };
}

// Whether the claim `c` says what the fact check `f` checked, by what the judge found, `t`: that both name the same person
// is further evidence. Seen when it is read, because people may change who it is.
macro_rules! says_what_was_checked {
    () => {
        concat!("(t.is_sure OR ", is_by_claimant!(), ")")
    };
}

// Of very many, some are found wherever one looks.
const FEW: &str = "SELECT CASE WHEN count(*) <= 2000 THEN coalesce(array_agg(k.claim_id), '{}') END \
     FROM (SELECT DISTINCT claim_id FROM fact_check_claims LIMIT 2001) k";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[("fact_checks::conditions::FEW", FEW)];

/// Returns all claims that fact checks are matched to, so that a list of these need not look at any others; `None` if there
/// are more than 2,000.
pub(in crate::store) async fn few_checked(
    connection: &mut PgConnection,
) -> Result<Option<Vec<Uuid>>, StoreError> {
    Ok(sqlx::query_scalar(FEW).fetch_one(connection).await?)
}
