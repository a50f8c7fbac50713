//! What the ranker of antecedents is shown of each mention in addition to its words' vectors.
//!
//! Training reads exactly this, through `onrecord features --mentions`, so that training and serving cannot differ.

use crate::domain::Gender;
use crate::extract::attribution::bare::BareAttribution;
use crate::extract::names::names;
use crate::text::Layout;

use super::antecedents::pairs::Shown;
use super::mentions::finder::found;
use super::mentions::found::{Found, Sort};
use super::mentions::pronouns::{Case, Pronoun};
use super::mentions::sources::{are_sources, source_mentions};
use super::naming::evidence::marks;
use super::naming::group::Group;
use super::naming::grouping::group_names;
use super::quoting::Quoting;
use super::reader::Reader;
use crate::extract::lexicon::lists::Class;

/// The mentions of a text, in text order.
#[must_use]
pub fn shown_mentions(layout: &Layout<'_>, attributions: &[BareAttribution]) -> Vec<Shown> {
    let names = names(layout, attributions);
    let found = found(layout, &names, attributions);
    let sources = source_mentions(layout, &found, attributions);
    let marks = marks(layout, &names, &found, &sources);
    let (groups, group_of) = group_names(layout, &names, &marks);
    let is_source = are_sources(&found, &sources);
    let sources: Vec<_> = sources
        .iter()
        .map(|own| own.map(|own| own.mention))
        .collect();
    shown(&Reader {
        layout,
        found: &found,
        is_source: &is_source,
        sources: &sources,
        groups: &groups,
        group_of: &group_of,
        quoting: Quoting::new(layout, attributions),
        ranking: None,
    })
}

/// The mentions that a reader looks at.
pub(super) fn shown(reader: &Reader<'_>) -> Vec<Shown> {
    let view = |at: usize| {
        let own = &reader.found[at];
        let quotation = reader.quoting.quotation_at(own.head.start);
        let speaker = quotation
            .and_then(|quotation| reader.quoting.attribution_of(quotation))
            .and_then(|attribution| reader.sources[attribution]);
        Shown {
            source: reader.is_source[at],
            quotation,
            speaker,
            ..alone(reader.layout, own, reader.groups, reader.group_of)
        }
    };
    (0..reader.found.len()).map(view).collect()
}

/// What a mention shows by itself.
fn alone(layout: &Layout<'_>, own: &Found, groups: &[Group], group_of: &[usize]) -> Shown {
    let group = match own.sort {
        Sort::Name(name) => Some(group_of[name]),
        _ => None,
    };
    let (gender, plural, class) = match own.sort {
        Sort::Name(name) => {
            let group = &groups[group_of[name]];
            (
                group.known_gender().map(|(gender, _)| gender),
                group.is_plural(),
                0,
            )
        }
        Sort::Noun(noun) => (
            noun.and_then(|noun| noun.gender),
            noun.is_some_and(|noun| noun.plural),
            noun.map_or(0, |noun| match noun.class {
                Class::Person => 1,
                Class::Body => 2,
            }),
        ),
        Sort::Pronoun(pronoun, _) => match pronoun {
            Pronoun::Single(gender) => (Some(gender), false, 1),
            Pronoun::Several | Pronoun::Speakers => (None, true, 0),
            _ => (None, false, 0),
        },
    };
    let (form, pronoun, case) = match own.sort {
        Sort::Name(_) => (0, 0, 0),
        Sort::Noun(_) => (1, 0, 0),
        Sort::Pronoun(pronoun, case) => (2, pronoun_code(pronoun), case_code(case)),
    };
    Shown {
        head: (
            layout.token_from(own.head.start),
            layout.token_from(own.head.end),
        ),
        form,
        pronoun,
        case,
        gender: match gender {
            None | Some(Gender::Other) => 0,
            Some(Gender::Female) => 1,
            Some(Gender::Male) => 2,
        },
        plural,
        class,
        sentence: own.sentence,
        block: layout.sentences[own.sentence].block,
        quotation: None,
        speaker: None,
        source: false,
        group,
    }
}

const fn pronoun_code(pronoun: Pronoun) -> u8 {
    match pronoun {
        Pronoun::Speaker => 1,
        Pronoun::Speakers => 2,
        Pronoun::Addressee => 3,
        Pronoun::Single(_) => 4,
        Pronoun::Several => 5,
        Pronoun::Thing => 6,
        Pronoun::Relative => 7,
    }
}

const fn case_code(case: Case) -> u8 {
    match case {
        Case::Subject => 1,
        Case::Object => 2,
        Case::Possessive => 3,
        Case::Reflexive => 4,
    }
}
