//! An attribution before anything is concluded from it.

use crate::domain::{PartConfidence, Span};

/// One attribution as an engine reads it: spans and nothing that follows from them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BareAttribution {
    /// The source's words, in text order; none where the text has none.
    pub source: Vec<Span>,
    /// The cue's words, in text order; none where there is none.
    pub cue: Vec<Span>,
    /// The content, in text order; at least one span.
    pub content: Vec<Span>,
    /// 0..=1: how likely source and content are right.
    pub confidence: f32,
    /// How likely each part is right to the last word, where the engine judges that.
    pub parts: Option<PartConfidence>,
}
