//! A name as it stands in a text.

use crate::domain::Span;

/// What a name refers to, if the engine determined it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum NameKind {
    /// "Vera Lindqvist".
    Person,
    /// "Meride Lines".
    Organization,
    /// "Meride".
    Place,
    /// "the Finns".
    People,
    /// Anything else: "Rolling Stone".
    Other,
}

/// One name as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::extract) struct Name {
    /// The name itself.
    pub span: Span,
    /// Titles and capitalised offices right before it: "Mrs.", "House Speaker". Empty where there are none.
    pub title: Span,
    /// The sentence it stands in.
    pub sentence: usize,
    /// What it refers to. `None` if only capitals show that it is a name.
    pub kind: Option<NameKind>,
}
