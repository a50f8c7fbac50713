//! Which claims say what a fact check checked.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{ClaimId, FactCheckId};
use crate::store::db::{Store, StoreError};

// What another judge found does not count, nor what was found before the fact check changed. The other id is null.
const UNTIE: &str = "DELETE FROM fact_check_claims WHERE (fact_check_id = $1 OR claim_id = $2) AND (judge <> $3 OR $4)";

const TIE: &str = "INSERT INTO fact_check_claims (fact_check_id, claim_id, confidence, is_sure, judge) \
     SELECT f.id, c.id, t.confidence, t.is_sure, $5 \
     FROM unnest($1::uuid[], $2::uuid[], $3::real[], $4::boolean[]) t (fact_check_id, claim_id, confidence, is_sure) \
       JOIN fact_checks f ON f.id = t.fact_check_id JOIN claims c ON c.id = t.claim_id ORDER BY c.id, f.id \
     ON CONFLICT (claim_id, fact_check_id) DO UPDATE \
       SET confidence = EXCLUDED.confidence, is_sure = EXCLUDED.is_sure, judge = EXCLUDED.judge";

const ANY: &str = "SELECT EXISTS (SELECT FROM fact_checks)";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("fact_checks::ties::UNTIE", UNTIE),
    ("fact_checks::ties::TIE", TIE),
    ("fact_checks::ties::ANY", ANY),
];

/// What was compared with all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tied {
    /// A fact check, with claims.
    FactCheck(FactCheckId),
    /// A claim, with fact checks.
    Claim(ClaimId),
}

/// A fact check and a claim that says what it checked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tie {
    /// The fact check.
    pub fact_check: FactCheckId,
    /// The claim.
    pub claim: ClaimId,
    /// How sure that is, from 0 to 1.
    pub confidence: f32,
    /// Whether that is enough by itself. If not, it counts only if the claim is by the claimant.
    pub is_sure: bool,
}

/// What a judge found for one fact check or one claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Ties {
    /// What was compared.
    pub of: Tied,
    /// The version of the judge that made the comparison.
    pub judge: &'static str,
    /// Whether it changed, so that nothing found before counts.
    pub has_changed: bool,
    /// What says the same.
    pub found: Vec<Tie>,
}

impl Store {
    /// Returns whether there are any fact checks.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn has_fact_checks(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar(ANY).fetch_one(&self.pool).await?)
    }

    /// Adds what a judge found, in place of what other judges did. What this judge found before remains: not everything
    /// is compared every time. Fact checks and claims that are gone are left out.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn tie_fact_checks(&self, ties: &Ties) -> Result<(), StoreError> {
        self.run_tx("tie_fact_checks", ties, |tx, ties| Box::pin(tie(tx, ties)))
            .await
    }
}

async fn tie(tx: &mut PgConnection, ties: &Ties) -> Result<(), StoreError> {
    let (fact_check, claim) = match ties.of {
        Tied::FactCheck(id) => (Some(id.0), None),
        Tied::Claim(id) => (None, Some(id.0)),
    };
    sqlx::query(UNTIE)
        .bind(fact_check)
        .bind(claim)
        .bind(ties.judge)
        .bind(ties.has_changed)
        .execute(&mut *tx)
        .await?;
    if ties.found.is_empty() {
        return Ok(());
    }
    let fact_checks: Vec<Uuid> = ties.found.iter().map(|tie| tie.fact_check.0).collect();
    let claims: Vec<Uuid> = ties.found.iter().map(|tie| tie.claim.0).collect();
    let confidences: Vec<f32> = ties.found.iter().map(|tie| tie.confidence).collect();
    let sure: Vec<bool> = ties.found.iter().map(|tie| tie.is_sure).collect();
    sqlx::query(TIE)
        .bind(fact_checks)
        .bind(claims)
        .bind(confidences)
        .bind(sure)
        .bind(ties.judge)
        .execute(tx)
        .await?;
    Ok(())
}
