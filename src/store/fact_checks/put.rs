//! Storing and deleting fact checks.

use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::{FactCheckChange, FactCheckId, PublishedCheck};
use crate::store::db::{Store, StoreError, name_key};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportedCheck {
    /// Its id.
    pub id: FactCheckId,
    /// What was done to it.
    pub change: FactCheckChange,
}

impl Store {
    /// Stores a fact check, or updates the one with its URI and claim.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn put_fact_check(
        &self,
        published: &PublishedCheck,
    ) -> Result<ImportedCheck, StoreError> {
        self.run_tx("put_fact_check", published, |tx, published| {
            Box::pin(put(tx, published))
        })
        .await
    }

    /// Deletes a fact check; returns false if there is none.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn delete_fact_check(&self, id: FactCheckId) -> Result<bool, StoreError> {
        self.run_tx("delete_fact_check", &id, |tx, id| {
            Box::pin(async move {
                let gone: Option<Uuid> = sqlx::query_scalar(DELETE)
                    .bind(id.0)
                    .fetch_optional(tx)
                    .await?;
                Ok(gone.is_some())
            })
        })
        .await
    }
}

async fn put(
    tx: &mut PgConnection,
    published: &PublishedCheck,
) -> Result<ImportedCheck, StoreError> {
    let (new, key) = (Uuid::now_v7(), key(published));
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
