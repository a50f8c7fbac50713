//! What the text around names shows of those who bear them.

use crate::extract::names::word_before;
use crate::text::Layout;

use super::found::{Found, Sort};
use super::links::noun_explained_by;
use super::lists::{Class, is_person_noun};
use super::naming::Group;
use super::sources::SourceMention;

/// Notes which names are sources, and tells for each mention whether it is one.
pub(super) fn note_sources(
    found: &[Found],
    sources: &[Option<SourceMention>],
    groups: &mut [Group],
    group_of: &[usize],
) -> Vec<bool> {
    let mut is_source = vec![false; found.len()];
    for source in sources.iter().flatten() {
        is_source[source.mention] = true;
        if let Sort::Name(name) = found[source.mention].sort {
            groups[group_of[name]].add_source();
        }
    }
    is_source
}

/// Notes what shows names to be people's: nouns right before them, "co-founder Ann Lee", or in apposition, "Ann Lee, a
/// teacher", "the head of Acme, Ann Lee".
pub(super) fn note_persons(
    layout: &Layout<'_>,
    found: &[Found],
    groups: &mut [Group],
    group_of: &[usize],
) {
    let is_person = |found: &Found| matches!(found.sort, Sort::Noun(Some(noun)) if noun.class == Class::Person && !noun.plural);
    for (at, mention) in found.iter().enumerate() {
        let Sort::Name(name) = mention.sort else {
            continue;
        };
        let before = word_before(layout, mention.sentence, mention.head.start);
        let behind = found.get(at + 1).is_some_and(|next| {
            is_person(next) && layout.text.get(mention.span.end..next.span.start) == Some(", ")
        });
        let explains =
            noun_explained_by(layout.text, found, at).is_some_and(|noun| is_person(&found[noun]));
        if is_person_noun(before) || behind || explains {
            groups[group_of[name]].add_person_noun();
        }
    }
}
