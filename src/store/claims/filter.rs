//! Which claims are meant: the conditions that every list and search of claims shares.

use chrono::{DateTime, Utc};
use sqlx::postgres::PgArguments;
use sqlx::{PgConnection, Postgres, query::QueryAs};
use uuid::Uuid;

use crate::domain::{
    ActorId, ArticleId, ArticleState, Certainty, ClaimKind, Polarity, QuoteType, ReviewState,
    SourceClass,
};
use crate::store::db::StoreError;

/// Which claims are meant: those that meet every condition given.
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
    /// About this actor, or whoever it was merged into, and not said by that actor.
    pub about: Option<ActorId>,
    /// Spoken to this actor, or to whoever it was merged into.
    pub addressee: Option<ActorId>,
    /// Of this certainty.
    pub certainty: Option<Certainty>,
    /// Of this polarity.
    pub polarity: Option<Polarity>,
    /// Spoken (or, where unknown, published) at or after.
    pub start_utterance: Option<DateTime<Utc>>,
    /// Spoken (or, where unknown, published) before.
    pub end_utterance: Option<DateTime<Utc>>,
    /// In an article of exactly this publisher.
    pub publisher: Option<String>,
    /// In an article of exactly this language.
    pub language_code: Option<String>,
    /// In an article in this state.
    pub article_state: Option<ArticleState>,
    /// In this state of review.
    pub review_state: Option<ReviewState>,
    /// Of an actor that is right at least this likely. 0 lets all pass, also those without an actor and those of which it
    /// is not known.
    pub min_actor_confidence: f32,
}

// The article's columns are named only where they are asked for, so that a LEFT JOIN of it costs nothing elsewhere.
// `$time` is the sort time, of the claim or of its article, by whose index the list is read.
macro_rules! claim_conditions {
    ($time:literal) => {
        concat!(
            "($1::uuid IS NULL OR c.actor_id = $1) \
             AND ($2::uuid IS NULL OR c.article_id = $2) \
             AND ($3::text IS NULL OR c.source_class = $3) \
             AND ($4::text IS NULL OR c.quote_type = $4) \
             AND ($5::text IS NULL OR c.kind = $5) \
             AND ($6::timestamptz IS NULL OR ",
            $time,
            " >= $6) AND ($7::timestamptz IS NULL OR ",
            $time,
            " < $7) \
             AND ($8::real IS NULL OR c.confidence >= $8) \
             AND ($9::uuid[] IS NULL OR (c.about_ids && $9 AND c.actor_id IS DISTINCT FROM $9[1])) \
             AND ($10::uuid[] IS NULL OR c.addressee_ids && $10) \
             AND ($11::text IS NULL OR c.certainty = $11) \
             AND ($12::text IS NULL OR c.polarity = $12) \
             AND ($13::timestamptz IS NULL OR coalesce(c.utterance_start, c.sort_time) >= $13) \
             AND ($14::timestamptz IS NULL OR coalesce(c.utterance_start, c.sort_time) < $14) \
             AND ($15::text IS NULL OR c.review_state = $15) \
             AND ($16::text IS NULL OR ar.publisher = $16) \
             AND ($17::text IS NULL OR ar.language_code = $17) \
             AND ($18::text IS NULL OR ar.state = $18) \
             AND ($19::real IS NULL OR (c.actor_confidence >= $19 AND c.actor_id IS NOT NULL)) "
        )
    };
}
pub(in crate::store) use claim_conditions;

// The actor that this one was merged into in the end, first, then all that were merged into that one.
const FAMILY: &str = "WITH RECURSIVE down AS ( \
       SELECT actor_root($1) AS id, 0 AS depth \
       UNION ALL SELECT a.id, down.depth + 1 FROM down JOIN actors a ON a.merged_into = down.id) \
     SELECT id FROM down WHERE id IS NOT NULL ORDER BY depth, id";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[("claims::filter::FAMILY", FAMILY)];

/// A filter as its conditions take it: actors stand for all that were merged into them.
#[derive(Debug)]
pub(in crate::store) struct Conditions<'a> {
    filter: &'a ClaimFilter,
    about: Option<Vec<Uuid>>,
    addressee: Option<Vec<Uuid>>,
}

impl<'a> Conditions<'a> {
    /// Looks up who was merged into the actors of the filter.
    pub(in crate::store) async fn of(
        filter: &'a ClaimFilter,
        connection: &mut PgConnection,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            filter,
            about: family(filter.about, connection).await?,
            addressee: family(filter.addressee, connection).await?,
        })
    }

    /// Binds `$1` to `$19`.
    pub(in crate::store) fn bind<O>(
        &self,
        query: QueryAs<'static, Postgres, O, PgArguments>,
    ) -> QueryAs<'static, Postgres, O, PgArguments> {
        let filter = self.filter;
        query
            .bind(filter.actor.map(|id| id.0))
            .bind(filter.article.map(|id| id.0))
            .bind(filter.source_class.map(|class| class.to_string()))
            .bind(filter.quote_type.map(|quote_type| quote_type.to_string()))
            .bind(filter.kind.map(|kind| kind.to_string()))
            .bind(filter.start_time)
            .bind(filter.end_time)
            .bind(above_zero(filter.min_confidence))
            .bind(self.about.clone())
            .bind(self.addressee.clone())
            .bind(filter.certainty.map(|certainty| certainty.to_string()))
            .bind(filter.polarity.map(|polarity| polarity.to_string()))
            .bind(filter.start_utterance)
            .bind(filter.end_utterance)
            .bind(filter.review_state.map(|state| state.to_string()))
            .bind(filter.publisher.clone())
            .bind(filter.language_code.clone())
            .bind(filter.article_state.map(|state| state.to_string()))
            .bind(above_zero(filter.min_actor_confidence))
    }
}

/// A threshold, unless it lets everything pass.
fn above_zero(threshold: f32) -> Option<f32> {
    (threshold > 0.0).then_some(threshold)
}

/// The actor that this one was merged into in the end, and all that were merged into that one. None for no actor, empty
/// for one that is not there.
pub(in crate::store) async fn family(
    actor: Option<ActorId>,
    connection: &mut PgConnection,
) -> Result<Option<Vec<Uuid>>, StoreError> {
    let Some(actor) = actor else { return Ok(None) };
    let ids = sqlx::query_scalar(FAMILY)
        .bind(actor.0)
        .fetch_all(connection)
        .await?;
    Ok(Some(ids))
}
