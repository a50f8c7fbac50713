//! Full-text search over claims.
//!
//! A word that occurs in half of a million claims must not cost reading half a million claims: matches are ranked and
//! counted among the newest [`SAMPLE`]. Ordered by time, all of them can be listed, page by page.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::highlights::highlights;
use super::parts::Part;
use crate::domain::{ActorId, ArticleId, ClaimId, ClaimKind, Passage};
use crate::store::claims::{ClaimFilter, Conditions};
use crate::store::db::{ArticleCursor, ClaimCursor, Store, StoreError, name_key, parse_opt};

/// How many of the newest matches are ranked and counted.
pub const SAMPLE: usize = 2_000;
/// How many of the newest claims that contain all words of a phrase are checked for the phrase itself. The index does
/// not know the order of words.
const PHRASE_SAMPLE: usize = 5_000;
/// How many actors a misspelled name may match.
const MAX_ACTORS: i64 = 50;

// `wide` is the query without word order, which is what the index can evaluate; a negated phrase cannot be relaxed
// like this.
const READ: &str = "SELECT q::text AS exact, querytree(q) AS indexed, \
       CASE WHEN q::text LIKE '%!%' THEN q::text ELSE regexp_replace(q::text, '<(-|[0-9]+)>', '&', 'g') END AS wide \
     FROM websearch_to_tsquery('english', searchable($1)) q";

const ACTORS: &str = "SELECT DISTINCT actor_root(s.actor_id) FROM ( \
       SELECT n.actor_id FROM actor_names n WHERE $1 <% n.name_key \
       GROUP BY n.actor_id ORDER BY max(word_similarity($1, n.name_key)) DESC, n.actor_id LIMIT $2) s";

// The inner query stops at its limit, however common the planner estimates the words to be.
#[rustfmt::skip]
const FIND: &str = concat!(
    "SELECT s.id, s.article_id, s.ordinal, s.sort_time, s.actor_id, s.kind, \
       CASE WHEN ", parameter!(11), " THEN (SELECT p.publisher FROM articles p WHERE p.id = s.article_id) END AS publisher, \
       CASE WHEN s.search @@ ", parameter!(2), "::tsquery THEN ts_rank_cd(s.search, ", parameter!(2), "::tsquery, 1) END AS rank \
     FROM (SELECT c.id, c.article_id, c.ordinal, c.sort_time, c.actor_id, c.kind, c.search \
           FROM claims c LEFT JOIN articles ar ON ar.id = c.article_id WHERE ",
    claim_conditions!("c.sort_time"),
    "AND c.search @@ ", parameter!(1), "::tsquery \
     AND (", parameter!(3), "::uuid[] IS NULL OR c.actor_id = ANY(", parameter!(3), ")) \
     AND (", parameter!(4), "::timestamptz IS NULL OR ( \
           (c.sort_time, c.article_id) <= (", parameter!(4), ", ", parameter!(5), "::uuid) \
           AND ((c.sort_time, c.article_id) < (", parameter!(4), ", ", parameter!(5), "::uuid) OR c.ordinal > ", parameter!(6), "))) \
     AND (", parameter!(7), "::timestamptz IS NULL OR ( \
           (c.sort_time, c.article_id) >= (", parameter!(7), ", ", parameter!(8), "::uuid) \
           AND ((c.sort_time, c.article_id) > (", parameter!(7), ", ", parameter!(8), "::uuid) OR c.ordinal <= ", parameter!(9), "))) \
     AND (", parameter!(12), "::int[] IS NULL OR claim_month(c.sort_time) = ANY(", parameter!(12), ")) \
     AND (", parameter!(13), "::timestamptz IS NULL OR c.sort_time < ", parameter!(13), ") \
     ORDER BY c.sort_time DESC, c.article_id DESC, c.ordinal LIMIT ", parameter!(10), ") s"
);

// All months down to that of the last of these claims: a claim with a wrong date has its own month.
const NEWEST_MONTHS: &str = "SELECT DISTINCT claim_month(s.sort_time) FROM ( \
       SELECT c.sort_time FROM claims c \
       WHERE ($1::timestamptz IS NULL OR c.sort_time <= $1) AND ($2::timestamptz IS NULL OR c.sort_time < $2) \
       ORDER BY c.sort_time DESC LIMIT 200) s";

const HEADLINES: &str = "SELECT c.id, p.passage, \
       ts_headline('english', searchable(p.passage ->> 'text'), $2::tsquery, \
                   E'HighlightAll=true, StartSel=\"\\x02\", StopSel=\"\\x03\"') AS marked \
     FROM claims c CROSS JOIN LATERAL jsonb_array_elements(c.content) WITH ORDINALITY AS p (passage, place) \
     WHERE c.id = ANY($1) ORDER BY c.id, p.place";

const NAMES: &str = "SELECT id, display_name FROM actors WHERE id = ANY($1)";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("search::find::READ", READ),
    ("search::find::ACTORS", ACTORS),
    ("search::find::FIND", FIND),
    ("search::find::NEWEST_MONTHS", NEWEST_MONTHS),
    ("search::find::HEADLINES", HEADLINES),
    ("search::find::NAMES", NAMES),
];

/// A full-text query, as parsed by Postgres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    exact: String,
    wide: String,
}

impl Words {
    /// Maximum number of claims scanned.
    fn window(&self) -> usize {
        if self.exact == self.wide {
            SAMPLE
        } else {
            PHRASE_SAMPLE
        }
    }
}

/// The part of the matches to scan, newest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    /// Only those after this position.
    pub after: Option<ClaimCursor>,
    /// Only those up to this position.
    pub until: Option<ClaimCursor>,
    /// How many are wanted, if fewer than a full window. More may be returned.
    pub wanted: Option<usize>,
}

/// A matching claim, with what is needed to rank and count it.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Its id.
    pub id: ClaimId,
    /// Its position in time.
    pub position: ClaimCursor,
    /// The closer together the words are, and the fewer others there are, the higher the rank.
    pub rank: f32,
    /// Who is on record.
    pub actor: Option<ActorId>,
    /// Its kind.
    pub kind: Option<ClaimKind>,
    /// The article's publisher, if requested.
    pub publisher: Option<String>,
}

/// The content of a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Matches {
    /// The matching claims, newest first.
    pub found: Vec<Match>,
    /// The last position scanned, if more may follow.
    pub end: Option<ClaimCursor>,
}

impl Store {
    /// Parses a query in web search syntax; `None` if it has no searchable word.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn read_words(&self, query: &str) -> Result<Option<Words>, StoreError> {
        let (exact, indexed, wide): (String, String, String) = sqlx::query_as(READ)
            .bind(query)
            .fetch_one(&self.pool)
            .await?;
        let names_none = indexed.is_empty() || indexed == "T";
        Ok((!names_none).then_some(Words { exact, wide }))
    }

    /// Returns the 50 actors with the most similar names; merged actors resolve to the survivor.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn actors_named_like(&self, name: &str) -> Result<Vec<ActorId>, StoreError> {
        let ids: Vec<Option<Uuid>> = sqlx::query_scalar(ACTORS)
            .bind(name_key(name))
            .bind(MAX_ACTORS)
            .fetch_all(&self.pool)
            .await?;
        Ok(ids.into_iter().flatten().map(ActorId).collect())
    }

    /// Returns the claims in a window that match the query and the filter and, if `actors` is given, have one of
    /// these as their actor.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn find_claims(
        &self,
        words: &Words,
        filter: &ClaimFilter,
        actors: Option<&[ActorId]>,
        window: Window,
        with_publisher: bool,
    ) -> Result<Matches, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let search = SearchParams {
            conditions: Conditions::of(filter, &mut connection).await?,
            words,
            actors: actors.map(|ids| ids.iter().map(|id| id.0).collect()),
            window,
            with_publisher,
        };
        let limit = limit(words, window);
        let months = newest_months(&mut connection, filter, window).await?;
        let oldest = filter.start_time.max(window.until.map(time_of));
        let mut part = Some(Part::first(months));
        let mut rows: Vec<Row> = Vec::new();
        while let Some(here) = part.filter(|_| rows.len() < limit) {
            rows.extend(
                search
                    .in_part(&mut connection, &here, limit - rows.len())
                    .await?,
            );
            part = here.next(rows.len(), limit, oldest);
        }
        connection.release();
        let end = (rows.len() == limit)
            .then(|| rows.last().map(Row::position))
            .flatten();
        let found = rows.into_iter().filter_map(Row::matched);
        Ok(Matches {
            found: found.collect::<Result<_, _>>()?,
            end,
        })
    }

    /// Returns where the words occur in the contents of these claims, in text order; claims without a match may be
    /// left out.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn highlights(
        &self,
        claims: &[ClaimId],
        words: &Words,
    ) -> Result<HashMap<ClaimId, Vec<Passage>>, StoreError> {
        let ids: Vec<Uuid> = claims.iter().map(|id| id.0).collect();
        let rows: Vec<(Uuid, Json<Passage>, String)> = sqlx::query_as(HEADLINES)
            .bind(ids)
            .bind(words.exact.clone())
            .fetch_all(&self.pool)
            .await?;
        let mut found: HashMap<ClaimId, Vec<Passage>> = HashMap::new();
        for (id, passage, marked) in rows {
            let here = found.entry(ClaimId(id)).or_default();
            here.extend(highlights(&passage.0, &marked));
        }
        Ok(found)
    }

    /// Returns the display names of actors, in no particular order; unknown ids are left out.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn actor_names(&self, ids: &[ActorId]) -> Result<Vec<(ActorId, String)>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows: Vec<(Uuid, String)> = sqlx::query_as(NAMES)
            .bind(ids)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, name)| (ActorId(id), name))
            .collect())
    }
}

/// The search parameters that all parts of the archive share.
struct SearchParams<'a> {
    conditions: Conditions<'a>,
    words: &'a Words,
    actors: Option<Vec<Uuid>>,
    window: Window,
    with_publisher: bool,
}

impl SearchParams<'_> {
    /// Returns the newest matches in a part of the archive, at most `limit`.
    async fn in_part(
        &self,
        connection: &mut PgConnection,
        part: &Part,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let Window { after, until, .. } = self.window;
        let query = self.conditions.bind(sqlx::query_as(FIND));
        let rows = query
            .bind(self.words.wide.clone())
            .bind(self.words.exact.clone())
            .bind(self.actors.clone())
            .bind(after.map(time_of))
            .bind(after.map(|position| position.article.id.0))
            .bind(after.map(|position| position.ordinal))
            .bind(until.map(time_of))
            .bind(until.map(|position| position.article.id.0))
            .bind(until.map(|position| position.ordinal))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .bind(self.with_publisher)
            .bind(part.months.clone())
            .bind(part.before)
            .fetch_all(connection);
        Ok(rows.await?)
    }
}

/// Returns the months of the newest claims that a search may find.
async fn newest_months(
    connection: &mut PgConnection,
    filter: &ClaimFilter,
    window: Window,
) -> Result<Vec<i32>, StoreError> {
    let months = sqlx::query_scalar(NEWEST_MONTHS)
        .bind(window.after.map(time_of))
        .bind(filter.end_time)
        .fetch_all(connection);
    Ok(months.await?)
}

const fn time_of(position: ClaimCursor) -> DateTime<Utc> {
    position.article.sort_time
}

/// Maximum number of claims scanned. A window that ends at a position is scanned completely; twice the usual number
/// allows for claims that were added since that position was determined.
fn limit(words: &Words, window: Window) -> usize {
    match (window.until, window.wanted) {
        (Some(_), _) => 2 * words.window(),
        (None, Some(wanted)) if words.exact == words.wide => wanted,
        _ => words.window(),
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: Uuid,
    article_id: Uuid,
    ordinal: i32,
    sort_time: DateTime<Utc>,
    actor_id: Option<Uuid>,
    kind: Option<String>,
    publisher: Option<String>,
    rank: Option<f32>,
}

impl Row {
    pub(super) const fn position(&self) -> ClaimCursor {
        ClaimCursor {
            article: ArticleCursor {
                sort_time: self.sort_time,
                id: ArticleId(self.article_id),
            },
            ordinal: self.ordinal,
        }
    }

    /// The match, unless only the relaxed query matches.
    pub(super) fn matched(self) -> Option<Result<Match, StoreError>> {
        let rank = self.rank?;
        let position = self.position();
        Some(parse_opt("kind", self.kind).map(|kind| Match {
            id: ClaimId(self.id),
            position,
            rank,
            actor: self.actor_id.map(ActorId),
            kind,
            publisher: self.publisher,
        }))
    }
}
