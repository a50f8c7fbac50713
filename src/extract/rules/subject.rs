//! The subject of a sentence, for other readers than the engine of rules.

use std::ops::Range;

use crate::domain::Span;
use crate::extract::lexicon::cues::LEXICON;
use crate::text::Layout;

use super::phrases::phrase_ahead;
use super::sheet::Sheet;
use super::subjects::main_subject;
use super::words::Class;

/// The sentences of a text with the classes of their words.
pub(in crate::extract) struct Subjects<'a>(Sheet<'a>);

impl<'a> Subjects<'a> {
    pub fn new(layout: &'a Layout<'a>) -> Self {
        Self(Sheet::new(layout))
    }

    /// The phrase a sentence begins with, or the one after its opening adverbial: "Asked about it, the mayor left."
    pub fn of(&self, sentence: usize) -> Option<Span> {
        let tokens = self.0.layout.sentences[sentence].tokens.clone();
        let subject = match self.opening_end(&tokens) {
            Some(first) => phrase_ahead(&self.0, &tokens, first),
            None => main_subject(&self.0, &tokens, tokens.end),
        };
        subject.map(|subject| self.0.span(subject))
    }

    /// Where the main clause begins after a participle and its comma.
    fn opening_end(&self, tokens: &Range<usize>) -> Option<usize> {
        let first = self.0.lower.get(tokens.start)?;
        if LEXICON.readings(first).is_empty() && !first.ends_with("ing") {
            return None;
        }
        let begins = |token: &usize| {
            self.0.classes[*token] == Class::Comma
                && matches!(
                    self.0.class_in(tokens, token + 1),
                    Class::Name | Class::Determiner | Class::Pronoun
                )
        };
        tokens.clone().find(begins).map(|comma| comma + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Subjects;
    use crate::text::Layout;

    #[test]
    fn the_subject_is_found_behind_an_opening() {
        let check = |text: &str, expect: Option<&str>| {
            let layout = Layout::new(text, None);
            let subject = Subjects::new(&layout).of(0);
            assert_eq!(subject.map(|span| span.slice(text)), expect, "{text}");
        };
        check("Idris Okonjo is angry.", Some("Idris Okonjo"));
        check(
            "Asked whether he feared for his job, the Irishman laughed.",
            Some("the Irishman"),
        );
        check("On Monday, she shrugged.", Some("she"));
    }
}
