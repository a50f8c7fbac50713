//! Attributions whose cue is a verb.

use std::ops::Range;

use crate::extract::lexicon::cues::Frames;

use super::content::content_start;
use super::found::Found;
use super::phrases::{phrase_ahead, phrase_with_apposition, with_apposition_ahead};
use super::quoted::quote_before;
use super::sheet::Sheet;
use super::subjects::{participle_subject, subject_before};
use super::verbs::{VerbGroup, Voice, verb_group};
use super::words::Class;

/// Reads one sentence, verb by verb.
pub(super) fn read_sentence(found: &mut Found<'_, '_>, sentence: Range<usize>, headline: bool) {
    let sheet = found.sheet;
    let mut last_subject: Option<Range<usize>> = None;
    let mut at = sentence.start;
    while at < sentence.end {
        let Some(group) = verb_group(sheet, &sentence, at, headline) else {
            at += 1;
            continue;
        };
        at = group.tokens.end;
        let verb = Verb {
            sheet,
            sentence: &sentence,
            group: &group,
        };
        let subject = verb.subject(last_subject.as_ref());
        match group.voice {
            Voice::Passive => verb.read_passive(found),
            Voice::Addressed => verb.read_addressed(found),
            Voice::Active | Voice::Participle => verb.read_active(found, subject.as_ref()),
        }
        if group.voice == Voice::Active {
            last_subject = subject.map(|subject| subject.tokens).or(last_subject);
        }
    }
}

/// The source of a verb and on which side it stands.
pub(super) struct Subject {
    pub tokens: Range<usize>,
    pub inverted: bool,
}

/// One verb group in its sentence.
pub(super) struct Verb<'s, 'a> {
    pub sheet: &'s Sheet<'a>,
    pub sentence: &'s Range<usize>,
    pub group: &'s VerbGroup,
}

impl Verb<'_, '_> {
    fn subject(&self, last: Option<&Range<usize>>) -> Option<Subject> {
        let (sheet, sentence, group) = (self.sheet, self.sentence, self.group);
        if self.may_invert()
            && let Some(phrase) = phrase_ahead(sheet, sentence, group.tokens.end)
        {
            let tokens = with_apposition_ahead(sheet, sentence, phrase);
            return Some(Subject {
                tokens,
                inverted: true,
            });
        }
        let before = match group.voice {
            Voice::Participle => participle_subject(sheet, sentence, group.tokens.start, last),
            _ => subject_before(sheet, sentence, group.tokens.start, last),
        };
        before.map(|tokens| Subject {
            tokens,
            inverted: false,
        })
    }

    /// “…,” said Ann Lee: a quotation or comma before the verb and a name or noun right after it.
    fn may_invert(&self) -> bool {
        let group = self.group;
        if group.voice != Voice::Active
            || !group.entry.frames.has(Frames::QUOTE)
            || group.tokens.len() > 1
        {
            return false;
        }
        let behind = self.sheet.class_in(self.sentence, group.tokens.end);
        let source = matches!(
            behind,
            Class::Name | Class::Determiner | Class::Word | Class::Pronoun | Class::Number
        );
        source && (quote_before(self.sheet, group.tokens.start).is_some() || self.is_tail())
    }

    /// …, said Ann Lee. The comma stands before the verb, and after the source the sentence ends.
    fn is_tail(&self) -> bool {
        let comma = self.group.tokens.start.checked_sub(1);
        let after_comma =
            comma.is_some_and(|comma| self.sheet.class_in(self.sentence, comma) == Class::Comma);
        let own = comma.and_then(|comma| phrase_with_apposition(self.sheet, self.sentence, comma));
        after_comma
            && own.is_none()
            && phrase_ahead(self.sheet, self.sentence, self.group.tokens.end).is_some_and(
                |phrase| {
                    let whole = with_apposition_ahead(self.sheet, self.sentence, phrase);
                    matches!(
                        self.sheet.class_in(self.sentence, whole.end),
                        Class::Stop | Class::Other
                    )
                },
            )
    }

    fn read_active(&self, found: &mut Found<'_, '_>, subject: Option<&Subject>) {
        let Some(subject) = subject else { return };
        let start = if subject.inverted {
            self.group.tokens.start
        } else {
            subject.tokens.start.min(self.group.tokens.start)
        };
        let end = if subject.inverted {
            subject.tokens.end
        } else {
            self.group.tokens.end
        };
        let quotes = self.group.entry.frames.has(Frames::QUOTE);
        let adjacent = subject.inverted || self.is_adjacent(&subject.tokens);
        let from = content_start(self.sheet, self.sentence, self.group, end);
        if quotes && adjacent && self.group.voice == Voice::Active {
            let quote =
                quote_before(self.sheet, start).filter(|quote| !self.is_title_before(*quote, from));
            if let Some(quote) = quote {
                return self.read_quote_first(found, subject, quote, end);
            }
        }
        if let Some(end) = self
            .parenthesis_end(start, from)
            .filter(|_| quotes && adjacent)
        {
            return self.read_clause_first(found, subject, start, end);
        }
        self.read_content_behind(found, subject, from);
    }

    /// True if nothing but a comma or an adverbial of time stands between the source and the verb.
    fn is_adjacent(&self, source: &Range<usize>) -> bool {
        let gap = source.end..self.group.tokens.start;
        gap.len() <= 4
            && source.end <= gap.end
            && self.sheet.classes[gap].iter().all(|class| {
                matches!(
                    class,
                    Class::Comma | Class::Time | Class::Number | Class::Preposition
                )
            })
    }

    /// On “Morning Hour,” she said it rained: a quotation inside the sentence, and the content after the verb.
    fn is_title_before(&self, quote: usize, from: usize) -> bool {
        let first = self
            .sheet
            .layout
            .token_from(self.sheet.quotes[quote].span.start);
        match self.sheet.class_in(self.sentence, from) {
            Class::That => true,
            Class::Pronoun | Class::Name | Class::Determiner => {
                first > self.sentence.start && self.sentence.contains(&first)
            }
            _ => false,
        }
    }
}
