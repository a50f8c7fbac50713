use chrono::{DateTime, Utc};
use strum::{Display, EnumString};

use super::{
    ActorId, ArticleId, ClaimFactCheck, ClaimId, Commitment, EngineId, NamedTime, PropositionId,
    Span, Trace,
};

/// How much of the content stands in quotation marks (Pareti 2015).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum QuoteType {
    /// All of it.
    Direct,
    /// None of it.
    Indirect,
    /// Some of it.
    Mixed,
}

/// What kind of speech or thought act the claim is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ClaimKind {
    /// Says that something is so.
    Assertion,
    /// Holds something to be so, without a word that it was said.
    Belief,
    /// Means to do something.
    Intention,
    /// Binds the holder to do something.
    Commitment,
    /// Says that something will happen that is no planned act of one's own.
    Prediction,
    /// Wants somebody to do something.
    Demand,
    /// Asks.
    Question,
    /// Praises or blames, or is a judgement of value and nothing else.
    Evaluation,
    /// The cue says that it is not so.
    Denial,
    /// Declines to say anything.
    NoComment,
}

/// What the cue says of the reporter's own view of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ReporterStance {
    /// "said": leaves it open.
    Neutral,
    /// "claimed": keeps a distance.
    Distanced,
    /// "admitted", "revealed": takes it to be so.
    Endorsed,
    /// "denied": the holder rejects it, the reporter leaves it open.
    Denied,
}

/// What sort of source the article names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum SourceClass {
    /// "Ann Lee", or a pronoun that stands for her.
    Named,
    /// "a spokesman": one holder of an office whom the text does not name.
    Role,
    /// "analysts", "residents".
    Collective,
    /// "a person familiar with the matter".
    Anonymous,
    /// "the report", "the letter".
    Document,
    /// The article itself, or nobody that the text names.
    Article,
}

/// Who stands behind a stored claim's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ReviewState {
    /// The engine alone.
    Machine,
    /// A person agreed.
    Confirmed,
    /// A person changed it.
    Edited,
    /// A person found it wrong.
    Rejected,
}

/// The words that name the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// In text order, not overlapping, at least one.
    pub spans: Vec<Span>,
    /// What sort of source it is.
    pub class: SourceClass,
}

/// The words that make it an attribution: "said", "according to".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// In text order, not overlapping, at least one.
    pub spans: Vec<Span>,
    /// Dictionary form: "say". Lower case.
    pub lemma: String,
}

/// How likely each part of an attribution is right to the last word, 0..=1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartConfidence {
    /// The source, or that there is none.
    pub source: f32,
    /// The cue.
    pub cue: f32,
    /// The content.
    pub content: f32,
}

/// How sure it is who is on record where a person said so.
pub const ACTOR_BY_PERSON: f32 = 1.0;

/// Somebody the words of a claim were spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addressed {
    /// The words that name them.
    pub span: Span,
    /// Whom they mean: an index into the extraction's actors.
    pub actor: Option<usize>,
}

/// One attribution as the engine reads it: somebody is on record with something.
///
/// Indices point into the [`Extraction`](super::Extraction) that holds the claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Attributed {
    /// Who is on record: an index into `Extraction::actors`. `None` where the source is no name and stands for none.
    pub actor: Option<usize>,
    /// The claim inside whose content this one stands (A says that B claims): an index into `Extraction::claims`.
    pub parent: Option<usize>,
    /// The source's words, where the text has any.
    pub source: Option<Source>,
    /// The cue's words; a quotation may have none.
    pub cue: Option<Cue>,
    /// Those the words were spoken to.
    pub addressees: Vec<Addressed>,
    /// The named actors whom the content speaks of, by first mention: indices into `Extraction::actors`.
    pub about: Vec<usize>,
    /// What is claimed: in text order, not overlapping, at least one.
    pub content: Vec<Span>,
    /// How much of the content is quoted.
    pub quote_type: QuoteType,
    /// What kind of act it is, where the cue tells.
    pub kind: Option<ClaimKind>,
    /// The reporter's view, where the cue tells.
    pub reporter_stance: Option<ReporterStance>,
    /// What the one on record is committed to.
    pub commitment: Option<Commitment>,
    /// When the words were spoken: an index into `Extraction::times`.
    pub utterance_time: Option<usize>,
    /// The times that the content speaks of, in text order: indices into `Extraction::times`.
    pub referenced_times: Vec<usize>,
    /// 0..=1: how much it is worth checking whether the content is true.
    pub check_worthiness: Option<f32>,
    /// 0..=1: how likely source and content are right.
    pub confidence: f32,
    /// How likely each part is right, where the engine judges that.
    pub part_confidence: Option<PartConfidence>,
    /// 0..=1: how likely the actor is whom the source means. `None` where there is no actor.
    pub actor_confidence: Option<f32>,
    /// Why the fields are what they are; empty unless asked for.
    pub traces: Vec<Trace>,
}

/// A span together with the words it stands for: what is stored, so that a claim can be shown without its article.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Passage {
    /// Bytes of the article's text.
    #[serde(flatten)]
    pub span: Span,
    /// The words there, exactly.
    pub text: String,
}

impl Passage {
    /// The passage of `text` that `span` stands for.
    ///
    /// # Panics
    /// If the span does not lie on character boundaries of `text`.
    #[must_use]
    pub fn of(text: &str, span: Span) -> Self {
        Self {
            span,
            text: span.slice(text).to_owned(),
        }
    }
}

/// Somebody the words of a stored claim were spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// The words that name them.
    pub passage: Passage,
    /// Whom they mean.
    pub actor: Option<ActorId>,
}

/// A stored claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Its id.
    pub id: ClaimId,
    /// The article that reports it.
    pub article: ArticleId,
    /// Its place among the article's claims, from 0, in text order.
    pub ordinal: i32,
    /// Who is on record.
    pub actor: Option<ActorId>,
    /// The name to show for that actor.
    pub actor_name: Option<String>,
    /// The claim it stands in.
    pub parent: Option<ClaimId>,
    /// What it says, where others say the same.
    pub proposition: Option<PropositionId>,
    /// The fact checks of what it says, newest first: the first few.
    pub fact_checks: Vec<ClaimFactCheck>,
    /// The source's words; empty where the text has none.
    pub source: Vec<Passage>,
    /// What sort of source it is.
    pub source_class: Option<SourceClass>,
    /// The cue's words; empty where there is none.
    pub cue: Vec<Passage>,
    /// The cue's dictionary form.
    pub cue_lemma: Option<String>,
    /// Those the words were spoken to.
    pub addressees: Vec<Addressee>,
    /// The actors whom the content speaks of, by first mention.
    pub about: Vec<ActorId>,
    /// What is claimed: at least one piece.
    pub content: Vec<Passage>,
    /// How much of the content is quoted.
    pub quote_type: QuoteType,
    /// What kind of act it is.
    pub kind: Option<ClaimKind>,
    /// The reporter's view.
    pub reporter_stance: Option<ReporterStance>,
    /// What the one on record is committed to, where the engine judged that.
    pub commitment: Option<Commitment>,
    /// When the words were spoken, where the text tells.
    pub utterance_time: Option<NamedTime>,
    /// The times that the content speaks of, in text order.
    pub referenced_times: Vec<NamedTime>,
    /// 0..=1: how much it is worth checking whether the content is true, where the engine judged that.
    pub check_worthiness: Option<f32>,
    /// 0..=1.
    pub confidence: f32,
    /// How likely each part is right, where the engine judges that.
    pub part_confidence: Option<PartConfidence>,
    /// 0..=1: how likely the actor is whom the source means; [`ACTOR_BY_PERSON`] where a person said so. `None` where there
    /// is no actor, and where the engine did not judge this.
    pub actor_confidence: Option<f32>,
    /// Which engine read it.
    pub engine: EngineId,
    /// Who stands behind the fields.
    pub review_state: ReviewState,
    /// When it was stored.
    pub create_time: DateTime<Utc>,
    /// Counts the changes of the row; the entity tag is made of it.
    pub row_version: i64,
}

impl Claim {
    /// True if a person said something of it.
    #[must_use]
    pub fn is_reviewed(&self) -> bool {
        self.review_state != ReviewState::Machine
    }

    /// True if the claim's words are at their places in this text, as they are in that of its article.
    #[must_use]
    pub fn stands_in(&self, text: &str) -> bool {
        let addressees = self.addressees.iter().map(|one| &one.passage);
        let passages = self.source.iter().chain(&self.cue).chain(&self.content);
        passages.chain(addressees).all(|passage| {
            let there = text.get(passage.span.start..passage.span.end);
            there == Some(passage.text.as_str())
        })
    }
}
