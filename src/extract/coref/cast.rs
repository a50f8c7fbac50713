//! The actors of a text, its mentions, and who is on record with each attribution.

use crate::domain::{LocalActor, Mention, MentionForm};
use crate::extract::attribution::bare::BareAttribution;
use crate::extract::model::WhoRead;
use crate::extract::names::{add_tagged, names};
use crate::text::Layout;

use super::antecedents::ranking::Ranking;
use super::describe::actors;
use super::mentions::finder::found;
use super::mentions::found::{Found, Sort, form};
use super::mentions::sources::{SourceMention, are_sources, source_mentions};
use super::naming::evidence::marks;
use super::naming::grouping::group_names;
use super::naming::kinds::read_kinds;
use super::quoting::Quoting;
use super::reader::Reader;
use super::shown::shown;
use super::understood::{Meaning, OF_NAME, Understood};

/// Who is who in a text.
pub(in crate::extract) struct Cast {
    pub(super) actors: Vec<LocalActor>,
    /// For each entity its actor, if it is one.
    actor_of: Vec<Option<usize>>,
    pub(super) found: Vec<Found>,
    understood: Understood,
    pub(super) sources: Vec<Option<SourceMention>>,
}

impl Cast {
    /// Finds the actors of a text and those behind `attributions`, which are ordered by where they begin.
    pub fn new(
        layout: &Layout<'_>,
        attributions: &[BareAttribution],
        who: Option<&WhoRead>,
    ) -> Self {
        let mut names = names(layout, attributions);
        if let Some(who) = who {
            add_tagged(layout, &mut names, &who.names());
            read_kinds(layout, who, &mut names);
        }
        let found = found(layout, &names, attributions);
        let sources = source_mentions(layout, &found, attributions);
        let marks = marks(layout, &names, &found, &sources);
        let (groups, group_of) = group_names(layout, &names, &marks);
        let is_source = are_sources(&found, &sources);
        let mentions: Vec<Option<usize>> = sources
            .iter()
            .map(|source| source.map(|source| source.mention))
            .collect();
        let mut reader = Reader {
            layout,
            found: &found,
            is_source: &is_source,
            sources: &mentions,
            groups: &groups,
            group_of: &group_of,
            quoting: Quoting::new(layout, attributions),
            ranking: None,
        };
        reader.ranking = who.map(|who| Ranking::new(who, shown(&reader)));
        let understood = reader.read();
        let (actors, actor_of) = actors(&reader, &understood, &names);
        Self {
            actors,
            actor_of,
            found,
            understood,
            sources,
        }
    }

    /// The actor of the attribution at `index`.
    pub fn actor_of(&self, index: usize) -> Option<usize> {
        self.actor_of_mention(self.sources[index]?.mention)
    }

    /// How likely the actor of the attribution at `index` is who its source refers to, if it has one.
    pub fn actor_confidence(&self, index: usize) -> Option<f32> {
        let meaning = self.understood.meant(self.sources[index]?.mention)?;
        self.actor_of[meaning.entity].map(|_| meaning.confidence)
    }

    /// Returns whether the source of the attribution at `index` is a name, or a pronoun that refers to one.
    pub fn is_named(&self, index: usize) -> bool {
        let Some(source) = self.sources[index].filter(|source| !source.by_document) else {
            return false;
        };
        let named = self
            .actor_of(index)
            .is_some_and(|actor| self.actors[actor].is_named);
        named && !matches!(self.found[source.mention].sort, Sort::Noun(_))
    }

    /// The actors, ordered by first mention, and the mentions in text order: those of an actor, and the sources.
    pub fn into_parts(self) -> (Vec<LocalActor>, Vec<Mention>) {
        let is_source = are_sources(&self.found, &self.sources);
        let mut mentions: Vec<Mention> = (0..self.found.len())
            .map(|at| (at, self.mention(at)))
            .filter(|(at, mention)| {
                is_source[*at] || mention.actor.is_some() || !mention.candidates.is_empty()
            })
            .map(|(_, mention)| mention)
            .chain(self.together())
            .collect();
        mentions.sort_by_key(|mention| mention.span);
        mentions.dedup_by_key(|mention| mention.span);
        (self.actors, mentions)
    }

    pub(super) fn actor_of_mention(&self, at: usize) -> Option<usize> {
        self.actor_of[self.understood.meant(at)?.entity]
    }

    /// The mention of two people who answer as one.
    fn together(&self) -> Option<Mention> {
        let together = self.understood.together?;
        Some(Mention {
            span: together.span,
            form: MentionForm::Name,
            actor: Some(self.actor_of[together.entity]?),
            candidates: Vec::new(),
            confidence: OF_NAME,
        })
    }

    fn mention(&self, at: usize) -> Mention {
        let found = self.found[at];
        let actor = self.actor_of_mention(at);
        let confidence = self
            .understood
            .meant(at)
            .filter(|_| actor.is_some())
            .map_or(0.0, |meaning| meaning.confidence);
        let candidate =
            |candidate: &Meaning| Some((self.actor_of[candidate.entity]?, candidate.confidence));
        Mention {
            span: found.span,
            form: form(found.sort),
            actor,
            candidates: self
                .understood
                .candidates(at)
                .iter()
                .filter_map(candidate)
                .collect(),
            confidence,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::{ActorKind, Document, Extraction, Gender, GenderBasis};
    use crate::extract::{EngineKind, Options, extract};

    fn read(text: &str) -> Extraction {
        let document = Document {
            text: text.to_owned(),
            ..Document::default()
        };
        let options = Options {
            engine: EngineKind::Rules,
            ..Options::default()
        };
        extract(&document, &options)
    }

    /// Checks who is on record with each claim, by display name.
    fn check_speakers(text: &str, expect: &[Option<&str>]) {
        let read = read(text);
        let name = |actor: usize| read.actors[actor].display_name.as_str();
        let found: Vec<Option<&str>> = read
            .claims
            .iter()
            .map(|claim| claim.actor.map(name))
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn surnames_pronouns_and_nouns_stand_for_the_actor() {
        let lee = Some("Ann Lee");
        check_speakers(
            "Ann Lee said it rained. Later Lee said it snowed.",
            &[lee, lee],
        );
        check_speakers(
            "Ann Lee said it rained. She added that it snowed.",
            &[lee, lee],
        );
        check_speakers(
            "Mr. Dam met Mrs. Lee. “It rains,” she said. “It snows,” he said.",
            &[Some("Lee"), Some("Dam")],
        );
        check_speakers(
            "Ann Lee, the mayor, left. The mayor said it rained.",
            &[lee],
        );
        check_speakers(
            "The head of Acme, Bo Dam, left. He said it rained.",
            &[Some("Bo Dam")],
        );
        check_speakers("The mayor said it rained.", &[Some("The mayor")]);
        check_speakers(
            "A spokesman for Ann Lee said it rained.",
            &[Some("A spokesman for Ann Lee")],
        );
        check_speakers("Ann Lee’s report said it rained.", &[lee]);
    }

    #[test]
    fn where_several_may_be_meant_nobody_is() {
        check_speakers("Ann Lee met Bo Lee. Then Lee said it snowed.", &[None]);
        check_speakers("They left. She said it rained.", &[None]);
        let read = read("Ann Lee met Bo Lee. Then Lee said it snowed.");
        let open = read
            .mentions
            .iter()
            .find(|mention| mention.actor.is_none())
            .unwrap();
        assert_eq!((open.candidates.len(), open.confidence), (2, 0.0));
        check_speakers(
            "Ann Lee met Bo Lee. Ann Lee left. Then Lee said it snowed.",
            &[Some("Ann Lee")],
        );
        check_speakers(
            "Ann Lee met Bo Lee. Then Mr. Lee said it snowed.",
            &[Some("Bo Lee")],
        );
    }

    #[test]
    fn a_new_modifier_is_somebody_new() {
        check_speakers(
            "The Ukraine minister left. The UK minister said it rained.",
            &[Some("The UK minister")],
        );
        check_speakers(
            "The woman mayor left. The man mayor said it rained.",
            &[Some("The man mayor")],
        );
        check_speakers(
            "The Russian president said it snowed.\n\nThe US president said it rained.",
            &[Some("The Russian president"), Some("The US president")],
        );
    }

    #[test]
    fn a_noun_explained_late_is_one_actor_with_the_name() {
        let far = "Rain fell on Bo Dam. ".repeat(500);
        let text =
            format!("The mayor said it rained. Ann Lee left. {far}The mayor, Ann Lee, left.");
        check_speakers(&text, &[Some("Ann Lee")]);
        let text =
            "Bo Dam met nobody. The chairman left. He said it rained. The chairman, Bo Dam, slept.";
        let read = read(text);
        let he = read
            .mentions
            .iter()
            .find(|mention| mention.span.slice(text) == "He")
            .unwrap();
        assert_eq!(he.actor, Some(he.candidates[0].0));
        assert_eq!(he.candidates.len(), 1);
    }

    #[test]
    fn many_of_one_surname_are_read_in_little_space() {
        let names: Vec<String> = (0..3_000).map(|n| format!("Q{n}x Lee, Lee")).collect();
        let names = names.join(", ");
        let read = read(&format!("Then {names} met. “It rained,” said Lee."));
        assert!(
            read.mentions
                .iter()
                .all(|mention| mention.candidates.len() <= 5)
        );
    }

    #[test]
    fn who_says_i_is_the_speaker_of_the_quotation() {
        let text = "Bo Dam left. “It rained and I was wet,” said Ann Lee.";
        let read = read(text);
        let own = read
            .mentions
            .iter()
            .find(|mention| mention.span.slice(text) == "I")
            .unwrap();
        assert_eq!(read.actors[own.actor.unwrap()].display_name, "Ann Lee");
    }

    #[test]
    fn in_an_interview_the_one_interviewed_answers() {
        check_speakers(
            "Gazette interviews Ann Lee on rain\n\nDo you like the rain?\n\nI think it is fine.",
            &[Some("Ann Lee")],
        );
        let text = "Ann Lee spoke in an interview on Monday.\n\nBo Dam said that we lost.";
        let read = read(text);
        let we = read
            .mentions
            .iter()
            .find(|mention| mention.span.slice(text) == "we");
        assert!(we.is_none_or(|we| we.actor.is_none()));
    }

    #[test]
    fn of_two_who_are_interviewed_we_means_both() {
        let text = "Gazette interviews Ann Lee and Bo Dam of Acme\n\nDo you like the rain?\n\nWe think it is fine.";
        check_speakers(text, &[Some("Ann Lee and Bo Dam")]);
        let read = read(text);
        let words = |both: usize| {
            let own = read.mentions.iter().filter(|own| own.actor == Some(both));
            own.map(|own| own.span.slice(text)).collect::<Vec<_>>()
        };
        let both = read.claims[0].actor.unwrap();
        assert_eq!(read.actors[both].kind, ActorKind::Group);
        assert_eq!(words(both), ["Ann Lee and Bo Dam of Acme", "you", "We"]);
    }

    #[test]
    fn what_the_content_speaks_of_and_whom_it_was_told() {
        let read = read("Ann Lee told Cy Roe that Bo Dam and the Port Bank lied to her.");
        let name = |actor: usize| read.actors[actor].display_name.as_str();
        let claim = &read.claims[0];
        let about: Vec<&str> = claim.about.iter().copied().map(name).collect();
        assert_eq!(about, ["Bo Dam", "Port Bank"]);
        let addressed: Vec<_> = claim
            .addressees
            .iter()
            .map(|one| one.actor.map(name))
            .collect();
        assert_eq!(addressed, [Some("Cy Roe")]);
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

    #[test]
    fn what_is_too_long_for_a_name_is_none() {
        let long = "Q".repeat(10_000);
        for text in [
            "Ann * said it rained.",
            "Today * said it rained.",
            "Ann Lee, the * mayor, said it rained.",
        ] {
            let read = read(&text.replace('*', &long));
            assert_eq!(read.claims.len(), 1, "{text}");
            for actor in &read.actors {
                let names = actor.aliases.iter().chain([&actor.display_name]);
                assert!(
                    names
                        .chain(actor.roles.iter().map(|role| &role.title))
                        .all(|name| name.len() <= 200),
                    "{text}"
                );
            }
        }
    }
}
