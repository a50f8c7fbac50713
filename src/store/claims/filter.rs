//! Selecting claims: the conditions that all lists and searches of claims share.

use chrono::{DateTime, Utc};
use sqlx::postgres::PgArguments;
use sqlx::{PgConnection, Postgres, query::QueryAs};
use uuid::Uuid;

use crate::domain::{
    ActorId, ArticleId, ArticleState, Certainty, ClaimKind, Gender, Polarity, PropositionId,
    QuoteType, ReviewState, SourceClass,
};
use crate::store::db::StoreError;
use crate::store::fact_checks::few_checked;

/// Selects claims that meet every condition given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClaimFilter {
    /// Made by this actor.
    pub actor: Option<ActorId>,
    /// In this article.
    pub article: Option<ArticleId>,
    /// From this class of source.
    pub source_class: Option<SourceClass>,
    /// Of this quote type.
    pub quote_type: Option<QuoteType>,
    /// Of this kind.
    pub kind: Option<ClaimKind>,
    /// In an article published (or, where unknown, ingested) at or after.
    pub start_time: Option<DateTime<Utc>>,
    /// In an article published (or, where unknown, ingested) before.
    pub end_time: Option<DateTime<Utc>>,
    /// With at least this confidence. 0 matches all.
    pub min_confidence: f32,
    /// About this actor, or the actor that it was merged into, and not made by that actor.
    pub about: Option<ActorId>,
    /// Addressed to this actor, or to the actor that it was merged into.
    pub addressee: Option<ActorId>,
    /// Of this certainty.
    pub certainty: Option<Certainty>,
    /// Of this polarity.
    pub polarity: Option<Polarity>,
    /// Uttered (or, where unknown, published) at or after.
    pub start_utterance: Option<DateTime<Utc>>,
    /// Uttered (or, where unknown, published) before.
    pub end_utterance: Option<DateTime<Utc>>,
    /// In an article of exactly this publisher.
    pub publisher: Option<String>,
    /// In an article of exactly this language.
    pub language_code: Option<String>,
    /// In an article in this state.
    pub article_state: Option<ArticleState>,
    /// In this state of review.
    pub review_state: Option<ReviewState>,
    /// With at least this actor confidence. 0 matches all, including claims without an actor and those whose actor
    /// confidence is unknown.
    pub min_actor_confidence: f32,
    /// With at least this check-worthiness. 0 matches all, including claims that have not been scored.
    pub min_check_worthiness: f32,
    /// With any of these values.
    pub any: AnyOf,
    /// With none of these values.
    pub none: NoneOf,
    /// Assigned to this proposition.
    pub proposition: Option<PropositionId>,
    /// Made by an actor of this gender.
    pub actor_gender: Option<Gender>,
    /// Made by somebody known, or by nobody known.
    pub has_actor: Option<bool>,
    /// Extracted by this version of an engine.
    pub engine_version: Option<String>,
    /// Checked by somebody, as far as is known, or by nobody.
    pub has_fact_check: Option<bool>,
}

/// Values of which a claim has to have one. An empty list matches all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnyOf {
    /// Made by one of these actors.
    pub actors: Vec<ActorId>,
    /// Of one of these kinds.
    pub kinds: Vec<ClaimKind>,
    /// In an article of exactly one of these publishers.
    pub publishers: Vec<String>,
    /// In an article of exactly one of these languages.
    pub language_codes: Vec<String>,
}

/// Values of which a claim may have none. Where its own is unknown, it has none of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoneOf {
    /// Not made by these actors.
    pub actors: Vec<ActorId>,
    /// Not of these kinds.
    pub kinds: Vec<ClaimKind>,
    /// Not in an article of these publishers.
    pub publishers: Vec<String>,
    /// Not extracted by this version of an engine.
    pub engine_version: Option<String>,
}

// The parameters of a statement with a filter: first those of the filter, by field, in the order in which
// [`Conditions::bind`] binds them, then those of the statement itself, by number.
#[rustfmt::skip]
macro_rules! parameter {
    (actor) => { "$1" };
    (article) => { "$2" };
    (source_class) => { "$3" };
    (quote_type) => { "$4" };
    (kind) => { "$5" };
    (start_time) => { "$6" };
    (end_time) => { "$7" };
    (min_confidence) => { "$8" };
    (about) => { "$9" };
    (addressee) => { "$10" };
    (certainty) => { "$11" };
    (polarity) => { "$12" };
    (start_utterance) => { "$13" };
    (end_utterance) => { "$14" };
    (review_state) => { "$15" };
    (publisher) => { "$16" };
    (language_code) => { "$17" };
    (article_state) => { "$18" };
    (min_actor_confidence) => { "$19" };
    (min_check_worthiness) => { "$20" };
    (any_actors) => { "$21" };
    (any_kinds) => { "$22" };
    (any_publishers) => { "$23" };
    (any_language_codes) => { "$24" };
    (no_actors) => { "$25" };
    (no_kinds) => { "$26" };
    (no_publishers) => { "$27" };
    (no_engine_version) => { "$28" };
    (proposition) => { "$29" };
    (actor_gender) => { "$30" };
    (has_actor) => { "$31" };
    (engine_version) => { "$32" };
    (has_fact_check) => { "$33" };
    (checked) => { "$34" };
    (1) => { "$35" };
    (2) => { "$36" };
    (3) => { "$37" };
    (4) => { "$38" };
    (5) => { "$39" };
    (6) => { "$40" };
    (7) => { "$41" };
    (8) => { "$42" };
    (9) => { "$43" };
    (10) => { "$44" };
    (11) => { "$45" };
    (12) => { "$46" };
    (13) => { "$47" };
}

// The article's columns are referenced only if a condition needs them, so that a LEFT JOIN of the article costs
// nothing otherwise. `$time` is the sort time, of the claim or of its article, whose index the list is read by.
#[rustfmt::skip]
macro_rules! claim_conditions {
    ($time:literal) => {
        concat!(
            "(", parameter!(actor), "::uuid IS NULL OR c.actor_id = ", parameter!(actor), ") \
             AND (", parameter!(article), "::uuid IS NULL OR c.article_id = ", parameter!(article), ") \
             AND (", parameter!(source_class), "::text IS NULL OR c.source_class = ", parameter!(source_class), ") \
             AND (", parameter!(quote_type), "::text IS NULL OR c.quote_type = ", parameter!(quote_type), ") \
             AND (", parameter!(kind), "::text IS NULL OR c.kind = ", parameter!(kind), ") \
             AND (", parameter!(start_time), "::timestamptz IS NULL OR ",
            $time,
            " >= ", parameter!(start_time), ") AND (", parameter!(end_time), "::timestamptz IS NULL OR ",
            $time,
            " < ", parameter!(end_time), ") \
             AND (", parameter!(min_confidence), "::real IS NULL OR c.confidence >= ", parameter!(min_confidence), ") \
             AND (", parameter!(about), "::uuid[] IS NULL OR (c.about_ids && ", parameter!(about), " AND c.actor_id IS DISTINCT FROM ", parameter!(about), "[1])) \
             AND (", parameter!(addressee), "::uuid[] IS NULL OR c.addressee_ids && ", parameter!(addressee), ") \
             AND (", parameter!(certainty), "::text IS NULL OR c.certainty = ", parameter!(certainty), ") \
             AND (", parameter!(polarity), "::text IS NULL OR c.polarity = ", parameter!(polarity), ") \
             AND (", parameter!(start_utterance), "::timestamptz IS NULL OR coalesce(c.utterance_start, c.sort_time) >= ", parameter!(start_utterance), ") \
             AND (", parameter!(end_utterance), "::timestamptz IS NULL OR coalesce(c.utterance_start, c.sort_time) < ", parameter!(end_utterance), ") \
             AND (", parameter!(review_state), "::text IS NULL OR c.review_state = ", parameter!(review_state), ") \
             AND (", parameter!(publisher), "::text IS NULL OR ar.publisher = ", parameter!(publisher), ") \
             AND (", parameter!(language_code), "::text IS NULL OR ar.language_code = ", parameter!(language_code), ") \
             AND (", parameter!(article_state), "::text IS NULL OR ar.state = ", parameter!(article_state), ") \
             AND (", parameter!(min_actor_confidence), "::real IS NULL OR (c.actor_confidence >= ", parameter!(min_actor_confidence), " AND c.actor_id IS NOT NULL)) \
             AND (", parameter!(min_check_worthiness), "::real IS NULL OR c.check_worthiness >= ", parameter!(min_check_worthiness), ") \
             AND (", parameter!(any_actors), "::uuid[] IS NULL OR c.actor_id = ANY(", parameter!(any_actors), ")) \
             AND (", parameter!(any_kinds), "::text[] IS NULL OR c.kind = ANY(", parameter!(any_kinds), ")) \
             AND (", parameter!(any_publishers), "::text[] IS NULL OR ar.publisher = ANY(", parameter!(any_publishers), ")) \
             AND (", parameter!(any_language_codes), "::text[] IS NULL OR ar.language_code = ANY(", parameter!(any_language_codes), ")) \
             AND (", parameter!(no_actors), "::uuid[] IS NULL OR (c.actor_id = ANY(", parameter!(no_actors), ")) IS NOT TRUE) \
             AND (", parameter!(no_kinds), "::text[] IS NULL OR (c.kind = ANY(", parameter!(no_kinds), ")) IS NOT TRUE) \
             AND (", parameter!(no_publishers), "::text[] IS NULL OR (ar.publisher = ANY(", parameter!(no_publishers), ")) IS NOT TRUE) \
             AND (", parameter!(no_engine_version), "::text IS NULL OR c.engine_version <> ", parameter!(no_engine_version), ") \
             AND (", parameter!(proposition), "::uuid IS NULL OR EXISTS (SELECT FROM claim_propositions m WHERE m.claim_id = c.id AND m.proposition_id = ", parameter!(proposition), ")) \
             AND (", parameter!(actor_gender), "::text IS NULL OR EXISTS (SELECT FROM actors g WHERE g.id = c.actor_id AND g.gender = ", parameter!(actor_gender), ")) \
             AND (", parameter!(has_actor), "::boolean IS NULL OR (c.actor_id IS NOT NULL) = ", parameter!(has_actor), ") \
             AND (", parameter!(engine_version), "::text IS NULL OR c.engine_version = ", parameter!(engine_version), ") \
             AND (", parameter!(has_fact_check), "::boolean IS NULL OR (", is_put_forward!(), " \
                  AND (SELECT true FROM fact_check_claims t JOIN fact_checks f ON f.id = t.fact_check_id \
                       WHERE t.claim_id = c.id AND ", says_what_was_checked!(), " LIMIT 1) IS TRUE) = ", parameter!(has_fact_check), ") \
             AND (", parameter!(checked), "::uuid[] IS NULL OR c.id = ANY(", parameter!(checked), ")) "
        )
    };
}

// First the actor into which this one was ultimately merged, then all actors that were merged into that one.
const FAMILY: &str = "WITH RECURSIVE down AS ( \
       SELECT actor_root($1) AS id, 0 AS depth \
       UNION ALL SELECT a.id, down.depth + 1 FROM down JOIN actors a ON a.merged_into = down.id) \
     SELECT id FROM down WHERE id IS NOT NULL ORDER BY depth, id";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[("claims::filter::FAMILY", FAMILY)];

/// A filter ready for binding: actors are expanded to all that were merged into them.
#[derive(Debug)]
pub(in crate::store) struct Conditions<'a> {
    filter: &'a ClaimFilter,
    about: Option<Vec<Uuid>>,
    addressee: Option<Vec<Uuid>>,
    /// All claims that may have been checked, if these are asked for and few.
    checked: Option<Vec<Uuid>>,
}

impl<'a> Conditions<'a> {
    /// Looks up which actors were merged into those of the filter.
    pub(in crate::store) async fn of(
        filter: &'a ClaimFilter,
        connection: &mut PgConnection,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            filter,
            about: family_or_itself(filter.about, connection).await?,
            addressee: family_or_itself(filter.addressee, connection).await?,
            checked: match filter.has_fact_check {
                Some(true) => few_checked(connection).await?,
                Some(false) | None => None,
            },
        })
    }

    /// Binds the parameters of the filter, in the order of [`parameter`].
    pub(in crate::store) fn bind<O>(
        &self,
        query: QueryAs<'static, Postgres, O, PgArguments>,
    ) -> QueryAs<'static, Postgres, O, PgArguments> {
        // Destructured without `..`, so that an unbound field does not compile.
        let ClaimFilter {
            actor,
            article,
            source_class,
            quote_type,
            kind,
            start_time,
            end_time,
            min_confidence,
            about: _,
            addressee: _,
            certainty,
            polarity,
            start_utterance,
            end_utterance,
            publisher,
            language_code,
            article_state,
            review_state,
            min_actor_confidence,
            min_check_worthiness,
            any,
            none,
            proposition,
            actor_gender,
            has_actor,
            engine_version,
            has_fact_check,
        } = self.filter;
        query
            .bind(actor.map(|id| id.0))
            .bind(article.map(|id| id.0))
            .bind(source_class.map(|class| class.to_string()))
            .bind(quote_type.map(|quote_type| quote_type.to_string()))
            .bind(kind.map(|kind| kind.to_string()))
            .bind(*start_time)
            .bind(*end_time)
            .bind(above_zero(*min_confidence))
            .bind(self.about.clone())
            .bind(self.addressee.clone())
            .bind(certainty.map(|certainty| certainty.to_string()))
            .bind(polarity.map(|polarity| polarity.to_string()))
            .bind(*start_utterance)
            .bind(*end_utterance)
            .bind(review_state.map(|state| state.to_string()))
            .bind(publisher.clone())
            .bind(language_code.clone())
            .bind(article_state.map(|state| state.to_string()))
            .bind(above_zero(*min_actor_confidence))
            .bind(above_zero(*min_check_worthiness))
            .bind(uuids(&any.actors))
            .bind(spellings(&any.kinds))
            .bind(unless_empty(&any.publishers))
            .bind(unless_empty(&any.language_codes))
            .bind(uuids(&none.actors))
            .bind(spellings(&none.kinds))
            .bind(unless_empty(&none.publishers))
            .bind(none.engine_version.clone())
            .bind(proposition.map(|id| id.0))
            .bind(actor_gender.map(|gender| gender.to_string()))
            .bind(*has_actor)
            .bind(engine_version.clone())
            .bind(*has_fact_check)
            .bind(self.checked.clone())
    }
}

/// The values, unless there are none.
fn unless_empty<T: Clone>(values: &[T]) -> Option<Vec<T>> {
    (!values.is_empty()).then(|| values.to_vec())
}

fn uuids(actors: &[ActorId]) -> Option<Vec<Uuid>> {
    let ids: Vec<Uuid> = actors.iter().map(|actor| actor.0).collect();
    unless_empty(&ids)
}

fn spellings(kinds: &[ClaimKind]) -> Option<Vec<String>> {
    let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
    unless_empty(&kinds)
}

/// The threshold, unless it matches everything.
fn above_zero(threshold: f32) -> Option<f32> {
    (threshold > 0.0).then_some(threshold)
}

/// As [`family`], but an actor that is gone stands for itself: the log of events still tells of it.
async fn family_or_itself(
    actor: Option<ActorId>,
    connection: &mut PgConnection,
) -> Result<Option<Vec<Uuid>>, StoreError> {
    let family = family(actor, connection).await?;
    let of = |ids: Vec<Uuid>| {
        if ids.is_empty() {
            actor.map(|actor| vec![actor.0])
        } else {
            Some(ids)
        }
    };
    Ok(family.and_then(of))
}

/// Returns the actor into which this one was ultimately merged, and all that were merged into that one. `None` if no
/// actor is given; empty if it does not exist.
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
