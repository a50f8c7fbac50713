//! Finding candidate claims that may say the same as a text.
//!
//! A claim that says the same shares words with the text, above all rare ones. Rarity is estimated from a sample
//! ([`WordShares`]), so that a word that occurs in half of all claims is not looked up by itself.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::types::Json;
use uuid::Uuid;

use super::rare_words::{Lookups, lookups};
use super::word_shares::WordShares;
use crate::domain::{ArticleId, ClaimId, Passage};
use crate::store::claims::{ClaimFilter, Conditions};
use crate::store::db::{ArticleCursor, ClaimCursor, Store, StoreError, parse_opt};

/// How many of the newest claims that share rare words with the text are ranked.
const WINDOW: i64 = 5_000;
/// Maximum number of candidates.
const MAX_CANDIDATES: i64 = 300;
/// How many of the newest claims are sampled for word frequencies.
const SAMPLE: i64 = 1_000;

const LEXEMES: &str = "SELECT tsvector_to_array(to_tsvector('english', searchable($1)))";

/// One of the queries is fulfilled. As conditions of their own, so that the index is asked for each by itself.
macro_rules! one_fulfilled {
    ($($n:literal)+) => {
        concat!("(FALSE" $(, " OR c.search @@ (", parameter!(1), "::tsquery[])[", $n, "]")+, ")")
    };
}

/// The weights of the words that a claim contains. Less for a long one, which has any word more easily.
macro_rules! weighed {
    ($($n:literal)+) => {
        concat!(
            "(0" $(, " + CASE WHEN t.search @@ (", parameter!(2), "::tsquery[])[", $n, "] \
                              THEN (", parameter!(3), "::float4[])[", $n, "] ELSE 0 END")+,
            ") / (1 + 0.02 * length(t.search))"
        )
    };
}

// The inner query stops at its limit, however common the planner estimates the words to be. Ties go to the earliest,
// so that whoever said it first is included.
#[rustfmt::skip]
const CANDIDATES: &str = concat!(
    "SELECT s.id, s.article_id, s.ordinal, s.sort_time, s.content, p.publish_time, p.time_zone, p.duplicate_of \
     FROM (SELECT t.id, t.article_id, t.ordinal, t.sort_time, t.content, ",
    weighed!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24), " AS rank \
           FROM (SELECT c.id, c.article_id, c.ordinal, c.sort_time, c.content, c.search \
                 FROM claims c LEFT JOIN articles ar ON ar.id = c.article_id WHERE ",
    claim_conditions!("c.sort_time"),
    "AND ", one_fulfilled!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24),
    " AND (", parameter!(review_state), " IS NOT NULL OR c.review_state <> 'REJECTED') \
     AND (", parameter!(4), "::uuid IS NULL OR c.article_id <> ", parameter!(4), ") \
                 ORDER BY c.sort_time DESC, c.article_id DESC, c.ordinal LIMIT ", parameter!(5), ") t \
           ORDER BY rank DESC, t.sort_time, t.id LIMIT ", parameter!(6), ") s \
       JOIN articles p ON p.id = s.article_id ORDER BY s.rank DESC, s.sort_time, s.id"
);

const NEWEST: &str =
    "SELECT content FROM claims ORDER BY sort_time DESC, article_id DESC, ordinal LIMIT $1";

const PUBLISHED: &str = "SELECT publish_time, time_zone, sort_time FROM articles WHERE id = $1";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("search::matches::LEXEMES", LEXEMES),
    ("search::matches::CANDIDATES", CANDIDATES),
    ("search::matches::NEWEST", NEWEST),
    ("search::matches::PUBLISHED", PUBLISHED),
];

/// The words of a text, as a candidate query.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchWords {
    lookups: Lookups,
    /// Maximum number of claims scanned.
    window: i64,
}

impl MatchWords {
    /// All look-ups as one query, for what is searched as a whole.
    pub(in crate::store) fn any(&self) -> String {
        self.lookups.queries.join(" | ")
    }

    /// A query with all of the words, for ranking.
    pub(in crate::store) fn ranking(&self) -> String {
        self.lookups.words.join(" | ")
    }
}

/// A claim that may say the same as a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its id.
    pub id: ClaimId,
    /// Its position in time.
    pub position: ClaimCursor,
    /// The content: at least one passage.
    pub content: Vec<Passage>,
    /// When its article was published, in the article's time zone, if known.
    pub published: Option<DateTime<Tz>>,
    /// The article that its article duplicates, or its own article.
    pub original: ArticleId,
}

impl Store {
    /// Builds the query for claims that may say the same as `text`; `None` if it has only stop words such as "the".
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn match_words(
        &self,
        text: &str,
        shares: &WordShares,
    ) -> Result<Option<MatchWords>, StoreError> {
        let words: Vec<String> = sqlx::query_scalar(LEXEMES)
            .bind(text)
            .fetch_one(&self.pool)
            .await?;
        if words.is_empty() {
            return Ok(None);
        }
        let lookups = lookups(&words, shares);
        // If no word is rare, a small window of claims with all words has to do.
        let window = if lookups.is_common {
            MAX_CANDIDATES
        } else {
            WINDOW
        };
        Ok(Some(MatchWords { lookups, window }))
    }

    /// Returns claims that match the filter and share rare words with a text, those with most of its words first and
    /// ties by earliest time; at most 300. Rejected claims are excluded unless the filter requests them; those of the
    /// article `excluded` always are.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn match_candidates(
        &self,
        words: &MatchWords,
        filter: &ClaimFilter,
        excluded: Option<ArticleId>,
    ) -> Result<Vec<Candidate>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let conditions = Conditions::of(filter, &mut connection).await?;
        let rows: Vec<Row> = conditions
            .bind(sqlx::query_as(CANDIDATES))
            .bind(words.lookups.queries.to_vec())
            .bind(words.lookups.words.clone())
            .bind(words.lookups.weights.clone())
            .bind(excluded.map(|article| article.0))
            .bind(words.window)
            .bind(MAX_CANDIDATES)
            .fetch_all(&mut *connection)
            .await?;
        connection.release();
        rows.into_iter().map(Row::candidate).collect()
    }

    /// Returns the contents of the newest claims, at most 1,000: a sample for word frequencies.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn newest_contents(&self) -> Result<Vec<Vec<Passage>>, StoreError> {
        let rows: Vec<Json<Vec<Passage>>> = sqlx::query_scalar(NEWEST)
            .bind(SAMPLE)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().map(|content| content.0).collect())
    }

    /// Returns an article's publication time in its own time zone and its position in time; `None` if it does not
    /// exist.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn published(
        &self,
        id: ArticleId,
    ) -> Result<Option<(Option<DateTime<Tz>>, DateTime<Utc>)>, StoreError> {
        let row: Option<PublishedRow> = sqlx::query_as(PUBLISHED)
            .bind(id.0)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|(time, zone, sort_time)| Ok((local(time, zone)?, sort_time)))
            .transpose()
    }
}

/// Publication time, its zone, and the position in time.
type PublishedRow = (Option<DateTime<Utc>>, Option<String>, DateTime<Utc>);

/// A publication time in its time zone, or in UTC if that is unknown.
fn local(
    time: Option<DateTime<Utc>>,
    zone: Option<String>,
) -> Result<Option<DateTime<Tz>>, StoreError> {
    let zone: Option<Tz> = parse_opt("time_zone", zone)?;
    Ok(time.map(|time| time.with_timezone(&zone.unwrap_or(Tz::UTC))))
}

/// A candidate as returned by the statements.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: Uuid,
    article_id: Uuid,
    ordinal: i32,
    sort_time: DateTime<Utc>,
    content: Json<Vec<Passage>>,
    publish_time: Option<DateTime<Utc>>,
    time_zone: Option<String>,
    duplicate_of: Option<Uuid>,
}

impl Row {
    pub(super) fn candidate(self) -> Result<Candidate, StoreError> {
        Ok(Candidate {
            id: ClaimId(self.id),
            position: ClaimCursor {
                article: ArticleCursor {
                    sort_time: self.sort_time,
                    id: ArticleId(self.article_id),
                },
                ordinal: self.ordinal,
            },
            content: self.content.0,
            published: local(self.publish_time, self.time_zone)?,
            original: ArticleId(self.duplicate_of.unwrap_or(self.article_id)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::CANDIDATES;
    use crate::store::search::rare_words::{LOOKUPS, WEIGHED};

    /// A query that the statement asks for and is not given would be null, for which no index can be asked.
    #[test]
    fn the_statement_takes_as_many_queries_and_words_as_there_are() {
        assert_eq!(CANDIDATES.matches("c.search @@").count(), LOOKUPS);
        assert_eq!(CANDIDATES.matches("t.search @@").count(), WEIGHED);
    }
}
