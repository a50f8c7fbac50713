use chrono::{DateTime, Utc};
use futures_util::Stream;
use sqlx::postgres::PgArguments;
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, Postgres, query::QueryAs};
use uuid::Uuid;

use super::page::{MAX_ANSWER_BYTES, one_more, take_page};
use super::rows::{all, parse, parse_opt};
use super::{ArticleCursor, ClaimCursor, Page, Store, StoreError};
use crate::domain::{
    ActorId, Addressee, ArticleId, Claim, ClaimId, ClaimKind, Commitment, EngineId, NamedTime,
    PartConfidence, Passage, QuoteType, SourceClass,
};

/// Which claims a list holds: those that meet every condition given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClaimFilter {
    /// Said by this actor.
    pub actor: Option<ActorId>,
    /// Reported by this article.
    pub article: Option<ArticleId>,
    /// From this sort of source.
    pub source_class: Option<SourceClass>,
    /// Quoted in this way.
    pub quote_type: Option<QuoteType>,
    /// Of this kind.
    pub kind: Option<ClaimKind>,
    /// In an article published (or, where unknown, ingested) at or after.
    pub start_time: Option<DateTime<Utc>>,
    /// In an article published (or, where unknown, ingested) before.
    pub end_time: Option<DateTime<Utc>>,
    /// At least this confident. 0 lets all pass.
    pub min_confidence: f32,
}

macro_rules! claim_columns {
    () => {
        "SELECT c.id, c.article_id, c.ordinal, c.sort_time, c.actor_id, a.display_name AS actor_name, c.parent_id, \
         c.source, c.source_class, c.cue, c.cue_lemma, c.addressees, \
         ARRAY(SELECT actor_root(e.id) FROM unnest(c.addressee_ids) WITH ORDINALITY AS e (id, place) ORDER BY e.place) \
           AS addressee_ids, \
         ARRAY(SELECT r.id FROM (SELECT actor_root(e.id) AS id, e.place \
                                 FROM unnest(c.about_ids) WITH ORDINALITY AS e (id, place)) r \
               WHERE r.id IS DISTINCT FROM c.actor_id GROUP BY r.id ORDER BY min(r.place)) AS about_ids, c.content, c.quote_type, c.kind, c.reporter_stance, \
         c.certainty, c.polarity, c.utterance_time, c.referenced_times, c.check_worthiness, \
         c.confidence, c.source_confidence, c.cue_confidence, c.content_confidence, c.engine_name, c.engine_version, c.review_state, c.create_time, c.row_version \
         FROM claims c LEFT JOIN actors a ON a.id = c.actor_id "
    };
}

/// The conditions of a [`ClaimFilter`] on claims `c`: `$1` to `$8`, as [`bind_filter`] gives them.
macro_rules! claim_filter {
    () => {
        "($1::uuid IS NULL OR c.actor_id = $1) \
         AND ($2::uuid IS NULL OR c.article_id = $2) \
         AND ($3::text IS NULL OR c.source_class = $3) \
         AND ($4::text IS NULL OR c.quote_type = $4) \
         AND ($5::text IS NULL OR c.kind = $5) \
         AND ($6::timestamptz IS NULL OR c.sort_time >= $6) \
         AND ($7::timestamptz IS NULL OR c.sort_time < $7) \
         AND c.confidence >= $8 "
    };
}
pub(super) use claim_filter;

/// Gives a statement the values of a filter, as its first eight.
pub(super) fn bind_filter<'q, R>(
    query: QueryAs<'q, Postgres, R, PgArguments>,
    filter: &ClaimFilter,
) -> QueryAs<'q, Postgres, R, PgArguments> {
    query
        .bind(filter.actor.map(|id| id.0))
        .bind(filter.article.map(|id| id.0))
        .bind(filter.source_class.map(|class| class.to_string()))
        .bind(filter.quote_type.map(|quote_type| quote_type.to_string()))
        .bind(filter.kind.map(|kind| kind.to_string()))
        .bind(filter.start_time)
        .bind(filter.end_time)
        .bind(filter.min_confidence)
}

// Nobody reviews a claim between this look at it and what is then written.
const LOCK: &str = concat!(
    claim_columns!(),
    "WHERE c.article_id = $1 ORDER BY c.ordinal FOR UPDATE OF c"
);

const GET_MANY: &str = concat!(claim_columns!(), "WHERE c.id = ANY($1)");

// Articles run from new to old and claims inside an article from first to last, so the place after a claim is not one
// row comparison: `<=` bounds the index scan, the rest drops what was given already of the same article.
const LIST: &str = concat!(
    claim_columns!(),
    "WHERE ",
    claim_filter!(),
    "AND ($9::timestamptz IS NULL OR ( \
             (c.sort_time, c.article_id) <= ($9, $10::uuid) \
             AND ((c.sort_time, c.article_id) < ($9, $10::uuid) OR c.ordinal > $11))) \
     ORDER BY c.sort_time DESC, c.article_id DESC, c.ordinal LIMIT $12"
);

const GET_FITTING: &str = concat!(
    claim_columns!(),
    "WHERE ",
    claim_filter!(),
    "AND c.id = ANY($9)"
);

/// The statements of this file.
pub(super) const STATEMENTS: &[(&str, &str)] = &[
    ("claims::LOCK", LOCK),
    ("claims::GET_MANY", GET_MANY),
    ("claims::LIST", LIST),
    ("claims::GET_FITTING", GET_FITTING),
];

/// All claims of an article in text order, locked until the transaction ends.
pub(super) async fn lock_claims(
    tx: &mut PgConnection,
    article_id: ArticleId,
) -> Result<Vec<Claim>, StoreError> {
    let rows: Vec<ClaimRow> = sqlx::query_as(LOCK)
        .bind(article_id.0)
        .fetch_all(tx)
        .await?;
    all(rows)
}

impl Store {
    /// The claims with these ids, in no order; an unknown id is left out.
    ///
    /// # Errors
    /// As [`StoreError`] says; [`StoreError::TooLarge`] where together they hold too much text.
    pub async fn claims(&self, ids: &[ClaimId]) -> Result<Vec<Claim>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        whole_answer(sqlx::query_as(GET_MANY).bind(ids).fetch(&self.pool)).await
    }

    /// A page of at most `size` claims after `after`: newest article first, within an article in text order.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn list_claims(
        &self,
        filter: &ClaimFilter,
        after: Option<ClaimCursor>,
        size: usize,
    ) -> Result<Page<Claim, ClaimCursor>, StoreError> {
        list_claims(&self.pool, filter, after, size).await
    }

    /// Those of these claims that fit the filter, in no order; an unknown id is left out.
    ///
    /// # Errors
    /// As [`StoreError`] says; [`StoreError::TooLarge`] where together they hold too much text.
    pub async fn claims_that_fit(
        &self,
        ids: &[ClaimId],
        filter: &ClaimFilter,
    ) -> Result<Vec<Claim>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = bind_filter(sqlx::query_as(GET_FITTING), filter).bind(ids);
        whole_answer(rows.fetch(&self.pool)).await
    }
}

/// See [`Store::list_claims`].
pub(super) async fn list_claims(
    executor: impl PgExecutor<'_>,
    filter: &ClaimFilter,
    after: Option<ClaimCursor>,
    size: usize,
) -> Result<Page<Claim, ClaimCursor>, StoreError> {
    let rows = bind_filter(sqlx::query_as(LIST), filter)
        .bind(after.map(|place| place.article.sort_time))
        .bind(after.map(|place| place.article.id.0))
        .bind(after.map(|place| place.ordinal))
        .bind(one_more(size))
        .fetch(executor);
    let page = take_page(rows, size, ClaimRow::bytes, ClaimRow::cursor).await?;
    Ok(Page {
        items: all(page.items)?,
        next: page.next,
    })
}

/// All of these claims, or [`StoreError::TooLarge`].
async fn whole_answer(
    rows: impl Stream<Item = sqlx::Result<ClaimRow>>,
) -> Result<Vec<Claim>, StoreError> {
    let page = take_page(rows, usize::MAX, ClaimRow::bytes, |_| ()).await?;
    match page.next {
        Some(()) => Err(StoreError::TooLarge {
            max_bytes: MAX_ANSWER_BYTES,
        }),
        None => all(page.items),
    }
}

#[derive(sqlx::FromRow)]
struct ClaimRow {
    id: Uuid,
    article_id: Uuid,
    ordinal: i32,
    sort_time: DateTime<Utc>,
    actor_id: Option<Uuid>,
    actor_name: Option<String>,
    parent_id: Option<Uuid>,
    source: Json<Vec<Passage>>,
    source_class: Option<String>,
    cue: Json<Vec<Passage>>,
    cue_lemma: Option<String>,
    addressees: Json<Vec<Passage>>,
    addressee_ids: Vec<Option<Uuid>>,
    about_ids: Vec<Uuid>,
    content: Json<Vec<Passage>>,
    quote_type: String,
    kind: Option<String>,
    reporter_stance: Option<String>,
    certainty: Option<String>,
    polarity: Option<String>,
    utterance_time: Option<Json<NamedTime>>,
    referenced_times: Json<Vec<NamedTime>>,
    check_worthiness: Option<f32>,
    confidence: f32,
    source_confidence: Option<f32>,
    cue_confidence: Option<f32>,
    content_confidence: Option<f32>,
    engine_name: String,
    engine_version: String,
    review_state: String,
    create_time: DateTime<Utc>,
    row_version: i64,
}

impl ClaimRow {
    fn part_confidence(&self) -> Option<PartConfidence> {
        Some(PartConfidence {
            source: self.source_confidence?,
            cue: self.cue_confidence?,
            content: self.content_confidence?,
        })
    }

    /// How much text the claim holds.
    fn bytes(&self) -> usize {
        let passages = self
            .source
            .0
            .iter()
            .chain(&self.cue.0)
            .chain(&self.addressees.0)
            .chain(&self.content.0);
        passages.map(|passage| passage.text.len()).sum()
    }

    fn cursor(&self) -> ClaimCursor {
        ClaimCursor {
            article: ArticleCursor {
                sort_time: self.sort_time,
                id: ArticleId(self.article_id),
            },
            ordinal: self.ordinal,
        }
    }
}

impl TryFrom<ClaimRow> for Claim {
    type Error = StoreError;

    fn try_from(row: ClaimRow) -> Result<Self, StoreError> {
        Ok(Self {
            part_confidence: row.part_confidence(),
            id: ClaimId(row.id),
            article: ArticleId(row.article_id),
            ordinal: row.ordinal,
            actor: row.actor_id.map(ActorId),
            actor_name: row.actor_name,
            parent: row.parent_id.map(ClaimId),
            source: row.source.0,
            source_class: parse_opt("source_class", row.source_class)?,
            cue: row.cue.0,
            cue_lemma: row.cue_lemma,
            addressees: row
                .addressees
                .0
                .into_iter()
                .zip(row.addressee_ids)
                .map(|(passage, actor)| Addressee {
                    passage,
                    actor: actor.map(ActorId),
                })
                .collect(),
            about: row.about_ids.into_iter().map(ActorId).collect(),
            content: row.content.0,
            quote_type: parse("quote_type", &row.quote_type)?,
            kind: parse_opt("kind", row.kind)?,
            reporter_stance: parse_opt("reporter_stance", row.reporter_stance)?,
            commitment: commitment(row.certainty, row.polarity)?,
            utterance_time: row.utterance_time.map(|time| time.0),
            referenced_times: row.referenced_times.0,
            check_worthiness: row.check_worthiness,
            confidence: row.confidence,
            engine: EngineId {
                name: row.engine_name,
                version: row.engine_version,
            },
            review_state: parse("review_state", &row.review_state)?,
            create_time: row.create_time,
            row_version: row.row_version,
        })
    }
}

/// Both or neither.
fn commitment(
    certainty: Option<String>,
    polarity: Option<String>,
) -> Result<Option<Commitment>, StoreError> {
    let certainty = parse_opt("certainty", certainty)?;
    let polarity = parse_opt("polarity", polarity)?;
    Ok(certainty
        .zip(polarity)
        .map(|(certainty, polarity)| Commitment {
            certainty,
            polarity,
        }))
}
