//! Who is on record: the sources' names, joined where they mean the same actor.

use std::collections::HashMap;

use crate::domain::{ActorKind, Gender, LocalActor, Span};
use crate::text::Layout;

use super::attributor::BareAttribution;
use super::gender::pronoun_gender;
use super::groups::{Group, group_names};
use super::names::{Name, names};
use super::nouns::{ROLES, is_one_of};
use super::pronouns::{Antecedents, agrees};
use super::quote_type::quoted_spans;
use super::roles::roles_of;

/// The actors of a text and which attribution and name stands for which.
pub(super) struct Cast {
    actors: Vec<LocalActor>,
    /// For each attribution its actor.
    on_record: Vec<Option<usize>>,
    /// The names of actors on record, with their actor, in text order.
    named: Vec<(Span, usize)>,
}

impl Cast {
    /// Finds the actors behind `attributions`, which are ordered by where they begin.
    pub fn new(layout: &Layout<'_>, attributions: &[BareAttribution]) -> Self {
        let names = names(layout, attributions);
        let (mut groups, group_of) = group_names(layout, &names);
        let mut reader = SourceReader::new(layout, &names, attributions);
        reader.vote(&mut groups, &group_of);
        let sources: Vec<Option<usize>> = (0..attributions.len())
            .map(|index| reader.group(index, &groups, &group_of))
            .collect();
        for group in sources.iter().flatten() {
            groups[*group].speaks = true;
        }
        Self::of_sources(layout, &names, &groups, &group_of, &sources)
    }

    /// The actor of the attribution at `index`.
    pub fn actor_of(&self, index: usize) -> Option<usize> {
        self.on_record.get(index).copied().flatten()
    }

    /// The names of the actors, in text order.
    pub fn named(&self) -> &[(Span, usize)] {
        &self.named
    }

    /// The actors, ordered by first mention.
    pub fn into_actors(self) -> Vec<LocalActor> {
        self.actors
    }

    fn of_sources(
        layout: &Layout<'_>,
        names: &[Name],
        groups: &[Group],
        group_of: &[Option<usize>],
        sources: &[Option<usize>],
    ) -> Self {
        let mut place: HashMap<usize, usize> = HashMap::new();
        let mut members: Vec<Vec<usize>> = Vec::new();
        let mut mentions = Vec::new();
        for (name, group) in group_of.iter().enumerate() {
            let Some(group) = group.filter(|group| groups[*group].speaks) else {
                continue;
            };
            let actor = *place.entry(group).or_insert_with(|| {
                members.push(Vec::new());
                members.len() - 1
            });
            members[actor].push(name);
            mentions.push((names[name].span, actor));
        }
        let mut owners: Vec<(usize, usize)> = place
            .iter()
            .map(|(group, actor)| (*actor, *group))
            .collect();
        owners.sort_unstable();
        let actors = owners
            .iter()
            .map(|(actor, group)| describe(layout, names, &members[*actor], &groups[*group]))
            .collect();
        let on_record = sources
            .iter()
            .map(|group| group.and_then(|group| place.get(&group).copied()))
            .collect();
        Self {
            actors,
            on_record,
            named: mentions,
        }
    }
}

fn describe(layout: &Layout<'_>, names: &[Name], members: &[usize], group: &Group) -> LocalActor {
    let mut aliases: Vec<String> = members
        .iter()
        .map(|name| spaced(names[*name].span.slice(layout.text)))
        .filter(|alias| *alias != group.display_name)
        .collect();
    aliases.sort_unstable();
    aliases.dedup();
    LocalActor {
        display_name: group.display_name.clone(),
        kind: group.kind(),
        aliases,
        roles: roles_of(layout, members.iter().map(|name| &names[*name])),
        gender: group
            .gender
            .verdict()
            .filter(|_| group.kind() == ActorKind::Person),
        identity_key: group.identity_key(),
    }
}

/// The words of a name with single spaces.
pub(super) fn spaced(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads the sources of attributions: which name they hold or stand for.
struct SourceReader<'a> {
    layout: &'a Layout<'a>,
    names: &'a [Name],
    attributions: &'a [BareAttribution],
    topical: Vec<bool>,
    quoted: Vec<bool>,
}

impl<'a> SourceReader<'a> {
    fn new(layout: &'a Layout<'a>, names: &'a [Name], attributions: &'a [BareAttribution]) -> Self {
        let spans = quoted_spans(layout);
        let quoted = names
            .iter()
            .map(|name| {
                let at = spans.partition_point(|span| span.end <= name.span.start);
                spans.get(at).is_some_and(|span| span.contains(name.span))
            })
            .collect();
        let mut reader = Self {
            layout,
            names,
            attributions,
            topical: vec![false; names.len()],
            quoted,
        };
        for attribution in attributions {
            if let Some(name) = attribution
                .source
                .first()
                .and_then(|span| reader.name_in(*span))
            {
                reader.topical[name] = true;
            }
        }
        reader
    }

    /// The name that a source is: the one its head ends with, where the head is what stands before the first comma,
    /// preposition or relative clause. `None` for owners ("Lee's office") and for several names.
    fn name_in(&self, source: Span) -> Option<usize> {
        if let Some(name) = self.name_behind_role(source) {
            return Some(name);
        }
        let text = self.layout.text;
        let first = self
            .names
            .partition_point(|name| name.span.start < source.start);
        let inside = self.names[first..]
            .iter()
            .take_while(|name| source.contains(name.span));
        let mut at = source.start;
        for (index, name) in inside.enumerate() {
            if leaves_head(&text[at..name.span.start]) {
                return None;
            }
            let after = text[name.span.end..source.end].trim_start();
            if after.is_empty() || matches!(after, "'s" | "’s" | "'" | "’") || ends_head(after)
            {
                return Some(first + index);
            }
            at = name.span.end;
        }
        None
    }

    /// "the head of Meride Lines, Vera Lindqvist": a role, and behind its comma the full name of who holds it.
    fn name_behind_role(&self, source: Span) -> Option<usize> {
        let (role, holder) = source.slice(self.layout.text).rsplit_once(", ")?;
        let at = source.end - holder.len();
        let name = self.names.partition_point(|name| name.span.start < at);
        let fits = self
            .names
            .get(name)
            .is_some_and(|name| name.span == Span::new(at, source.end));
        let is_role = role.split_whitespace().any(|word| is_one_of(word, ROLES));
        (fits && is_role && holder.contains(' ')).then_some(name)
    }

    fn antecedents(&self) -> Antecedents<'_> {
        Antecedents {
            names: self.names,
            topical: &self.topical,
            quoted: &self.quoted,
        }
    }

    /// Lets every "he" and "she" vote for the gender of the name it seems to stand for.
    fn vote(&mut self, groups: &mut [Group], group_of: &[Option<usize>]) {
        for attribution in self.attributions {
            let Some(source) = attribution.source.first() else {
                continue;
            };
            let Some(gender) = pronoun_gender(source.slice(self.layout.text)) else {
                continue;
            };
            let fits = |name: usize| {
                group_of[name].is_some_and(|group| {
                    groups[group].may_be_person() && agrees(groups[group].gender_by_title(), gender)
                })
            };
            let found = self
                .antecedents()
                .personal(*source, self.sentence_at(source.start), fits);
            if let Some(group) = found.and_then(|name| group_of[name]) {
                groups[group].gender.add_pronoun(gender);
            }
        }
    }

    fn group(&self, index: usize, groups: &[Group], group_of: &[Option<usize>]) -> Option<usize> {
        let source = *self.attributions[index].source.first()?;
        let words = source.slice(self.layout.text);
        let name = if let Some(gender) = pronoun_gender(words) {
            let fits = |name: usize| group_of[name].is_some_and(|group| groups[group].fits(gender));
            self.antecedents()
                .personal(source, self.sentence_at(source.start), fits)
        } else if is_one_of(words, &["who", "which"]) {
            self.antecedents().relative(self.layout.text, source)
        } else {
            self.name_in(source)
        };
        name.and_then(|name| group_of[name])
    }

    fn sentence_at(&self, at: usize) -> usize {
        self.layout
            .sentences
            .partition_point(|sentence| sentence.span.end <= at)
    }
}

/// Words that end the head of a source.
const HEAD_ENDS: &[&str] = &[
    "of", "for", "from", "in", "at", "with", "by", "to", "on", "who", "whose", "which", "himself",
    "herself", "itself",
];

/// True if what stands before a name takes the name out of the head: "a spokesman for", "Bo Dam and".
fn leaves_head(before: &str) -> bool {
    before.contains([',', '('])
        || before
            .split_whitespace()
            .any(|word| word == "and" || is_one_of(word, HEAD_ENDS))
}

/// True if the head ends before `after`.
fn ends_head(after: &str) -> bool {
    after.starts_with([',', '(', '-', '—', '–'])
        || after
            .split_whitespace()
            .next()
            .is_some_and(|word| is_one_of(word, HEAD_ENDS))
}

impl Group {
    fn fits(&self, gender: Gender) -> bool {
        self.may_be_person() && agrees(self.gender.verdict().map(|(known, _)| known), gender)
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{ActorKind, Document, Extraction, Gender, GenderBasis};
    use crate::extract::{EngineKind, Options, extract};

    fn read(text: &str) -> Extraction {
        extract(
            &Document {
                text: text.to_owned(),
                ..Document::default()
            },
            &Options {
                engine: EngineKind::Rules,
                ..Options::default()
            },
        )
    }

    #[test]
    fn surnames_join_the_only_full_name_that_ends_in_them() {
        let check = |text: &str, expect: &[Option<&str>]| {
            let read = read(text);
            let found: Vec<Option<&str>> = read
                .claims
                .iter()
                .map(|claim| {
                    claim
                        .actor
                        .map(|actor| read.actors[actor].display_name.as_str())
                })
                .collect();
            assert_eq!(found, expect, "{text}");
        };
        check(
            "Ann Lee said it rained. Later Lee said it snowed.",
            &[Some("Ann Lee"), Some("Ann Lee")],
        );
        check("Ann Lee met Bo Lee. Then Lee said it snowed.", &[None]);
        check("The mayor said it rained.", &[None]);
        check("A spokesman for Ann Lee said it rained.", &[None]);
        check(
            "Ann Lee said it rained. She added that it snowed.",
            &[Some("Ann Lee"), Some("Ann Lee")],
        );
        check(
            "Mr. Dam met Mrs. Lee. “It rains,” she said. “It snows,” he said.",
            &[Some("Lee"), Some("Dam")],
        );
        check("They left. She said it rained.", &[None]);
    }

    #[test]
    fn what_is_too_long_for_a_name_is_none() {
        let long = "Q".repeat(10_000);
        let check = |text: &str, name: Option<&str>, roles: &[(&str, Option<&str>)]| {
            let text = text.replace('*', &long);
            let read = read(&text);
            let actors: Vec<&str> = read
                .actors
                .iter()
                .map(|actor| actor.display_name.as_str())
                .collect();
            assert_eq!(actors, name.as_slice(), "{text:.60}");
            let found: Vec<(&str, Option<&str>)> = read
                .actors
                .iter()
                .flat_map(|actor| &actor.roles)
                .map(|role| (role.title.as_str(), role.organization.as_deref()))
                .collect();
            assert_eq!(found, roles, "{text:.60}");
            assert!(read.actors.iter().all(|actor| actor.aliases.is_empty()));
            assert_eq!(read.claims.len(), 1, "{text:.60}");
        };
        let lee = Some("Ann Lee");
        check("Ann * said it rained.", None, &[]);
        check("Today * said it rained.", None, &[]);
        check("Ann Lee, the * mayor, said it rained.", lee, &[]);
        check("On Monday * Speaker Ann Lee said it rained.", lee, &[]);
        check(
            "Ann Lee, the mayor of *, said it rained.",
            lee,
            &[("mayor", None)],
        );
        check(
            "On Monday * spokesperson Ann Lee said it rained.",
            lee,
            &[("spokesperson", None)],
        );
        check("Ann Lee met Mary * Lee. Ann Lee said it rained.", lee, &[]);
    }

    #[test]
    fn actors_are_described_by_what_the_text_states() {
        let read =
            read("Mrs. Ann Lee, the chief executive of Acme, said it rained. Lee said it snowed.");
        let actor = &read.actors[0];
        assert_eq!(actor.display_name, "Ann Lee");
        assert_eq!(actor.aliases, ["Lee"]);
        assert_eq!(actor.kind, ActorKind::Person);
        assert_eq!(actor.gender, Some((Gender::Female, GenderBasis::Title)));
        assert_eq!(actor.identity_key.as_deref(), Some("ann lee"));
        assert_eq!(actor.roles[0].title, "chief executive");
        assert_eq!(actor.roles[0].organization.as_deref(), Some("Acme"));
    }
}
