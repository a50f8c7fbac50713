//! Writing extracted claims: inserting new rows and updating existing ones.

use chrono::{DateTime, Utc};
use sqlx::postgres::PgArguments;
use sqlx::types::Json;
use sqlx::{PgConnection, Postgres, query::Query};
use uuid::Uuid;

use crate::domain::{
    ACTOR_BY_PERSON, ArticleId, Attributed, EngineId, NamedTime, Passage, SourceClass, Span,
    TimeExpression,
};
use crate::store::db::StoreError;

// The columns of both statements, as arrays with one value per row.
macro_rules! rows {
    () => {
        "unnest($3::uuid[], $4::int[], $5::uuid[], $6::uuid[], $7::jsonb[], $8::text[], $9::jsonb[], $10::text[], \
                $11::jsonb[], $12::text[], $13::text[], $14::text[], $15::real[], $16::real[], $17::real[], $18::real[], \
                $19::jsonb[], $20::jsonb[], $21::jsonb[], $22::text[], $23::text[], $24::jsonb[], $25::jsonb[], $26::real[], \
                $27::real[]) \
           AS u (id, ordinal, actor_id, parent_id, source, source_class, cue, cue_lemma, content, quote_type, kind, \
                 reporter_stance, confidence, source_confidence, cue_confidence, content_confidence, \
                 addressees, addressee_ids, about_ids, certainty, polarity, utterance_time, referenced_times, \
                 check_worthiness, actor_confidence) "
    };
}

// A list of ids is passed as JSON, because the rows of a nested array must have equal lengths.
macro_rules! ids {
    ($column:literal) => {
        concat!(
            "ARRAY(SELECT e.value::uuid FROM jsonb_array_elements_text(",
            $column,
            ") WITH ORDINALITY AS e (value, place) ORDER BY e.place)"
        )
    };
}

const INSERT: &str = concat!(
    "INSERT INTO claims \
       (article_id, sort_time, engine_name, engine_version, id, ordinal, actor_id, parent_id, source, source_class, \
        cue, cue_lemma, content, quote_type, kind, reporter_stance, confidence, source_confidence, cue_confidence, \
        content_confidence, addressees, certainty, polarity, utterance_time, referenced_times, \
        check_worthiness, actor_confidence, addressee_ids, about_ids) \
     SELECT $28, $29, $1, $2, u.id, u.ordinal, u.actor_id, u.parent_id, u.source, u.source_class, u.cue, u.cue_lemma, \
            u.content, u.quote_type, u.kind, u.reporter_stance, u.confidence, u.source_confidence, u.cue_confidence, \
            u.content_confidence, u.addressees, u.certainty, u.polarity, u.utterance_time, u.referenced_times, \
            u.check_worthiness, u.actor_confidence, ",
    ids!("u.addressee_ids"),
    ", ",
    ids!("u.about_ids"),
    " FROM ",
    rows!(),
);

// The spans identify the claim: they change only if an edited text has the same words elsewhere.
const UPDATE: &str = concat!(
    "UPDATE claims c \
     SET engine_name = $1, engine_version = $2, ordinal = u.ordinal, actor_id = u.actor_id, parent_id = u.parent_id, \
         source = u.source, cue = u.cue, content = u.content, source_class = u.source_class, \
         cue_lemma = u.cue_lemma, quote_type = u.quote_type, kind = u.kind, \
         reporter_stance = u.reporter_stance, confidence = u.confidence, source_confidence = u.source_confidence, \
         cue_confidence = u.cue_confidence, content_confidence = u.content_confidence, addressees = u.addressees, \
         certainty = u.certainty, polarity = u.polarity, utterance_time = u.utterance_time, \
         referenced_times = u.referenced_times, check_worthiness = u.check_worthiness, \
         actor_confidence = u.actor_confidence, addressee_ids = ",
    ids!("u.addressee_ids"),
    ", about_ids = ",
    ids!("u.about_ids"),
    ", row_version = c.row_version + 1 FROM ",
    rows!(),
    "WHERE c.id = u.id",
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("claims::writes::INSERT", INSERT),
    ("claims::writes::UPDATE", UPDATE),
];

/// An extracted claim and where to store it.
#[derive(Debug, Clone)]
pub(in crate::store) struct ClaimWrite<'a> {
    /// Its id.
    pub id: Uuid,
    /// Its ordinal among the article's claims.
    pub ordinal: i32,
    /// The stored actor of its source.
    pub actor: Option<Uuid>,
    /// How likely the source refers to that actor.
    pub actor_confidence: Option<f32>,
    /// The stored claim that contains it.
    pub parent: Option<Uuid>,
    /// The stored actors it is addressed to, one entry per addressee of the extraction.
    pub addressees: Vec<Option<Uuid>>,
    /// The stored actors it is about.
    pub about: Vec<Uuid>,
    /// The extracted claim.
    pub read: &'a Attributed,
}

impl<'a> ClaimWrite<'a> {
    /// Builds a claim with its ordinal and the stored ids of the extraction's actors; actors that are not stored have
    /// none.
    pub fn new(
        read: &'a Attributed,
        id: Uuid,
        ordinal: i32,
        parent: Option<Uuid>,
        actors: &[Option<Uuid>],
    ) -> Self {
        let stored = |actor: &usize| actors[*actor];
        // Two actors of the text may be the same stored actor.
        let mut about: Vec<Uuid> = Vec::new();
        for actor in read.about.iter().filter_map(stored) {
            if !about.contains(&actor) {
                about.push(actor);
            }
        }
        let actor = read.actor.as_ref().and_then(stored);
        Self {
            id,
            ordinal,
            actor,
            actor_confidence: actor.and(read.actor_confidence),
            parent,
            addressees: read
                .addressees
                .iter()
                .map(|addressed| addressed.actor.as_ref().and_then(stored))
                .collect(),
            about,
            read,
        }
    }

    /// The same claim, with the actor that a person assigned to it, if any.
    pub fn given_to(self, actor: Option<Uuid>) -> Self {
        Self {
            actor: actor.or(self.actor),
            actor_confidence: actor.map_or(self.actor_confidence, |_| Some(ACTOR_BY_PERSON)),
            ..self
        }
    }

    /// All claims of an extraction, as new ones.
    pub fn all(claims: &'a [Attributed], actors: &[Option<Uuid>]) -> Vec<Self> {
        let ids: Vec<Uuid> = claims.iter().map(|_| Uuid::now_v7()).collect();
        let places = (0_i32..).zip(&ids);
        claims
            .iter()
            .zip(places)
            .map(|(read, (ordinal, id))| {
                let parent = read.parent.map(|parent| ids[parent]);
                Self::new(read, *id, ordinal, parent, actors)
            })
            .collect()
    }
}

/// What all claims of one extraction share.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Reading<'a> {
    /// The text that was read.
    pub text: &'a str,
    /// The engine that read it.
    pub engine: &'a EngineId,
    /// The time expressions of the text.
    pub times: &'a [TimeExpression],
}

impl Reading<'_> {
    /// The time expression at `index` with its text.
    pub fn time(&self, index: usize) -> NamedTime {
        NamedTime::of(self.text, &self.times[index])
    }
}

/// Inserts claims of an article whose position in time is `sort_time`, in one statement.
pub(in crate::store) async fn insert_claims(
    tx: &mut PgConnection,
    article_id: ArticleId,
    sort_time: DateTime<Utc>,
    reading: Reading<'_>,
    claims: &[ClaimWrite<'_>],
) -> Result<(), StoreError> {
    bind(sqlx::query(INSERT), reading, claims)
        .bind(article_id.0)
        .bind(sort_time)
        .execute(tx)
        .await?;
    Ok(())
}

/// Updates stored claims in one statement.
pub(in crate::store) async fn update_claims(
    tx: &mut PgConnection,
    reading: Reading<'_>,
    claims: &[ClaimWrite<'_>],
) -> Result<(), StoreError> {
    bind(sqlx::query(UPDATE), reading, claims)
        .execute(tx)
        .await?;
    Ok(())
}

/// Binds the columns of the claims' rows, which are the same for both statements.
fn bind<'q>(
    query: Query<'q, Postgres, PgArguments>,
    reading: Reading<'q>,
    claims: &'q [ClaimWrite<'_>],
) -> Query<'q, Postgres, PgArguments> {
    let passages = |spans: &[Span]| {
        let passages = spans.iter().map(|span| Passage::of(reading.text, *span));
        Json(passages.collect())
    };
    let source = |claim: &Attributed| passages(claim.source.as_ref().map_or(&[], |s| &s.spans));
    let cue = |claim: &Attributed| passages(claim.cue.as_ref().map_or(&[], |c| &c.spans));
    query
        .bind(&reading.engine.name)
        .bind(&reading.engine.version)
        .bind(claims.iter().map(|c| c.id).collect::<Vec<_>>())
        .bind(claims.iter().map(|c| c.ordinal).collect::<Vec<_>>())
        .bind(claims.iter().map(|c| c.actor).collect::<Vec<_>>())
        .bind(claims.iter().map(|c| c.parent).collect::<Vec<_>>())
        .bind(column::<Json<Vec<Passage>>>(claims, source))
        .bind(column(claims, |c| {
            c.source.as_ref().map(|s| SourceClass::to_string(&s.class))
        }))
        .bind(column::<Json<Vec<Passage>>>(claims, cue))
        .bind(column(claims, |c| {
            c.cue.as_ref().map(|cue| cue.lemma.clone())
        }))
        .bind(column::<Json<Vec<Passage>>>(claims, |c| {
            passages(&c.content)
        }))
        .bind(column(claims, |c| c.quote_type.to_string()))
        .bind(column(claims, |c| c.kind.map(|kind| kind.to_string())))
        .bind(column(claims, |c| {
            c.reporter_stance.map(|stance| stance.to_string())
        }))
        .bind(column(claims, |c| c.confidence))
        .bind(column(claims, |c| c.part_confidence.map(|p| p.source)))
        .bind(column(claims, |c| c.part_confidence.map(|p| p.cue)))
        .bind(column(claims, |c| c.part_confidence.map(|p| p.content)))
        .bind(column::<Json<Vec<Passage>>>(claims, |c| {
            let spans: Vec<Span> = c
                .addressees
                .iter()
                .map(|addressed| addressed.span)
                .collect();
            passages(&spans)
        }))
        .bind(
            claims
                .iter()
                .map(|c| Json(c.addressees.clone()))
                .collect::<Vec<_>>(),
        )
        .bind(
            claims
                .iter()
                .map(|c| Json(c.about.clone()))
                .collect::<Vec<_>>(),
        )
        .bind(column(claims, |c| {
            c.commitment
                .map(|commitment| commitment.certainty.to_string())
        }))
        .bind(column(claims, |c| {
            c.commitment
                .map(|commitment| commitment.polarity.to_string())
        }))
        .bind(column(claims, |c| {
            c.utterance_time.map(|time| Json(reading.time(time)))
        }))
        .bind(column::<Json<Vec<NamedTime>>>(claims, |c| {
            let times = c.referenced_times.iter();
            Json(times.map(|time| reading.time(*time)).collect())
        }))
        .bind(column(claims, |c| c.check_worthiness))
        .bind(
            claims
                .iter()
                .map(|c| c.actor_confidence)
                .collect::<Vec<_>>(),
        )
}

/// Collects one column of the extracted claims.
fn column<T>(claims: &[ClaimWrite<'_>], value: impl Fn(&Attributed) -> T) -> Vec<T> {
    claims.iter().map(|claim| value(claim.read)).collect()
}
