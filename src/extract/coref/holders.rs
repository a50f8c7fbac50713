//! Sources that say what somebody is before they name him: "the head of Meride Lines, Vera Lindqvist".

use crate::domain::Span;
use crate::extract::lists::{COMPOUND_TAILS, ROLES, is_person_noun, is_title};
use crate::text::{Layout, TokenKind};

use super::found::{Found, Sort};

/// Longest phrase that says what somebody is before the name, in tokens.
const MAX_PHRASE: usize = 30;

/// The name of whom a source means that begins with what its bearer is: "CEO of the Meride Council Vera Lindqvist", "Tesla-rival
/// Voltra boss Jin Ho", "writer and broadcaster Daniel James".
pub(super) fn holder_behind(layout: &Layout<'_>, found: &[Found], source: Span) -> Option<Span> {
    let first = layout.token_from(source.start);
    let last = layout.token_from(source.end).min(first + MAX_PHRASE);
    let begin = found.partition_point(|found| found.head.end <= source.start);
    let inside = found[begin..]
        .iter()
        .take_while(|found| found.head.end <= source.end)
        .filter(|found| matches!(found.sort, Sort::Name(_)));
    inside
        .map(|found| found.head)
        .take_while(|name| layout.token_from(name.start) < last)
        .find(|name| {
            let phrase = Phrase {
                layout,
                first,
                name: layout.token_from(name.start),
            };
            let whole = name.slice(layout.text).contains(' ');
            phrase.is_noun_before() && (whole || phrase.is_plain())
                || (whole && ends_at(layout, *name, source) && phrase.is_of_one())
        })
}

/// True if nothing of a source, or nothing but an apposition, stands behind a name.
fn ends_at(layout: &Layout<'_>, name: Span, source: Span) -> bool {
    let behind = layout.text[name.end..source.end].trim_start();
    behind.is_empty() || behind.starts_with([',', '(', '–', '—', ';'])
}

/// The words of a source before a name.
struct Phrase<'a> {
    layout: &'a Layout<'a>,
    first: usize,
    name: usize,
}

impl Phrase<'_> {
    fn word(&self, token: usize) -> &str {
        self.layout.word(token)
    }

    fn is_noun(&self, token: usize) -> bool {
        is_person_noun(self.word(token)) || ROLES.has(self.word(token))
    }

    /// True if nothing but nouns and adjectives stands before the name, the last of which is a noun for a person.
    fn is_noun_before(&self) -> bool {
        let noun = self.name.checked_sub(1).filter(|noun| *noun >= self.first);
        let is_tail = |noun: usize| {
            noun > self.first && self.word(noun - 1) == "-" && COMPOUND_TAILS.has(self.word(noun))
        };
        noun.is_some_and(|noun| self.is_noun(noun) && !is_tail(noun)) && self.is_plain()
    }

    fn is_plain(&self) -> bool {
        (self.first..self.name).all(|token| {
            !is_preposition(self.word(token)) && !matches!(self.word(token), "," | "and" | "(")
        })
    }

    /// True if the head of the phrase is a noun for one person, of whom the name is no complement: "the head of Acme, Ann Lee",
    /// not "an aide of Ann Lee".
    fn is_of_one(&self) -> bool {
        let head_end = (self.first..self.name)
            .find(|token| is_preposition(self.word(*token)) || self.word(*token) == ",")
            .unwrap_or(self.name);
        let has_head = (self.first..head_end).any(|token| self.is_noun(token));
        let says_more = (self.first..self.name).any(|token| {
            matches!(
                self.word(token),
                "who"
                    | "which"
                    | "that"
                    | "whose"
                    | "by"
                    | "whom"
                    | "including"
                    | "like"
                    | "'s"
                    | "’s"
            ) && token >= head_end
        });
        has_head && !says_more && !self.is_complement()
    }

    /// True for the name in "an aide of Mrs. Lee", "her aide and Ann Lee".
    fn is_complement(&self) -> bool {
        let before = (self.first..self.name)
            .rev()
            .map(|token| self.word(token))
            .find(|word| !is_title(word) && *word != "the");
        before.is_none_or(|word| is_preposition(word) || matches!(word, "and" | "or" | "&"))
            || self.layout.tokens[self.name].kind != TokenKind::Word
    }
}

fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "of" | "for"
            | "from"
            | "to"
            | "by"
            | "with"
            | "at"
            | "in"
            | "on"
            | "against"
            | "about"
            | "as"
    )
}
