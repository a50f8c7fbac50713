//! What the text around names shows of those who bear them.

use crate::domain::{Gender, Span};
use crate::extract::lexicon::lists::{Class, is_person_noun, noun, title_gender};
use crate::extract::lexicon::nouns::is_one_of;
use crate::extract::names::{Name, NameKind, word_before};
use crate::text::Layout;

use crate::extract::coref::mentions::apposition::noun_explained_by;
use crate::extract::coref::mentions::found::{Found, Sort};
use crate::extract::coref::mentions::pronouns::{Pronoun, pronoun};
use crate::extract::coref::mentions::sources::SourceMention;

/// Words before the name of a place.
const PLACE_WORDS: &[&str] = &[
    "in",
    "at",
    "near",
    "across",
    "throughout",
    "outside",
    "around",
    "downtown",
];
/// Maximum length of a relative clause that is read for a pronoun, in tokens.
const MAX_CLAUSE: usize = 14;

/// What the word before a name shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::extract::coref) enum Before {
    /// Nothing.
    #[default]
    Other,
    /// "the".
    Article,
    /// A preposition of place.
    Place,
}

/// What stands around a name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::extract::coref) struct Mark {
    /// The words of its title.
    pub title: Option<Span>,
    /// A noun for a person stands before it, "co-founder Ann Lee", or in apposition, "Ann Lee, a teacher".
    pub person_noun: bool,
    /// The word before it.
    pub before: Before,
    /// It is a source.
    pub speaks: bool,
    /// The gender indicated by its title.
    pub title_gender: Option<Gender>,
    /// The gender indicated by a noun or pronoun beside it: "Ann Lee, his wife", "Ann Lee, who lost her dog".
    pub gender: Option<Gender>,
    /// What it was read as.
    pub kind: Option<NameKind>,
}

impl Mark {
    pub const fn is_titled(&self) -> bool {
        self.title.is_some()
    }

    pub fn is_definite(&self) -> bool {
        self.before == Before::Article
    }

    pub fn is_located(&self) -> bool {
        self.before == Before::Place
    }

    /// Adds what stands around the same name elsewhere.
    pub fn add(&mut self, other: &Self) {
        self.title = self.title.or(other.title);
        self.person_noun |= other.person_noun;
        self.speaks |= other.speaks;
        if self.before == Before::Other {
            self.before = other.before;
        }
    }
}

/// What stands around each name.
pub(in crate::extract::coref) fn marks(
    layout: &Layout<'_>,
    names: &[Name],
    found: &[Found],
    sources: &[Option<SourceMention>],
) -> Vec<Mark> {
    let mut marks: Vec<Mark> = names.iter().map(|name| mark(layout, name)).collect();
    for source in sources.iter().flatten() {
        if let Sort::Name(name) = found[source.mention].sort {
            marks[name].speaks = true;
        }
    }
    for (at, mention) in found.iter().enumerate() {
        if let Sort::Name(name) = mention.sort {
            let (person_noun, gender) = beside(layout, found, at);
            marks[name].person_noun = person_noun;
            marks[name].gender = gender;
        }
    }
    marks
}

fn mark(layout: &Layout<'_>, name: &Name) -> Mark {
    let title = Some(name.title).filter(|title| !title.is_empty());
    let word = word_before(layout, name.sentence, name.span.start);
    let before = match title {
        None if is_one_of(word, &["the"]) => Before::Article,
        None if is_one_of(word, PLACE_WORDS) => Before::Place,
        _ => Before::Other,
    };
    Mark {
        title,
        before,
        title_gender: title_gender(name.title.slice(layout.text)),
        kind: name.kind,
        ..Mark::default()
    }
}

/// True if a noun for a person stands beside the name at `at`, and the gender that what stands there tells.
fn beside(layout: &Layout<'_>, found: &[Found], at: usize) -> (bool, Option<Gender>) {
    let mention = found[at];
    let person = |found: &Found| match found.sort {
        Sort::Noun(Some(noun)) if noun.class == Class::Person && !noun.plural => Some(noun),
        _ => None,
    };
    let before = word_before(layout, mention.sentence, mention.head.start);
    // The owner in "his wife" is a mention of its own.
    let behind = found.iter().skip(at + 1).take(2).find_map(|next| {
        let apposed = layout.text.get(mention.span.end..next.span.start) == Some(", ");
        person(next).filter(|_| apposed)
    });
    let explains = noun_explained_by(layout.text, found, at).and_then(|noun| person(&found[noun]));
    let own = is_person_noun(before).then(|| noun(before)).flatten();
    let is_person = own.is_some() || behind.is_some() || explains.is_some();
    let mut nouns = [own, behind, explains].into_iter().flatten();
    let gender = nouns.find_map(|noun| noun.gender);
    (
        is_person,
        gender.or_else(|| told_by_clause(layout, mention)),
    )
}

/// The gender that "her" tells in "Ann Lee, who runs it with her husband".
fn told_by_clause(layout: &Layout<'_>, name: Found) -> Option<Gender> {
    let comma = layout.token_from(name.span.end);
    let end = layout.sentences[name.sentence].tokens.end;
    if comma + 2 >= end || layout.word(comma) != "," || layout.word(comma + 1) != "who" {
        return None;
    }
    let clause = comma + 2..end.min(comma + MAX_CLAUSE);
    clause
        .map(|token| layout.word(token))
        .take_while(|word| !(*word == "," || word.starts_with(char::is_uppercase)))
        .find_map(|word| match pronoun(word) {
            Some((Pronoun::Single(gender), _)) => Some(gender),
            _ => None,
        })
}
