//! Nouns that refer to an actor named elsewhere: appositions and definite phrases.

use crate::domain::Span;

use crate::extract::lexicon::nouns::{DOCUMENTS, is_one_of};
use crate::text::TokenKind;

use super::entities::Entity;
use super::mentions::apposition::noun_explained_by;
use super::mentions::found::{Found, Sort};
use super::reader::Reader;
use super::understood::Understood;
use crate::extract::lexicon::lists::{Class, Noun, is_closed};

/// How many words may stand before a noun that belongs to somebody, including the possessive mark.
const MAX_OWNED: usize = 7;
/// An organization less salient than this is not what "the company" means.
const LEAST_SALIENCE: f32 = 0.1;
const BETWEEN_WORDS: &[char] = &[' ', '-', '\n', '\t'];
/// Nouns that refer to any organization.
const ANY_BODY: &[&str] = &[
    "agency",
    "business",
    "church",
    "company",
    "firm",
    "group",
    "institution",
    "newspaper",
    "organisation",
    "organization",
    "party",
];

/// The [noun that a name explains](noun_explained_by), where both may mean the same sort of actor.
pub(super) fn explained_by(reader: &Reader<'_>, name: usize) -> Option<usize> {
    let noun = noun_explained_by(reader.layout.text, reader.found, name)?;
    let (Sort::Noun(kind), Sort::Name(index)) = (reader.found[noun].sort, reader.found[name].sort)
    else {
        return None;
    };
    let person = reader.groups[reader.group_of[index]].person_score();
    let is_fit = match kind {
        Some(kind) => fits(kind, person),
        None => person > 0 && is_person_explained(reader, noun, name),
    };
    is_fit.then_some(noun)
}

/// True for a noun on no list in "his assistant, Ann Lee, left": not in "according to the report, Ann Lee left".
fn is_person_explained(reader: &Reader<'_>, noun: usize, name: usize) -> bool {
    let text = reader.layout.text;
    let head = reader.found[noun].head.slice(text);
    let behind = text.get(reader.found[name].span.end..).unwrap_or_default();
    head.chars().all(char::is_alphabetic) && !is_one_of(head, DOCUMENTS) && behind.starts_with(',')
}

/// The entity that the noun at `at` describes: "Ann Lee, the mayor", "Ann Lee is the mayor".
pub(super) fn described(reader: &Reader<'_>, state: &Understood, at: usize) -> Option<usize> {
    let here = reader.found[at];
    let Sort::Noun(Some(noun)) = here.sort else {
        return None;
    };
    let (before, start) = apposed_to(reader, at)?;
    let other = reader.found[before];
    if other.sentence != here.sentence || noun.plural {
        return None;
    }
    let gap = reader.layout.text.get(other.head.end..start)?.trim();
    let apposed = gap == "," && matches!(other.sort, Sort::Name(_));
    let predicated = matches!(
        gap,
        "is" | "was" | "became" | "remains" | ", who is" | ", who was"
    );
    let entity = state
        .meant(before)
        .filter(|_| apposed || predicated)?
        .entity;
    fits(noun, state.entities.get(entity).person).then_some(entity)
}

/// The mention before the noun at `at` and its owner, and where these begin: "Ann Lee, Acme's mayor".
fn apposed_to(reader: &Reader<'_>, at: usize) -> Option<(usize, usize)> {
    let before = at.checked_sub(1)?;
    let (here, owner) = (reader.found[at], reader.found[before]);
    let layout = reader.layout;
    let between = layout.token_from(owner.head.end)..layout.token_from(here.head.start);
    let owns = matches!(owner.sort, Sort::Name(_))
        && (1..MAX_OWNED).contains(&between.len())
        && layout.word(between.start).starts_with(['\'', '’'])
        && between.skip(1).all(|token| {
            layout.tokens[token].kind == TokenKind::Word && !is_closed(layout.word(token))
        });
    let Some(first) = before.checked_sub(1).filter(|_| owns) else {
        return Some((before, here.span.start));
    };
    let words = layout.text.get(..owner.span.start)?;
    Some((first, words.strip_suffix("the ").unwrap_or(words).len()))
}

fn fits(noun: Noun, person: i32) -> bool {
    match noun.class {
        Class::Person => person >= 0,
        Class::Body => person <= 0,
    }
}

/// The most salient entity to which the same noun referred or, for "the company", any named organization.
pub(super) fn same_noun(reader: &Reader<'_>, state: &Understood, at: usize) -> Option<usize> {
    let text = reader.layout.text;
    let here = reader.found[at];
    let Sort::Noun(noun) = here.sort else {
        return None;
    };
    let head = here.head.slice(text).to_lowercase();
    let phrase = here.span.slice(text).to_lowercase();
    let determiner = phrase.split_whitespace().next().unwrap_or_default();
    let definite = matches!(determiner, "the" | "this" | "that" | "these" | "those");
    let modifiers = modifiers(here, text);
    let behind = Span::new(here.head.end, here.span.end).slice(text);
    let is_meant = |entity: &usize| {
        let entity = state.entities.get(*entity);
        if !behind.is_empty() && entity.behind(text).is_some_and(|known| known != behind) {
            return false;
        }
        let same_phrase = entity
            .phrase
            .is_some_and(|other| other.slice(text).to_lowercase() == phrase);
        entity.plural == noun.is_some_and(|noun| noun.plural)
            && ((same_phrase && !matches!(determiner, "a" | "an"))
                || (definite && knows(reader, entity, &modifiers)))
    };
    let meant = state.entities.of_noun(&head).filter(is_meant);
    let meant = state.entities.most_present(meant, here.sentence);
    let any = || any_body(state, here).filter(|_| definite && ANY_BODY.contains(&head.as_str()));
    meant.map(|(entity, _)| entity).or_else(any)
}

/// The most salient named organization.
fn any_body(state: &Understood, here: Found) -> Option<usize> {
    let is_body = |entity: &usize| {
        let entity = state.entities.get(*entity);
        entity.person < 0 && entity.group.is_some() && !entity.plural && !entity.place
    };
    let present = state
        .entities
        .present(here.sentence)
        .into_iter()
        .filter(is_body);
    let (entity, salience) = state.entities.most_present(present, here.sentence)?;
    (salience > LEAST_SALIENCE).then_some(entity)
}

/// The words of a phrase before its noun, in lower case.
fn modifiers(here: Found, text: &str) -> Vec<String> {
    let words = Span::new(here.span.start, here.head.start).slice(text);
    words
        .split_whitespace()
        .filter(|word| !is_closed(word))
        .map(str::to_lowercase)
        .collect()
}

/// Adjectives that do not distinguish an office from others: "the regional governor" is the governor.
const OF_OFFICE: &[&str] = &[
    "city",
    "federal",
    "local",
    "municipal",
    "national",
    "provincial",
    "regional",
    "state",
];

/// False if a modifier is new: "the French president" is not the president known so far.
fn knows(reader: &Reader<'_>, entity: &Entity, modifiers: &[String]) -> bool {
    if modifiers.is_empty() {
        return true;
    }
    let phrase = entity
        .phrase
        .map_or("", |phrase| phrase.slice(reader.layout.text));
    let name = entity
        .group
        .map_or("", |group| reader.groups[group].display_name.as_str());
    let mut words = phrase.split(BETWEEN_WORDS).chain(name.split(BETWEEN_WORDS));
    let known: Vec<String> = words.by_ref().map(str::to_lowercase).collect();
    let titles = entity
        .group
        .is_some_and(|group| !reader.groups[group].titles.is_empty());
    modifiers.iter().all(|word| {
        (titles && OF_OFFICE.contains(&word.as_str()))
            || word
                .split(BETWEEN_WORDS)
                .all(|part| known.iter().any(|known| known == part))
    })
}
