use chrono::{DateTime, Utc};
use strum::{Display, EnumString};

use super::{ArticleId, Document, ExtractionRun, Span};

/// What a block of text is in the article's layout.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, serde::Serialize, serde::Deserialize,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BlockKind {
    /// The headline, where it stands in the text.
    Title,
    /// A heading inside the article.
    Heading,
    /// "By Ann Lee".
    Byline,
    /// "LONDON, 3 May —" or a line that holds a date only.
    Dateline,
    /// Running text.
    Paragraph,
    /// An item of a list.
    ListItem,
    /// The caption of a picture.
    Caption,
}

/// One block of an article's text. Blocks do not overlap and stand in text order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Block {
    /// What the block is.
    pub kind: BlockKind,
    /// Where it stands, without surrounding white space.
    pub span: Span,
}

/// Whether an article still stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, serde::Serialize, serde::Deserialize,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ArticleState {
    /// Published and not withdrawn.
    Active,
    /// Corrected by its publisher; the stored text is the corrected one.
    Corrected,
    /// Withdrawn by its publisher.
    Retracted,
}

/// Who had an article marked as withdrawn, why and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retraction {
    /// Who asked for it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why. May be empty.
    pub reason: String,
    /// When it was done.
    pub time: DateTime<Utc>,
}

/// A stored article.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// Its id.
    pub id: ArticleId,
    /// The text and what the caller said about it.
    pub document: Document,
    /// SHA-256 of the text's bytes.
    pub text_sha256: [u8; 32],
    /// The text's blocks.
    pub blocks: Vec<Block>,
    /// Whether it still stands.
    pub state: ArticleState,
    /// Who had it marked as withdrawn, if somebody did.
    pub retraction: Option<Retraction>,
    /// 1 for the text first ingested.
    pub revision: i32,
    /// The article this one copies, if it is known to be a copy.
    pub duplicate_of: Option<ArticleId>,
    /// How many claims are stored of it.
    pub claim_count: i64,
    /// Which engine read it.
    pub extraction: ExtractionRun,
    /// When it was stored.
    pub create_time: DateTime<Utc>,
    /// When it last changed.
    pub update_time: DateTime<Utc>,
    /// Counts the changes of the row; the entity tag is made of it.
    pub row_version: i64,
}

/// Who had an article's text replaced, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CorrectionNote {
    /// Who asked for it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why. May be empty.
    pub reason: String,
}

/// One of the texts that an article had, or has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleRevision {
    /// 1 for the text first ingested.
    pub revision: i32,
    /// The headline.
    pub title: Option<String>,
    /// The bylined authors.
    pub authors: Vec<String>,
    /// SHA-256 of the text's bytes.
    pub text_sha256: [u8; 32],
    /// How many claims were, or are, stored of it.
    pub claim_count: i64,
    /// Who asked for the correction that brought it, and why; `None` for the text first ingested.
    pub correction: Option<CorrectionNote>,
    /// When it came.
    pub create_time: DateTime<Utc>,
}
