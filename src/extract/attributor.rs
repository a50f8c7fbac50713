use std::sync::atomic::AtomicBool;

use crate::domain::{PartConfidence, Span};
use crate::text::Layout;

use super::model::{MeaningRead, WhoRead};

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

/// What an engine reads in a text.
#[derive(Debug, Default)]
pub struct Read {
    /// The attributions, in any order. Spans lie on character boundaries of the text, and those of one role do not
    /// overlap.
    pub attributions: Vec<BareAttribution>,
    /// Names, and what tells whom mentions mean, where the engine reads that too.
    pub who: Option<WhoRead>,
    /// What tells what claims mean, where the engine reads that too.
    pub meaning: Option<MeaningRead>,
}

/// An engine: finds the attributions in a text.
pub trait Attributor {
    /// What the engine reads in `layout`.
    ///
    /// Once `stopped` is set nobody wants the result any more: an engine that takes long ends early, with any result.
    fn attribute(&self, layout: &Layout<'_>, stopped: &AtomicBool) -> Read;
}
