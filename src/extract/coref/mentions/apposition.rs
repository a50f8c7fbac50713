//! Nouns beside a name that say what its bearer is.

use super::found::{Found, Sort};

/// Maximum length of a phrase between a noun and the name that explains it, in bytes, and in mentions.
const MAX_GAP: usize = 60;
const MAX_STEPS: usize = 4;

/// The noun that the name at `name` explains: "The head of Acme, Ann Lee,", "a girl named Isabel".
pub(in crate::extract::coref) fn noun_explained_by(
    text: &str,
    found: &[Found],
    name: usize,
) -> Option<usize> {
    let here = found[name];
    let is_noun = |at: &usize| match found[*at].sort {
        Sort::Noun(noun) => !noun.is_some_and(|noun| noun.plural),
        _ => false,
    };
    let noun = (name.saturating_sub(MAX_STEPS)..name).rev().find(is_noun)?;
    let gap = text.get(found[noun].head.end..here.span.start)?;
    let words = gap.trim_matches([' ', ',', '“', '"', '‘']);
    let named = matches!(
        words,
        "named" | "called" | "labelled" | "labeled" | "known as"
    );
    let apposed = gap.ends_with(", ")
        && gap.len() < MAX_GAP
        && gap.matches(',').count() == 1
        && [", ", " of ", " at ", " for "]
            .iter()
            .any(|begin| gap.starts_with(begin));
    (found[noun].sentence == here.sentence && (named || apposed)).then_some(noun)
}
