//! Reading a claim from its database row.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::position::{AppearancePosition, ClaimOrder, ClaimPosition};
use crate::domain::{
    ActorId, Addressee, ArticleId, Claim, ClaimFactCheck, ClaimId, Commitment, EngineId, NamedTime,
    PartConfidence, Passage, PropositionId,
};
use crate::store::db::{ArticleCursor, ClaimCursor, StoreError, parse, parse_opt};

// Most actors were never merged, which is cheap to check. The subqueries run only for the rows of a page, whereas a
// join might read all actors.
macro_rules! claim_columns {
    () => {
        concat!(
            "c.id, c.article_id, c.ordinal, c.sort_time, c.actor_id, \
             (SELECT x.display_name FROM actors x WHERE x.id = c.actor_id) AS actor_name, c.parent_id, \
             (SELECT p.proposition_id FROM claim_propositions p WHERE p.claim_id = c.id) AS proposition_id, \
             CASE WHEN (SELECT true FROM fact_check_claims t WHERE t.claim_id = c.id LIMIT 1) AND ",
            is_put_forward!(),
            " THEN claim_fact_checks(c.id, c.actor_id) END AS fact_checks, \
             c.source, c.source_class, c.cue, c.cue_lemma, c.addressees, \
             CASE WHEN c.addressee_ids = '{}' THEN '{}' ELSE \
               ARRAY(SELECT coalesce((SELECT x.id FROM actors x WHERE x.id = e.id AND x.merged_into IS NULL), actor_root(e.id)) \
                     FROM unnest(c.addressee_ids) WITH ORDINALITY AS e (id, place) ORDER BY e.place) END AS addressee_ids, \
             CASE WHEN c.about_ids = '{}' THEN '{}' ELSE \
               ARRAY(SELECT r.id \
                     FROM (SELECT coalesce((SELECT x.id FROM actors x WHERE x.id = e.id AND x.merged_into IS NULL), \
                                           actor_root(e.id)) AS id, e.place \
                           FROM unnest(c.about_ids) WITH ORDINALITY AS e (id, place)) r \
                     WHERE r.id IS DISTINCT FROM c.actor_id GROUP BY r.id ORDER BY min(r.place)) END AS about_ids, \
             c.content, c.quote_type, c.kind, c.reporter_stance, c.certainty, c.polarity, c.utterance_time, \
             c.utterance_start, c.referenced_times, c.check_worthiness, c.confidence, c.source_confidence, \
             c.cue_confidence, c.content_confidence, c.actor_confidence, c.engine_name, c.engine_version, c.review_state, \
             c.create_time, c.row_version"
        )
    };
}
pub(in crate::store) use claim_columns;

/// A claim as returned by the store's statements.
#[derive(sqlx::FromRow)]
pub(in crate::store) struct ClaimRow {
    id: Uuid,
    article_id: Uuid,
    ordinal: i32,
    sort_time: DateTime<Utc>,
    actor_id: Option<Uuid>,
    actor_name: Option<String>,
    parent_id: Option<Uuid>,
    proposition_id: Option<Uuid>,
    fact_checks: Option<Json<Vec<ClaimFactCheck>>>,
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
    utterance_start: Option<DateTime<Utc>>,
    referenced_times: Json<Vec<NamedTime>>,
    check_worthiness: Option<f32>,
    confidence: f32,
    source_confidence: Option<f32>,
    cue_confidence: Option<f32>,
    content_confidence: Option<f32>,
    actor_confidence: Option<f32>,
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

    /// The number of bytes of text in the claim.
    pub(in crate::store) fn bytes(&self) -> usize {
        let passages = self
            .source
            .0
            .iter()
            .chain(&self.cue.0)
            .chain(&self.addressees.0)
            .chain(&self.content.0);
        let checks = self.fact_checks.iter().flat_map(|checks| &checks.0);
        let words: usize = passages.map(|passage| passage.text.len()).sum();
        words + checks.map(ClaimFactCheck::bytes).sum::<usize>()
    }

    /// The claim's position among articles and their claims.
    pub(in crate::store) fn cursor(&self) -> ClaimCursor {
        ClaimCursor {
            article: ArticleCursor {
                sort_time: self.sort_time,
                id: ArticleId(self.article_id),
            },
            ordinal: self.ordinal,
        }
    }

    /// The claim's position among the claims of a proposition.
    pub(super) const fn appearance(&self) -> AppearancePosition {
        AppearancePosition {
            time: self.sort_time,
            claim: ClaimId(self.id),
        }
    }

    /// The claim's position in a list of that order.
    pub(super) fn position(&self, order: ClaimOrder) -> ClaimPosition {
        let id = ClaimId(self.id);
        match order {
            ClaimOrder::PublishTime => ClaimPosition::PublishTime(self.cursor()),
            ClaimOrder::UtteranceTime => {
                ClaimPosition::UtteranceTime(self.utterance_start.unwrap_or(self.sort_time), id)
            }
            ClaimOrder::Confidence => ClaimPosition::Confidence(self.confidence, id),
            ClaimOrder::CheckWorthiness => {
                ClaimPosition::CheckWorthiness(self.check_worthiness.unwrap_or_default(), id)
            }
        }
    }
}

impl TryFrom<ClaimRow> for Claim {
    type Error = StoreError;

    fn try_from(row: ClaimRow) -> Result<Self, StoreError> {
        Ok(Self {
            part_confidence: row.part_confidence(),
            // A server too old to know this column sets only the actor.
            actor_confidence: row.actor_id.and(row.actor_confidence),
            id: ClaimId(row.id),
            article: ArticleId(row.article_id),
            ordinal: row.ordinal,
            actor: row.actor_id.map(ActorId),
            actor_name: row.actor_name,
            parent: row.parent_id.map(ClaimId),
            proposition: row.proposition_id.map(PropositionId),
            fact_checks: row.fact_checks.map(|checks| checks.0).unwrap_or_default(),
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

/// Certainty and polarity: both or neither.
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
