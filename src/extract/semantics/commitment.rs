//! How far the holder of a claim is committed to an event in it: certainty and polarity, by rules (FactBank, Saurí and
//! Pustejovsky 2009; the rules follow Nairn, Condoravdi and Karttunen 2006).

use crate::domain::{Commitment, Span};
use crate::text::Layout;

use super::clause::governors::value;
use super::clause::words::Clause;

/// What a content by itself commits to, and the word that makes it other than a bare statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) struct Stated {
    pub commitment: Commitment,
    pub cause: Option<Span>,
}

impl Stated {
    /// A bare statement.
    pub const PLAIN: Self = Self {
        commitment: Commitment::STATED,
        cause: None,
    };
}

/// The commitment to the event whose word is `event`, as far as the words of `bounds` in its sentence tell.
#[must_use]
pub(in crate::extract) fn commitment(layout: &Layout<'_>, event: Span, bounds: Span) -> Stated {
    let Some(clause) = Clause::around(layout, event, bounds) else {
        return Stated::PLAIN;
    };
    let value = value(&clause, clause.event);
    Stated {
        commitment: value.commitment(),
        cause: value
            .cause
            .and_then(|at| layout.tokens.get(clause.first + at))
            .map(|token| token.span),
    }
}

/// The commitment of a text's author to the event whose word is `event`, by all the words of its sentence.
#[must_use]
pub fn commitment_to(layout: &Layout<'_>, event: Span) -> Commitment {
    commitment(layout, event, Span::new(0, layout.text.len())).commitment
}

#[cfg(test)]
mod tests {
    use super::{Layout, Span, commitment};

    /// The factuality of the word between asterisks.
    fn factuality(marked: &str) -> i32 {
        let mut parts = marked.split('*');
        let (before, event) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let text = marked.replace('*', "");
        let layout = Layout::new(&text, None);
        let span = Span::new(before.len(), before.len() + event.len());
        commitment(&layout, span, Span::new(0, text.len()))
            .commitment
            .factuality()
    }

    fn check(cases: &[(&str, i32)]) {
        for (text, expect) in cases {
            assert_eq!(factuality(text), *expect, "{text}");
        }
    }

    #[test]
    fn bare_statements_are_certain() {
        check(&[
            ("The ferry *sank* on Monday.", 3),
            ("The ferry did not *sink*.", -3),
            ("The ferry will *sail* at noon.", 3),
            ("Not only did the ferry *sink*.", 3),
            ("No ferries were *harmed*.", -3),
            ("The harbour *is* not safe.", -3),
        ]);
    }

    #[test]
    fn modals_and_negations_combine() {
        check(&[
            ("The ferry may *sail*.", 1),
            ("The ferry may not *sail*.", -1),
            ("The ferry cannot *sail*.", -3),
            ("The ferry could not *sail*.", -3),
            ("The ferry will probably *sail*.", 2),
            ("The ferry no longer *sails*.", -3),
        ]);
    }

    #[test]
    fn implicatives_pass_their_signature_on() {
        check(&[
            ("The crew managed to *leave*.", 3),
            ("The crew did not manage to *leave*.", -3),
            ("The crew failed to *leave*.", -3),
            ("The crew did not fail to *leave*.", 3),
            ("The crew refused to *leave*.", -3),
            ("They may have failed to *leave*.", -1),
        ]);
    }

    #[test]
    fn attitudes_decide_the_clause_below_them() {
        check(&[
            ("She believes that the ferry *sank*.", 2),
            ("She does not know that the ferry *sank*.", 3),
            ("She suspects the ferry has *sunk*.", 1),
            ("She doubts that the ferry *sank*.", -2),
            ("It is not certain that the ferry *sank*.", 0),
            ("It is unlikely that the ferry will *sail*.", -2),
        ]);
    }

    #[test]
    fn wishes_conditions_and_questions_leave_it_open() {
        check(&[
            ("The crew wants to *leave*.", 0),
            ("She asked the crew to *leave*.", 0),
            ("If the ferry *sails*, we are saved.", 0),
            ("Nobody knows whether the ferry has *sailed*.", 0),
            ("Has the ferry *sailed*?", 0),
            ("Hopes of *rescue* are fading.", 0),
        ]);
    }

    #[test]
    fn the_word_that_decides_is_told() {
        for (text, event, cause) in [
            ("The ferry may not sail.", "sail", Some("may")),
            ("The ferry did not sink.", "sink", Some("not")),
            ("The crew failed to leave.", "leave", Some("failed")),
            ("They may have failed to leave.", "leave", Some("may")),
            ("If the ferry sails, we are saved.", "sails", Some("If")),
            ("The ferry sank on Monday.", "sank", None),
        ] {
            let layout = Layout::new(text, None);
            let at = text.find(event).unwrap();
            let event = Span::new(at, at + event.len());
            let stated = commitment(&layout, event, Span::new(0, text.len()));
            let found = stated.cause.map(|span| span.slice(text));
            assert_eq!(found, cause, "{text}");
        }
    }

    #[test]
    fn what_stands_outside_of_the_bounds_tells_nothing() {
        let text = "The ferry may sail.";
        let layout = Layout::new(text, None);
        let narrow = commitment(&layout, Span::new(14, 18), Span::new(14, 18));
        assert_eq!(narrow.commitment.factuality(), 3);
    }

    #[test]
    fn strange_texts_have_a_commitment() {
        for text in [
            "",
            "to",
            "not",
            "’t",
            "n't",
            "no no no",
            "that that",
            "👩‍👩‍👧 may",
            "?",
        ] {
            let layout = Layout::new(text, None);
            for token in &layout.tokens {
                let stated = commitment(&layout, token.span, Span::new(0, text.len()));
                assert!(stated.commitment.is_consistent(), "{text}");
            }
            let _ = commitment(&layout, Span::new(0, 0), Span::new(0, 0));
        }
        let text = "may not to want that ".repeat(5_000);
        let layout = Layout::new(&text, None);
        for token in &layout.tokens {
            let _ = commitment(&layout, token.span, Span::new(0, text.len()));
        }
    }
}
