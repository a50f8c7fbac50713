//! What a text tells of an actor.

use crate::domain::{ActorKind, GenderBasis, LocalActor, MAX_NAME_BYTES, Span};
use crate::extract::lexicon::nouns::{DOCUMENTS, STATES, is_one_of};
use crate::extract::names::Name;
use crate::extract::names::roles::roles_of;

use super::entities::Entity;
use super::mentions::found::Sort;
use super::naming::identity::full_key;
use super::naming::spelling::spaced;
use super::naming::styles::styled;
use super::reader::Reader;
use super::understood::Understood;
use crate::extract::lexicon::lists::{Class, Noun};

/// The entities that are actors, ordered by first mention, and for each entity which it is.
pub(super) fn actors(
    reader: &Reader<'_>,
    understood: &Understood,
    names: &[Name],
) -> (Vec<LocalActor>, Vec<Option<usize>>) {
    let mut speaks = vec![false; understood.entities.len()];
    for source in reader.sources.iter().flatten() {
        if let Some(meaning) = understood.meant(*source) {
            speaks[meaning.entity] = true;
        }
    }
    let mut names_of = vec![Vec::new(); understood.entities.len()];
    let mut actors = Vec::new();
    let mut order = Vec::new();
    let mut actor_of = vec![None; understood.entities.len()];
    for at in 0..reader.found.len() {
        let Some(meaning) = understood.meant(at) else {
            continue;
        };
        let entity = meaning.entity;
        if let Sort::Name(name) = reader.found[at].sort {
            names_of[entity].push(&names[name]);
        }
        if actor_of[entity].is_none()
            && is_actor(reader, understood.entities.get(entity), speaks[entity])
        {
            actor_of[entity] = Some(order.len());
            order.push(entity);
        }
    }
    for entity in order {
        let known = understood.entities.get(entity);
        actors.push(match understood.together {
            Some(two) if two.entity == entity => together(reader, two.names),
            _ => describe(reader, known, &names_of[entity]),
        });
    }
    (actors, actor_of)
}

/// True if an entity is an actor: on record, or named and no mere place, or a noun that is spoken of again. Not a surname
/// that may mean several.
fn is_actor(reader: &Reader<'_>, entity: &Entity, speaks: bool) -> bool {
    match entity.group.map(|group| &reader.groups[group]) {
        Some(group) => group.ambiguous.is_empty() && (speaks || !group.is_place()),
        None => speaks || entity.mentions() > 1,
    }
}

/// Describes an actor by its names, or else by its longest phrase.
fn describe(reader: &Reader<'_>, entity: &Entity, names: &[&Name]) -> LocalActor {
    entity.group.map_or_else(
        || unnamed(reader, entity),
        |group| named(reader, entity, group, names),
    )
}

/// Two people who are named together.
fn together(reader: &Reader<'_>, names: Span) -> LocalActor {
    let display_name = spaced(names.slice(reader.layout.text));
    LocalActor {
        is_named: true,
        kind: ActorKind::Group,
        // All the words: as the name of one person it would lose those in the middle.
        identity_key: full_key(&display_name),
        full_key: full_key(&display_name),
        display_name,
        aliases: Vec::new(),
        roles: Vec::new(),
        gender: None,
    }
}

fn named(reader: &Reader<'_>, entity: &Entity, group: usize, names: &[&Name]) -> LocalActor {
    let group = &reader.groups[group];
    let kind = if entity.plural {
        ActorKind::Group
    } else {
        group.kind()
    };
    let styled = || names.iter().filter_map(|name| styled(reader.layout, name));
    let display_name = styled()
        .find(|own| own.ends_with(&group.display_name))
        .unwrap_or_else(|| group.display_name.clone());
    let mut aliases: Vec<String> = names
        .iter()
        .map(|name| spaced(name.span.slice(reader.layout.text)))
        .chain(styled())
        .filter(|alias| *alias != display_name)
        .collect();
    aliases.sort_unstable();
    aliases.dedup();
    let by_pronoun = entity
        .by_pronoun()
        .map(|gender| (gender, GenderBasis::Pronoun));
    let known = group.known_gender();
    LocalActor {
        display_name,
        is_named: true,
        kind,
        aliases,
        roles: roles_of(reader.layout, names.iter().copied()),
        gender: known
            .filter(|(_, basis)| *basis != GenderBasis::Forename)
            .or(by_pronoun)
            .or(known)
            .filter(|_| kind == ActorKind::Person),
        identity_key: group.identity_key(),
        full_key: full_key(&group.display_name),
    }
}

fn unnamed(reader: &Reader<'_>, entity: &Entity) -> LocalActor {
    let words = |span: Option<Span>| span.map_or("", |span| span.slice(reader.layout.text));
    let phrase = spaced(words(entity.phrase));
    let head = words(entity.head);
    LocalActor {
        kind: kind_of(entity.noun, head),
        display_name: if phrase.is_empty() {
            head.chars().take(MAX_NAME_BYTES / 4).collect()
        } else {
            phrase
        },
        is_named: false,
        aliases: Vec::new(),
        roles: Vec::new(),
        gender: None,
        identity_key: None,
        full_key: None,
    }
}

/// What a common noun shows its bearer to be.
fn kind_of(noun: Option<Noun>, head: &str) -> ActorKind {
    match noun {
        _ if is_one_of(head, DOCUMENTS) => ActorKind::Document,
        _ if STATES.contains(&head.to_lowercase().as_str()) => ActorKind::Government,
        Some(Noun { plural: true, .. }) => ActorKind::Group,
        Some(Noun {
            class: Class::Person,
            ..
        }) => ActorKind::Person,
        Some(Noun {
            class: Class::Body, ..
        }) => ActorKind::Organization,
        None => ActorKind::Unknown,
    }
}
