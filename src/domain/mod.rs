//! Plain values: what an article, an actor and a claim *are*, with no idea of databases, networks or clocks.
//!
//! Enums carry their stored spelling through [`strum`]: `SourceClass::Named` reads and writes as `NAMED`, which is
//! also the protobuf value's name without its prefix.

mod actor;
mod actor_change;
mod article;
mod claim;
mod claim_review;
mod commitment;
mod deletion;
mod document;
mod engine;
mod extraction;
mod fact_check;
mod id;
mod operation;
mod particle;
mod proposition;
mod registered;
mod relation;
mod span;
mod time;
mod trace;

pub use actor::{Actor, ActorKind, Gender, GenderBasis, LocalActor, MAX_NAME_BYTES, Role};
pub use actor_change::{ActorChange, ActorChangeKind};
pub use article::{
    Article, ArticleRevision, ArticleState, Block, BlockKind, CorrectionNote, Retraction,
};
pub use claim::{
    ACTOR_BY_PERSON, Addressed, Addressee, Attributed, Claim, ClaimKind, Cue, PartConfidence,
    Passage, QuoteType, ReporterStance, ReviewState, Source, SourceClass,
};
pub use claim_review::{ClaimField, ClaimReview, FieldValues, ReviewAction};
pub use commitment::{Certainty, Commitment, Polarity};
pub use deletion::Deletion;
pub use document::Document;
pub use engine::{EngineId, ExtractionRun};
pub use extraction::{Diagnostic, DiagnosticCode, Extraction, Mention, MentionForm};
pub use fact_check::{
    ClaimFactCheck, FactCheck, FactCheckChange, FactCheckMatch, FactCheckRating, PublishedCheck,
};
pub use id::{ActorId, ArticleId, ClaimId, FactCheckId, OperationId, ParseIdError, PropositionId};
pub use operation::{
    ArticleFailure, ArticleSelection, FailureReason, Operation, OperationState, ReextractionCounts,
};
pub use particle::{is_particle, is_surname};
pub use proposition::Proposition;
pub use registered::Registered;
pub use relation::{Relation, RelationKind, StoredRelation};
pub use span::Span;
pub use time::{NamedTime, TimeAnchor, TimeExpression, TimeGranularity, TimeReading};
pub use trace::{Decision, Rule, Trace};
