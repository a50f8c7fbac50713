//! Cuts off the words that are not part of a name: titles, ranks, offices and jobs before it,
//! letters and jobs after it.

use std::ops::Range;

use crate::domain::{MAX_NAME_BYTES, Span};
use crate::extract::lexicon::lists::{
    BODIES, COMPOUND_HEADS, FEMALE_TITLES, MALE_TITLES, OFFICE_MODIFIERS, ROLE_SURNAMES, ROLES,
    forename_gender, is_demonym, is_person_noun, is_post_nominal, is_role, is_title,
};
use crate::text::{Layout, TokenKind};

use super::name::{Name, NameKind};
use super::runs::{begins, forename_inside};
use super::shapes::{is_acronym, is_suffix};

/// Titles of anybody, which stand before a name wherever it stands.
const PLAIN: &[&str] = &[
    "Mr", "Mrs", "Ms", "Miss", "Dr", "Sir", "Dame", "Prof", "Smt", "Shri",
];
/// Words that end what an office is for: "Minister of Foreign Affairs".
const FIELDS: &[&str] = &[
    "Affairs",
    "Development",
    "Relations",
    "Resources",
    "Rights",
    "Security",
    "Services",
    "Works",
];
/// A verb at the beginning of a sentence is at least so long: "Praising".
const LEAST_GERUND: usize = 7;

/// The name in a run of tokens of one sentence. `None` if nothing but titles and offices is in it, or too much.
pub(super) fn name_of(
    layout: &Layout<'_>,
    run: Range<usize>,
    sentence: usize,
    kind: Option<NameKind>,
) -> Option<Name> {
    let words = Words {
        layout,
        run: run.clone(),
    };
    let start = words.word_from(words.name_start(sentence));
    let end = words.name_end(start);
    if start >= end || words.is_no_name(start..end) {
        return None;
    }
    let at = |token: usize| layout.tokens[token].span;
    let first = at(start).start + glued_title(layout.word(start));
    let is_title = first > at(run.start).start && !words.begins_with_verb(sentence);
    let title = if is_title {
        let before = layout.text[at(run.start).start..first].trim_end();
        Span::new(at(run.start).start, at(run.start).start + before.len())
    } else {
        Span::new(first, first)
    };
    let span = Span::new(first, at(end - 1).end);
    (span.len() <= MAX_NAME_BYTES).then_some(Name {
        span,
        title,
        sentence,
        kind,
    })
}

/// True for an office or a job of one.
fn is_single(word: &str) -> bool {
    is_role(word)
        && !BODIES.has(word)
        && (ROLES.has(word) || is_person_noun(word) || word.ends_with("-elect"))
}

fn is_office_word(word: &str) -> bool {
    is_role(word) || is_title(word) || OFFICE_MODIFIERS.has(word)
}

fn is_quote(word: &str) -> bool {
    matches!(word, "“" | "”" | "\"" | "‘" | "’" | "'")
}

/// How many bytes of a word are a title that no space follows: "Dr.Lee".
fn glued_title(word: &str) -> usize {
    let stop = word.find('.').map_or(0, |stop| stop + 1);
    let is_glued = stop > 2 && stop < word.len() && is_title(&word[..stop]);
    if is_glued { stop } else { 0 }
}

/// The words of a run.
struct Words<'a> {
    layout: &'a Layout<'a>,
    run: Range<usize>,
}

impl Words<'_> {
    fn word(&self, token: usize) -> &str {
        self.layout.word(token)
    }

    /// The first token from `start` on that is a word.
    fn word_from(&self, start: usize) -> usize {
        (start..self.run.end)
            .find(|token| self.layout.tokens[*token].kind == TokenKind::Word)
            .unwrap_or(self.run.end)
    }

    /// Where the name begins: after the last title or office that has a name after it.
    fn name_start(&self, sentence: usize) -> usize {
        let Range { start, end } = self.run;
        if end - start == 1 {
            return if self.is_office(start) { end } else { start };
        }
        let last = (start..end - 1)
            .rev()
            .find(|token| self.is_office(*token) && self.has_name_behind(*token));
        match last {
            Some(office) => self.behind_office(office + 1),
            None if self.is_all_office() => end,
            None if self.begins_with_verb(sentence) => start + 1,
            None => start,
        }
    }

    /// True for a token that ends a title or an office: "Mrs.", "Speaker", "elect" in "President-elect".
    fn is_office(&self, token: usize) -> bool {
        let word = self.word(token);
        let before = |steps: usize| {
            let first = token.checked_sub(steps).filter(|at| *at >= self.run.start);
            first.map_or("", |at| self.word(at))
        };
        if before(1) == "-" {
            return self.is_compound_office(before(2), token);
        }
        if is_quote(before(1)) || self.is_quoted_behind(token) {
            return false;
        }
        let is_first = token == self.run.start;
        let behind_office = is_office_word(before(1)) || is_demonym(before(1));
        if is_first && self.run.len() == 2 && self.may_be_forename(token) {
            return false;
        }
        if is_title(word) {
            // "Lord Harrow" has a title, "Sikandar Sheikh Raja" none.
            let plain = word.ends_with('.') || PLAIN.contains(&word);
            return (is_first || behind_office || plain) && !self.is_label(token);
        }
        // "Martin Luther King Jr."; "Doctors Without Borders".
        is_single(word)
            && forename_gender(word).is_none()
            && (is_first || behind_office || !ROLE_SURNAMES.has(word))
    }

    /// True for "PC" in "PC World": a rank in capitals is read before a whole name only.
    fn is_label(&self, token: usize) -> bool {
        is_acronym(self.word(token)) && token + 3 > self.run.end
    }

    /// True for a nickname: "“Boy”".
    fn is_quoted_behind(&self, token: usize) -> bool {
        token + 1 < self.run.end && is_quote(self.word(token + 1))
    }

    /// True for "Ex-boxer", "President-elect", "Director-General", "Mum-of-three".
    fn is_compound_office(&self, head: &str, last: usize) -> bool {
        let tail = self.word(last);
        let prefixed = COMPOUND_HEADS.has(head);
        let counted = head == "of" || tail == "of";
        (prefixed && is_role(tail))
            || (is_role(head) && tail.starts_with(char::is_lowercase))
            || (is_role(head) && is_role(tail))
            || counted
    }

    /// True for a title that some have for a forename: "Don Lee", "Earl Roe".
    fn may_be_forename(&self, token: usize) -> bool {
        let word = self.word(token);
        forename_gender(word).is_some() || matches!(word, "Baron" | "Earl" | "Duke" | "Mother")
    }

    /// True where more than "Jr." follows an office, and no body: "House Speaker" names somebody, "Speaker Fund" a
    /// fund.
    fn has_name_behind(&self, office: usize) -> bool {
        let behind = office + 1..self.run.end;
        behind.clone().any(|token| self.is_name_word(token))
            && (self.is_somebody(office)
                || !behind.clone().any(|token| BODIES.has(self.word(token))))
            && self.word(office + 1) != "-"
    }

    /// True for "Dame" in "Dame Ivy Court", whatever her surname means.
    fn is_somebody(&self, title: usize) -> bool {
        PLAIN.contains(&self.word(title).trim_end_matches('.')) && title + 3 == self.run.end
    }

    fn is_name_word(&self, token: usize) -> bool {
        self.layout.tokens[token].kind == TokenKind::Word
            && self.word(token).starts_with(char::is_uppercase)
            && !is_suffix(self.word(token))
            && !is_post_nominal(self.word(token))
    }

    /// Skips "of State" after "Secretary", and "for Human Rights" up to a forename.
    fn behind_office(&self, rest: usize) -> usize {
        let is_of = rest < self.run.end && matches!(self.word(rest), "of" | "for");
        if !is_of {
            return rest;
        }
        let end = self.run.end;
        let forename = forename_inside(self.layout, rest + 1..end);
        let is_field = rest + 3 == end && FIELDS.contains(&self.word(end - 1));
        forename.unwrap_or(if is_field { end } else { (rest + 2).min(end) })
    }

    /// True for "Prime Minister", which names nobody, and not for "Stephen King".
    fn is_all_office(&self) -> bool {
        let last = self.run.end - 1;
        let is_last = is_role(self.word(last)) || is_title(self.word(last));
        let is_surname = ROLE_SURNAMES.has(self.word(last));
        let before = self.word(last - 1);
        is_last
            && !BODIES.has(self.word(last))
            && !(is_surname && !is_office_word(before) && !is_demonym(before))
            && (forename_gender(self.word(self.run.start)).is_none() || self.run.len() > 2)
    }

    /// True for "Praising Vera Lindqvist" at the beginning of a sentence.
    fn begins_with_verb(&self, sentence: usize) -> bool {
        let word = self.word(self.run.start);
        begins(
            self.layout,
            self.layout.sentences[sentence].tokens.start,
            self.run.start,
        ) && self.run.len() > 2
            && word.len() >= LEAST_GERUND
            && word.ends_with("ing")
            && forename_gender(word).is_none()
            && !self.run.clone().any(|token| BODIES.has(self.word(token)))
    }

    /// Where the name ends: before letters, and before an office, that follow it.
    fn name_end(&self, start: usize) -> usize {
        let mut end = self.run.end;
        while end > start + 1 && is_post_nominal(self.word(end - 1)) {
            end -= 1;
        }
        let word = self.word(end.saturating_sub(1).max(self.run.start));
        let is_office = end > start + 2
            && is_role(word)
            && !ROLE_SURNAMES.has(word)
            && !(start..end).any(|token| BODIES.has(self.word(token)));
        if is_office && self.word(end - 2) != "-" {
            end -= 1;
        }
        while end > start + 1 && self.is_loose(end - 1) {
            end -= 1;
        }
        end
    }

    /// True for what ends no name: a mark, "of", "and".
    fn is_loose(&self, token: usize) -> bool {
        self.layout.tokens[token].kind != TokenKind::Word
            || matches!(self.word(token), "of" | "for" | "and" | "the")
    }

    /// True for "Russian", and for a lone "CEO" or "Irishman".
    fn is_no_name(&self, name: Range<usize>) -> bool {
        let lone = name.len() == 1;
        let word = self.word(name.start);
        let is_noun = lone && is_person_noun(word) && !ROLE_SURNAMES.has(word);
        let is_office = name.start > self.run.start && is_office_word(self.word(name.start - 1));
        name.clone().all(|token| is_demonym(self.word(token)))
            || (is_noun && (is_acronym(word) || self.run.len() == 1 || is_office))
            || (lone
                && self.run.len() == 1
                && [&MALE_TITLES, &FEMALE_TITLES]
                    .iter()
                    .any(|list| list.has(word)))
    }
}

#[cfg(test)]
mod tests {
    use super::name_of;
    use crate::text::Layout;

    #[test]
    fn what_is_no_name_is_cut_off() {
        // All of the words are taken for a name.
        let check = |words: &str, title: &str, name: &str| {
            let text = format!("{words} left.");
            let layout = Layout::new(&text, None);
            let found = name_of(&layout, 0..layout.token_from(words.len()), 0, None);
            let found = found.map(|found| (found.title.slice(&text), found.span.slice(&text)));
            assert_eq!(found.unwrap_or_default(), (title, name), "{words}");
        };
        check("Smt. Rekha Devi", "Smt.", "Rekha Devi");
        check("Md. Karim Uddin", "", "Md. Karim Uddin");
        check("Dr. Ma. Teresa Cruz", "Dr.", "Ma. Teresa Cruz");
        check("Dr.Franklin Chang", "Dr.", "Franklin Chang");
        check("Pensioner Ron Ellis", "Pensioner", "Ron Ellis");
        check("Defender Ida Falk", "Defender", "Ida Falk");
        check("PC Amy Lowe", "PC", "Amy Lowe");
        check("PC World", "", "PC World");
        check(
            "U.S. President-elect Trump",
            "U.S. President-elect",
            "Trump",
        );
        check("Ex-boxer Sid Payne", "Ex-boxer", "Sid Payne");
        check("Mum-of-three Jane Doe", "Mum-of-three", "Jane Doe");
        check("Tom Reid KC", "", "Tom Reid");
        check("Thandi King", "", "Thandi King");
        check("Martin Luther King Jr.", "", "Martin Luther King Jr.");
        check("Dame Ivy Court", "Dame", "Ivy Court");
        check("Rogelio “Boy” Mana", "", "Rogelio “Boy” Mana");
        check("Doctors Without Borders", "", "Doctors Without Borders");
        check("Praising Kamala Harris", "", "Kamala Harris");
        check("Sohel Sultan Nain Kabir", "", "Sohel Sultan Nain Kabir");
        check("Prime Minister", "", "");
        check("Minister of Foreign Affairs", "", "");
        check("Secretary for Culture", "", "");
        check("Meride Chief Executive Officer", "", "");
        check(
            "Commissioner for Human Rights Ann Dam",
            "Commissioner for Human Rights",
            "Ann Dam",
        );
        check("Lama Zakaria", "", "Lama Zakaria");
        check("Sheikh Hamad Odom", "Sheikh", "Hamad Odom");
        check("Shahinur Sheikh", "", "Shahinur Sheikh");
        check("Mojahar Ali Sheikh", "", "Mojahar Ali Sheikh");
        check("Civil Defense Authority", "", "Civil Defense Authority");
    }
}
