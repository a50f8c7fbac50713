use strum::{Display, EnumString};

use super::{Attributed, Block, EngineId, LocalActor, Relation, Span, TimeExpression};

/// The grammatical form of a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum MentionForm {
    /// "Ann Lee".
    Name,
    /// "the president".
    Nominal,
    /// "she".
    Pronoun,
}

/// Words that refer to an actor.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Where they stand.
    pub span: Span,
    /// Their form.
    pub form: MentionForm,
    /// Whom they mean: an index into [`Extraction::actors`]. `None` where the engine abstains.
    pub actor: Option<usize>,
    /// Whom they may mean, best first, where it took a choice, with how likely each is: indices as above.
    pub candidates: Vec<(usize, f32)>,
    /// 0..=1: how likely `actor` is right.
    pub confidence: f32,
}

/// Why a part of a document was not read as a caller might expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DiagnosticCode {
    /// A quotation mark opens and nothing closes it.
    UnclosedQuotation,
    /// The document says it is in a language the engine does not read, or its words show it.
    UnsupportedLanguage,
    /// The text has no sentence to read.
    NoText,
}

/// Something the engine noticed and could not settle. Never an error: the rest of the document was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What it is.
    pub code: DiagnosticCode,
    /// A sentence for a person.
    pub message: String,
    /// Where it stands, if at one place.
    pub span: Option<Span>,
}

/// All that one reading of a document gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    /// Which engine read it.
    pub engine: EngineId,
    /// The text's blocks, in text order.
    pub blocks: Vec<Block>,
    /// The claims, ordered by where they begin in the text.
    pub claims: Vec<Attributed>,
    /// The actors of this document, ordered by first mention.
    pub actors: Vec<LocalActor>,
    /// The mentions, in text order.
    pub mentions: Vec<Mention>,
    /// The time expressions, in text order, not overlapping.
    pub times: Vec<TimeExpression>,
    /// How the claims stand to each other, ordered by `from`, at most one of each kind for a claim.
    pub relations: Vec<Relation>,
    /// What the engine noticed and could not settle.
    pub diagnostics: Vec<Diagnostic>,
}
