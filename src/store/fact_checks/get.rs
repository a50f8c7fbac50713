//! Reading fact checks by id, and lists of them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::{
    ClaimId, FactCheck, FactCheckId, FactCheckMatch, FactCheckRating, PublishedCheck,
};
use crate::store::db::{Page, Store, StoreError, one_more, take_page};

macro_rules! columns {
    () => {
        "f.id, f.uri, f.claim_reviewed, f.publisher, f.publish_time, f.claimant, f.claim_time, f.appearance_uris, \
         f.rating, f.language_code, f.create_time, f.update_time, f.sort_time"
    };
}

macro_rules! page {
    () => {
        " ($1::timestamptz IS NULL OR (f.sort_time, f.id) < ($1, $2::uuid)) \
         ORDER BY f.sort_time DESC, f.id DESC LIMIT $3"
    };
}

const GET: &str = concat!("SELECT ", columns!(), " FROM fact_checks f WHERE f.id = $1");

const LIST: &str = concat!("SELECT ", columns!(), " FROM fact_checks f WHERE", page!());

const OF_CLAIMS: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM (SELECT DISTINCT t.fact_check_id FROM fact_check_claims t JOIN claims c ON c.id = t.claim_id \
              JOIN fact_checks f ON f.id = t.fact_check_id WHERE t.claim_id = ANY($4) AND ",
    says_what_was_checked!(),
    " AND ",
    is_put_forward!(),
    ") s JOIN fact_checks f ON f.id = s.fact_check_id WHERE",
    page!()
);

const MATCHES: &str = concat!(
    "SELECT s.fact_check_id, m.claim_id, m.confidence, m.by_claimant FROM unnest($1::uuid[]) s (fact_check_id) \
       CROSS JOIN LATERAL (SELECT t.claim_id, t.confidence, ",
    is_by_claimant!(),
    " AS by_claimant \
         FROM fact_check_claims t JOIN fact_checks f ON f.id = t.fact_check_id JOIN claims c ON c.id = t.claim_id \
         WHERE t.fact_check_id = s.fact_check_id AND ($2::uuid[] IS NULL OR t.claim_id = ANY($2)) AND ",
    says_what_was_checked!(),
    " AND ",
    is_put_forward!(),
    " ORDER BY t.confidence DESC, t.claim_id LIMIT 100) m \
     ORDER BY s.fact_check_id, m.confidence DESC, m.claim_id"
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("fact_checks::get::GET", GET),
    ("fact_checks::get::LIST", LIST),
    ("fact_checks::get::OF_CLAIMS", OF_CLAIMS),
    ("fact_checks::get::MATCHES", MATCHES),
];

/// A position among fact checks, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactCheckCursor {
    /// When it was published or, if unknown, imported.
    pub sort_time: DateTime<Utc>,
    /// Breaks ties.
    pub id: FactCheckId,
}

impl Store {
    /// Returns a fact check with its matches; `None` if there is none.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn fact_check(&self, id: FactCheckId) -> Result<Option<FactCheck>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let row: Option<Row> = sqlx::query_as(GET)
            .bind(id.0)
            .fetch_optional(&mut *connection)
            .await?;
        let rows = row.into_iter().collect();
        let mut found = with_matches(&mut connection, rows, None).await?;
        connection.release();
        Ok(found.pop())
    }

    /// Returns a page of at most `size` fact checks after `after`, newest first: all, or those of these claims, with no
    /// other matches.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list_fact_checks(
        &self,
        claims: Option<&[ClaimId]>,
        after: Option<FactCheckCursor>,
        size: usize,
    ) -> Result<Page<FactCheck, FactCheckCursor>, StoreError> {
        let claims: Option<Vec<Uuid>> = claims.map(|claims| claims.iter().map(|id| id.0).collect());
        let mut connection = self.pool.acquire().await?;
        let query = match &claims {
            None => sqlx::query_as(LIST),
            Some(_) => sqlx::query_as(OF_CLAIMS),
        };
        let query = query
            .bind(after.map(|position| position.sort_time))
            .bind(after.map(|position| position.id.0))
            .bind(one_more(size));
        let query = match &claims {
            None => query,
            Some(claims) => query.bind(claims.clone()),
        };
        let rows = query.fetch(&mut *connection);
        let page = take_page(rows, size, Row::bytes, Row::cursor).await?;
        let items = with_matches(&mut connection, page.items, claims).await?;
        connection.release();
        Ok(Page {
            items,
            next: page.next,
        })
    }
}

async fn with_matches(
    connection: &mut PgConnection,
    rows: Vec<Row>,
    claims: Option<Vec<Uuid>>,
) -> Result<Vec<FactCheck>, StoreError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let found: Vec<(Uuid, Uuid, f32, bool)> = sqlx::query_as(MATCHES)
        .bind(ids)
        .bind(claims)
        .fetch_all(connection)
        .await?;
    let mut matches: HashMap<Uuid, Vec<FactCheckMatch>> = HashMap::new();
    for (fact_check, claim, confidence, by_claimant) in found {
        matches.entry(fact_check).or_default().push(FactCheckMatch {
            claim: ClaimId(claim),
            confidence,
            by_claimant,
        });
    }
    let fact_checks = rows.into_iter().map(|row| {
        let matches = matches.remove(&row.id).unwrap_or_default();
        row.fact_check(matches)
    });
    Ok(fact_checks.collect())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    uri: String,
    claim_reviewed: String,
    publisher: Option<String>,
    publish_time: Option<DateTime<Utc>>,
    claimant: Option<String>,
    claim_time: Option<DateTime<Utc>>,
    appearance_uris: Vec<String>,
    rating: Option<Json<FactCheckRating>>,
    language_code: Option<String>,
    create_time: DateTime<Utc>,
    update_time: DateTime<Utc>,
    sort_time: DateTime<Utc>,
}

impl Row {
    fn bytes(&self) -> usize {
        let appearances: usize = self.appearance_uris.iter().map(String::len).sum();
        self.uri.len() + self.claim_reviewed.len() + appearances
    }

    const fn cursor(&self) -> FactCheckCursor {
        FactCheckCursor {
            sort_time: self.sort_time,
            id: FactCheckId(self.id),
        }
    }

    fn fact_check(self, matches: Vec<FactCheckMatch>) -> FactCheck {
        FactCheck {
            id: FactCheckId(self.id),
            published: PublishedCheck {
                uri: self.uri,
                claim_reviewed: self.claim_reviewed,
                publisher: self.publisher,
                publish_time: self.publish_time,
                claimant: self.claimant,
                claim_time: self.claim_time,
                appearance_uris: self.appearance_uris,
                rating: self.rating.map(|rating| rating.0),
                language_code: self.language_code,
            },
            matches,
            create_time: self.create_time,
            update_time: self.update_time,
        }
    }
}
