//! Mentions as they are found, before it is known who they mean.

use crate::domain::{MentionForm, Span};
use crate::extract::lexicon::lists::Noun;

use super::pronouns::{Case, Pronoun};

/// What sort of words a mention is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::extract::coref) enum Sort {
    /// An index into the names.
    Name(usize),
    /// A phrase with a common noun as its head; `None` for a source whose head is no known noun.
    Noun(Option<Noun>),
    Pronoun(Pronoun, Case),
}

/// The form of a mention of a sort.
pub(in crate::extract::coref) const fn form(sort: Sort) -> MentionForm {
    match sort {
        Sort::Name(_) => MentionForm::Name,
        Sort::Noun(_) => MentionForm::Nominal,
        Sort::Pronoun(..) => MentionForm::Pronoun,
    }
}

/// Words that mean somebody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::extract::coref) struct Found {
    /// All of the words.
    pub span: Span,
    /// The name, the noun or the pronoun itself.
    pub head: Span,
    pub sentence: usize,
    pub sort: Sort,
}
