use std::sync::atomic::AtomicBool;

use crate::text::Layout;

use super::attribution::bare::BareAttribution;
use super::model::{MeaningRead, WhoRead};

/// What an engine reads in a text.
#[derive(Debug, Default)]
pub struct Read {
    /// The attributions, in any order. Spans lie on character boundaries of the text, and those of one role do not
    /// overlap.
    pub attributions: Vec<BareAttribution>,
    /// Names and what resolves mentions, if the engine reads that too.
    pub who: Option<WhoRead>,
    /// What determines the meaning of claims, if the engine reads that too.
    pub meaning: Option<MeaningRead>,
}

/// An engine: finds the attributions in a text.
pub trait Attributor {
    /// What the engine reads in `layout`.
    ///
    /// Once `stopped` is set nobody wants the result any more: a slow engine ends early, with any result.
    fn attribute(&self, layout: &Layout<'_>, stopped: &AtomicBool) -> Read;
}
