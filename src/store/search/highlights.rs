//! Finding where the words of a query occur in a text.

use crate::domain::{Passage, Span};

const BEGIN: char = '\u{2}';
const END: char = '\u{3}';

/// The highlighted words of a passage. Empty if `marked` is not the passage with marks inserted.
pub(super) fn highlights(passage: &Passage, marked: &str) -> Vec<Passage> {
    let spans = marked_spans(&passage.text, marked).unwrap_or_default();
    let within = |span: Span| Passage {
        span: Span::new(
            passage.span.start + span.start,
            passage.span.start + span.end,
        ),
        text: span.slice(&passage.text).to_owned(),
    };
    spans.into_iter().map(within).collect()
}

/// The spans of `text` between the marks of `marked`, which is the text in its searchable form.
fn marked_spans(text: &str, marked: &str) -> Option<Vec<Span>> {
    let mut spans = Vec::new();
    let mut chars = text.chars();
    let mut begin = None;
    for c in marked.chars() {
        let at = text.len() - chars.as_str().len();
        match c {
            BEGIN => begin = Some(at),
            END => spans.push(Span::new(begin.take()?, at)),
            c if searchable(chars.next()?) == c => {}
            _ => return None,
        }
    }
    chars.as_str().is_empty().then_some(spans)
}

/// A character in its searchable form, as in the database's function `searchable`.
const fn searchable(c: char) -> char {
    match c {
        '<' => '‹',
        '>' => '›',
        BEGIN | END => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{highlights, marked_spans, searchable};
    use crate::domain::{Passage, Span};

    #[test]
    fn marks_become_spans_of_the_text() {
        let text = "a <b>é bridge</b>, bridges";
        let marked = "a ‹b›é \u{2}bridge\u{3}‹/b›, \u{2}bridges\u{3}";
        let passage = Passage {
            span: Span::new(100, 100 + text.len()),
            text: text.to_owned(),
        };
        let found = highlights(&passage, marked);
        let words: Vec<&str> = found.iter().map(|found| found.text.as_str()).collect();
        assert_eq!(words, ["bridge", "bridges"]);
        assert_eq!(found[0].span, Span::new(108, 114));
    }

    #[test]
    fn what_is_not_the_text_gives_nothing() {
        for marked in ["a bridg\u{3}e", "a bridges", "a bridg", "another", "a\u{2}"] {
            assert_eq!(marked_spans("a bridge", marked), None, "{marked}");
        }
    }

    proptest! {
        #[test]
        fn any_marks_are_found(words in proptest::collection::vec(("[^\\x02\\x03]{0,4}", any::<bool>()), 0..8)) {
            let (mut text, mut marked, mut spans) = (String::new(), String::new(), Vec::new());
            for (word, is_marked) in words {
                let start = text.len();
                text.push_str(&word);
                let word: String = word.chars().map(searchable).collect();
                if is_marked {
                    marked.extend(["\u{2}", &word, "\u{3}"]);
                    spans.push(Span::new(start, text.len()));
                } else {
                    marked.push_str(&word);
                }
            }
            prop_assert_eq!(marked_spans(&text, &marked), Some(spans));
        }
    }
}
