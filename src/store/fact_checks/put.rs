//! Storing and deleting fact checks.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::{FactCheckChange, FactCheckId, PublishedCheck};
use crate::store::db::{Store, StoreError, name_key};
use crate::store::write_requests::{Outcome, Terms, WriteRequest};

// Nothing is returned if all values are as they were.
const PUT: &str = "INSERT INTO fact_checks (id, key, uri, claim_reviewed, publisher, publish_time, claimant, claimant_key, \
                              claim_time, appearance_uris, rating, language_code) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
     ON CONFLICT (key) DO UPDATE SET publisher = EXCLUDED.publisher, publish_time = EXCLUDED.publish_time, \
       claimant = EXCLUDED.claimant, claimant_key = EXCLUDED.claimant_key, claim_time = EXCLUDED.claim_time, \
       appearance_uris = EXCLUDED.appearance_uris, rating = EXCLUDED.rating, \
       language_code = EXCLUDED.language_code, update_time = clock_timestamp() \
     WHERE (fact_checks.publisher, fact_checks.publish_time, fact_checks.claimant, fact_checks.claim_time, \
            fact_checks.appearance_uris, fact_checks.rating, fact_checks.language_code) \
       IS DISTINCT FROM (EXCLUDED.publisher, EXCLUDED.publish_time, EXCLUDED.claimant, EXCLUDED.claim_time, \
                         EXCLUDED.appearance_uris, EXCLUDED.rating, EXCLUDED.language_code) \
     RETURNING id";

const KNOWN: &str = "SELECT id FROM fact_checks WHERE key = $1";

const DELETE: &str = "DELETE FROM fact_checks WHERE id = $1 RETURNING id";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("fact_checks::put::PUT", PUT),
    ("fact_checks::put::KNOWN", KNOWN),
    ("fact_checks::put::DELETE", DELETE),
];

/// A fact check that was imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedCheck {
    /// Its id.
    pub id: FactCheckId,
    /// What was done to it.
    pub change: FactCheckChange,
}

impl Store {
    /// Stores fact checks, or updates those with their URIs and claims, all or none, once for a request. Returns them in
    /// the same order.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn put_fact_checks(
        &self,
        published: &[PublishedCheck],
        request: Option<&WriteRequest>,
    ) -> Result<Vec<ImportedCheck>, StoreError> {
        let terms = Terms::once(request);
        self.run_once(
            "put_fact_checks",
            terms,
            &published,
            |tx, published, before| {
                Box::pin(async move {
                    match before {
                        Some(imported) => Ok(imported),
                        None => put_all(tx, published).await,
                    }
                })
            },
        )
        .await
    }

    /// Deletes a fact check, once for a request; returns false if there is none.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::RequestIdReused`].
    pub async fn delete_fact_check(
        &self,
        id: FactCheckId,
        request: Option<&WriteRequest>,
    ) -> Result<bool, StoreError> {
        let terms = Terms::once(request);
        self.run_once("delete_fact_check", terms, &id, |tx, id, before| {
            Box::pin(async move {
                match before {
                    Some(()) => Ok(true),
                    None => delete(tx, *id).await,
                }
            })
        })
        .await
    }
}

impl Outcome for Vec<ImportedCheck> {
    type Made = Self;

    fn made(&self) -> Option<Self> {
        Some(self.clone())
    }
}

/// Whether a fact check was deleted.
impl Outcome for bool {
    type Made = ();

    fn made(&self) -> Option<()> {
        self.then_some(())
    }
}

async fn delete(tx: &mut PgConnection, id: FactCheckId) -> Result<bool, StoreError> {
    let gone: Option<Uuid> = sqlx::query_scalar(DELETE)
        .bind(id.0)
        .fetch_optional(tx)
        .await?;
    Ok(gone.is_some())
}

/// Stores them by their keys, so that imports that have some in common wait for each other and never deadlock.
async fn put_all(
    tx: &mut PgConnection,
    published: &[PublishedCheck],
) -> Result<Vec<ImportedCheck>, StoreError> {
    let keyed = published.iter().enumerate();
    let mut keyed: Vec<_> = keyed.map(|(at, one)| (key(one), at, one)).collect();
    keyed.sort_unstable_by_key(|(key, at, _)| (*key, *at));
    let mut imported = Vec::with_capacity(keyed.len());
    for (key, at, one) in keyed {
        imported.push((at, put(tx, one, key).await?));
    }
    imported.sort_unstable_by_key(|(at, _)| *at);
    Ok(imported.into_iter().map(|(_, one)| one).collect())
}

async fn put(
    tx: &mut PgConnection,
    published: &PublishedCheck,
    key: [u8; 32],
) -> Result<ImportedCheck, StoreError> {
    let new = Uuid::now_v7();
    let written: Option<Uuid> = sqlx::query_scalar(PUT)
        .bind(new)
        .bind(key)
        .bind(&published.uri)
        .bind(&published.claim_reviewed)
        .bind(&published.publisher)
        .bind(published.publish_time)
        .bind(&published.claimant)
        .bind(published.claimant.as_deref().map(name_key))
        .bind(published.claim_time)
        .bind(&published.appearance_uris)
        .bind(published.rating.as_ref().map(Json))
        .bind(&published.language_code)
        .fetch_optional(&mut *tx)
        .await?;
    let (id, change) = match written {
        Some(id) if id == new => (id, FactCheckChange::Created),
        Some(id) => (id, FactCheckChange::Updated),
        None => {
            let known = sqlx::query_scalar(KNOWN).bind(key).fetch_one(tx).await?;
            (known, FactCheckChange::Unchanged)
        }
    };
    Ok(ImportedCheck {
        id: FactCheckId(id),
        change,
    })
}

/// Identifies a fact check. Lengths are hashed too, so that no two different pairs produce the same sequence of bytes.
fn key(published: &PublishedCheck) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [&published.uri, &published.claim_reviewed] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::key;
    use crate::domain::PublishedCheck;

    fn check(uri: &str, claim: &str, publisher: Option<&str>) -> PublishedCheck {
        PublishedCheck {
            uri: uri.to_owned(),
            claim_reviewed: claim.to_owned(),
            publisher: publisher.map(str::to_owned),
            publish_time: None,
            claimant: None,
            claim_time: None,
            appearance_uris: Vec::new(),
            rating: None,
            language_code: None,
        }
    }

    #[test]
    fn address_and_claim_make_the_fact_check() {
        let of = |uri, claim, publisher| key(&check(uri, claim, publisher));
        assert_eq!(of("u", "c", None), of("u", "c", Some("p")));
        for other in [of("u2", "c", None), of("u", "c2", None), of("uc", "", None)] {
            assert_ne!(of("u", "c", None), other);
        }
    }
}
