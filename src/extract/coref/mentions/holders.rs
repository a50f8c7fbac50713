//! Sources that say what somebody is before they name him: "the head of Meride Lines, Vera Lindqvist".

use crate::domain::Span;
use crate::extract::lexicon::lists::{
    BODIES, COMPOUND_TAILS, ROLES, is_people, is_person_noun, is_post_nominal, is_title,
};
use crate::extract::lexicon::nouns::{DOCUMENTS, is_one_of};
use crate::extract::names::is_acronym;
use crate::text::{Layout, TokenKind};

use super::found::{Found, Sort};

/// Maximum length of a phrase that says what somebody is before the name, in tokens.
const MAX_PHRASE: usize = 30;

/// The name of whom a source means that begins with what its bearer is: "CEO of the Meride Council Vera Lindqvist", "Tesla-rival
/// Voltra boss Jin Ho", "writer and broadcaster Daniel James".
pub(super) fn holder_behind(layout: &Layout<'_>, found: &[Found], source: Span) -> Option<Span> {
    let first = layout.token_from(source.start);
    let last = layout.token_from(source.end).min(first + MAX_PHRASE);
    let begin = found.partition_point(|found| found.head.end <= source.start);
    let inside = found[begin..]
        .iter()
        .take_while(|found| found.head.start < source.end)
        .filter(|found| matches!(found.sort, Sort::Name(_)));
    let names: Vec<Span> = inside
        .map(|found| found.head)
        .take_while(|name| layout.token_from(name.start) < last)
        .collect();
    let is_holder = |at: usize| {
        let name = names[at];
        let phrase = Phrase {
            layout,
            first,
            name: layout.token_from(name.start),
        };
        let whole = name.slice(layout.text).contains(' ');
        let is_last = whole && ends_at(layout, name, source);
        (phrase.is_noun_before() && !stands_before_noun(layout, name))
            || (is_last && phrase.is_of_one(&names[..at]))
            || (is_last && phrase.is_named_last(&names[..at]))
    };
    (0..names.len())
        .find(|at| is_holder(*at))
        .map(|at| names[at])
}

/// True for "Taliban" in "Deputy Taliban chief".
fn stands_before_noun(layout: &Layout<'_>, name: Span) -> bool {
    let next = layout.token_from(name.end);
    next < layout.tokens.len() && is_noun_for_one(layout.word(next))
}

fn is_noun_for_one(word: &str) -> bool {
    is_person_noun(word) || ROLES.has(word)
}

/// True if nothing of a source, or nothing but an apposition, follows a name.
fn ends_at(layout: &Layout<'_>, name: Span, source: Span) -> bool {
    let behind = layout.text[name.end..source.end.max(name.end)]
        .trim_start_matches([' ', '’', '\'', '”', '"']);
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

    /// True for a noun for one person, and for letters that are an office: "the Labour MP".
    fn is_noun(&self, token: usize) -> bool {
        let word = self.word(token);
        is_noun_for_one(word) || (is_acronym(word) && is_post_nominal(word))
    }

    /// The last token before the name and its title.
    fn before(&self) -> Option<usize> {
        (self.first..self.name)
            .rev()
            .find(|token| !is_title(self.word(*token)) && !is_mark(self.word(*token)))
    }

    /// True if nothing but nouns and adjectives stands before the name, the last of which is a noun for a person.
    fn is_noun_before(&self) -> bool {
        let noun = (self.first..self.name)
            .rev()
            .find(|token| !is_mark(self.word(*token)));
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
    /// not "an aide of Ann Lee", nor "voters and President Ann Lee". `others` are the names before it.
    fn is_of_one(&self, others: &[Span]) -> bool {
        let head_end = self.head_end();
        let is_one = |token: usize| self.is_noun(token) && !is_people(self.word(token));
        let has_head =
            self.word(self.first).eq_ignore_ascii_case("one") || (self.first..head_end).any(is_one);
        has_head
            && !self.says_more(head_end)
            && !self.is_complement()
            && !self.is_list(self.before().unwrap_or(self.name), others)
    }

    /// Where the words end that say what one is: before a preposition or a relative clause.
    fn head_end(&self) -> usize {
        (self.first..self.name)
            .find(|token| is_preposition(self.word(*token)) || is_relative(self.word(*token)))
            .unwrap_or(self.name)
    }

    /// True if words from `from` on describe somebody else than the name's bearer. What a comma closes may have an owner.
    fn says_more(&self, from: usize) -> bool {
        let is_apposed = self.before().is_some_and(|before| self.word(before) == ",");
        (from..self.name).any(|token| {
            let word = self.word(token);
            let is_owner = matches!(word, "'s" | "’s") && !is_apposed;
            is_owner || is_relative(word) || matches!(word, "by" | "including" | "like")
        })
    }

    /// True if the words right before the name say what one is, or what is said of one ends with a comma, and none of the
    /// names before it, which are `others`, is somebody else's: "Meride Chamber of Trade and Industry President Ann Lee", "the UN
    /// Special Envoy on water, Ann Lee". Not "Ann Lee and President Bo Dam", "the staff and President Bo Dam".
    fn is_named_last(&self, others: &[Span]) -> bool {
        let Some(before) = self.before() else {
            return false;
        };
        let is_comma = self.word(before) == ",";
        let is_noun = self.is_noun(if is_comma {
            before.saturating_sub(1)
        } else {
            before
        });
        let is_said = is_noun || (is_comma && self.is_one());
        is_said
            && !self.is_list(before, others)
            && !self.says_more(self.first)
            && !self.is_addressed()
    }

    /// True if the words up to `end` name somebody else beside.
    fn is_list(&self, end: usize, others: &[Span]) -> bool {
        (self.first..end)
            .filter(|token| matches!(self.word(*token), "and" | "or" | "&" | ","))
            .any(|token| self.is_somebody_before(token, others))
    }

    /// True for people or somebody right before a token.
    fn is_somebody_before(&self, token: usize, others: &[Span]) -> bool {
        let at = self.layout.tokens[token].span.start;
        let name = others
            .iter()
            .map(|name| name.slice(self.layout.text))
            .zip(others)
            .find(|(_, name)| {
                self.layout
                    .text
                    .get(name.end..at)
                    .is_some_and(|gap| gap.trim().is_empty())
            });
        let is_body = |name: &str| name.split(' ').any(|word| BODIES.has(word));
        let is_inside = (self.first + 1..=self.head_end()).contains(&token);
        let is_field = is_inside && is_people(self.word(token - 1));
        is_field
            || name.is_some_and(|(text, name)| !is_body(text) && self.is_first_or_titled(*name))
    }

    /// True for a name that no preposition stands before.
    fn is_first_or_titled(&self, name: Span) -> bool {
        let at = self.layout.token_from(name.start);
        !(self.first..at).any(|token| is_preposition(self.word(token)))
    }

    /// True if the head of the phrase is capitalised and no plural, or a noun for one: "The UN Special Envoy on".
    fn is_one(&self) -> bool {
        let head = (self.first..self.name)
            .find(|token| is_preposition(self.word(*token)) || self.word(*token) == ",")
            .and_then(|end| end.checked_sub(1))
            .filter(|head| *head > self.first);
        head.is_some_and(|head| {
            let word = self.word(head);
            let is_office = word.starts_with(char::is_uppercase)
                && !word.ends_with('s')
                && !BODIES.has(word)
                && !is_one_of(word, DOCUMENTS)
                && is_preposition(self.word(head + 1));
            self.is_noun(head) || is_office
        })
    }

    /// True where the name may be that of whom something is told, or was written to.
    fn is_addressed(&self) -> bool {
        (self.first..self.name).any(|token| {
            is_one_of(self.word(token), DOCUMENTS)
                || matches!(self.word(token), "against" | "about")
        })
    }

    /// True for the name in "an aide of Mrs. Lee", "her aide and Ann Lee".
    fn is_complement(&self) -> bool {
        let before = (self.first..self.name)
            .rev()
            .map(|token| self.word(token))
            .find(|word| !is_title(word) && !word.eq_ignore_ascii_case("the"));
        before.is_none_or(|word| is_preposition(word) || matches!(word, "and" | "or" | "&"))
            || self.layout.tokens[self.name].kind != TokenKind::Word
    }
}

fn is_relative(word: &str) -> bool {
    matches!(word, "who" | "which" | "that" | "whose" | "whom")
}

/// True for a mark around a name: "the emperor 'Constantine the Great'".
fn is_mark(word: &str) -> bool {
    matches!(word, "'" | "‘" | "“" | "\"")
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

#[cfg(test)]
mod tests {
    use super::holder_behind;
    use crate::domain::Span;
    use crate::extract::coref::mentions::finder::found;
    use crate::extract::names::names;
    use crate::text::Layout;

    #[test]
    fn who_is_named_behind_what_they_are_is_meant() {
        let check = |source: &str, expect: &str| {
            let text = format!("Then {source} spoke.");
            let layout = Layout::new(&text, None);
            let found = found(&layout, &names(&layout, &[]), &[]);
            let holder = holder_behind(&layout, &found, Span::new(5, 5 + source.len()));
            let holder = holder.map_or("", |holder| holder.slice(&text));
            assert_eq!(holder, expect, "{source}");
        };
        check("the head of Meride Lines, Vera Dam,", "Vera Dam");
        check("the UN Special Envoy on rare deaths, Vera Dam,", "Vera Dam");
        check(
            "Deputy Tern chief and acting Interior Minister Vera Dam",
            "Vera Dam",
        );
        check("Executive Tern spokesman Vera Dam", "Vera Dam");
        check(
            "the director of the Lemvan Association of Industrialists (LAI), Vera Dam",
            "Vera Dam",
        );
        check(
            "the Roman emperor 'Constantine the Great'",
            "Constantine the Great",
        );
        check(
            "Tern Chamber of Commerce and Industry President Vera Dam",
            "Vera Dam",
        );
        check("one of the authors, Vera Dam,", "Vera Dam");
        check(
            "The director, producer and founder of The Meride Network, Vera Dam,",
            "Vera Dam",
        );
        check(
            "a member of Tern’s council and a former MLA, Vera Dam,",
            "Vera Dam",
        );
        check("the Tern Dal (TD) MP, Vera Dam,", "Vera Dam");
        check("one of the authors, Dr. Vera Dam,", "Vera Dam");
        check("the minister for women and children, Vera Dam,", "Vera Dam");
        check("the company, whose chairman is Vera Dam,", "");
        check("voters, Vera Dam", "");
        check("voters and President Vera Dam", "");
        check("the head of Tern and Roe, Vera Dam", "Vera Dam");
        check(
            "Tern Chamber of Commerce (TCC) Chairman Vera Dam",
            "Vera Dam",
        );
    }
}
