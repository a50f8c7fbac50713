//! The sentences around words.

use super::blocks::blocks;
use super::markup::Plain;
use super::sentences::sentences;
use crate::domain::Span;

/// How far from the words a context reaches, in bytes: what is no prose may have a sentence of any length.
const REACH: usize = 2_000;

/// Where words stand: the sentences that hold them, and the ones beside these. A sentence is cut where it is more than 2,000
/// bytes away from the words or, if it stands beside theirs, longer than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The sentence before, unless the text begins with them.
    pub before: Option<Span>,
    /// From the beginning of the sentence in which the words begin to the end of that in which they end.
    pub sentences: Span,
    /// The sentence after, unless the text ends with them.
    pub after: Option<Span>,
}

/// The sentences of a text, as spans of the text as received.
#[derive(Debug)]
pub struct Sentences<'t> {
    text: &'t str,
    all: Vec<Span>,
}

impl<'t> Sentences<'t> {
    /// Finds the sentences of `text`. Linear in its length.
    #[must_use]
    pub fn of(text: &'t str) -> Self {
        let all = match Plain::of(text) {
            None => in_blocks(text),
            Some(plain) => {
                let found = in_blocks(&plain.text).into_iter();
                found.map(|span| plain.received(span)).collect()
            }
        };
        Self { text, all }
    }

    /// Returns the context of words; `None` where they are in no sentence.
    #[must_use]
    pub fn around(&self, words: Span) -> Option<Context> {
        let Self { text, all } = self;
        let first = all.partition_point(|one| one.end <= words.start);
        let end = all.partition_point(|one| one.start < words.end);
        let last = end.checked_sub(1).filter(|last| first <= *last)?;
        let before = first.checked_sub(1).map(|before| all[before]);
        let from = text.ceil_char_boundary(words.start.saturating_sub(REACH));
        let to = text.floor_char_boundary(words.end.saturating_add(REACH));
        Some(Context {
            before: before.map(|one| {
                let from = text.ceil_char_boundary(one.end.saturating_sub(REACH));
                Span::new(one.start.max(from), one.end)
            }),
            sentences: Span::new(all[first].start.max(from), all[last].end.min(to)),
            after: all.get(end).map(|one| {
                let to = text.floor_char_boundary(one.start.saturating_add(REACH));
                Span::new(one.start, one.end.min(to))
            }),
        })
    }
}

fn in_blocks(text: &str) -> Vec<Span> {
    let blocks = blocks(text, None);
    let spans = blocks.iter().flat_map(|block| sentences(text, block.span));
    spans.collect()
}

#[cfg(test)]
mod tests {
    use super::{Sentences, Span};

    const TEXT: &str = "It rained. The bridge held, Ann Lee said. She left.\n\n“It is closed. It stays closed,” said Bo.";

    fn check(text: &str, words: &str, expect: Option<[&str; 3]>) {
        let start = text.find(words).unwrap();
        let found = Sentences::of(text).around(Span::new(start, start + words.len()));
        let found = found.map(|found| {
            let beside = |one: Option<Span>| one.map_or("", |span| span.slice(text));
            [
                beside(found.before),
                found.sentences.slice(text),
                beside(found.after),
            ]
        });
        assert_eq!(found, expect, "{words}");
    }

    #[test]
    fn words_stand_between_the_sentences_beside_theirs() {
        let lee = "The bridge held, Ann Lee said.";
        check(TEXT, "bridge held", Some(["It rained.", lee, "She left."]));
        check(TEXT, "It rained", Some(["", "It rained.", lee]));
        let bo = "“It is closed. It stays closed,” said Bo.";
        check(TEXT, "closed. It stays", Some(["She left.", bo, ""]));
        check(TEXT, "She", Some([lee, "She left.", "“It is closed."]));
    }

    #[test]
    fn markup_is_no_sentence_and_offsets_are_those_of_the_text_as_received() {
        let text = "<p>It&nbsp;rained.</p><p>Ann <b>Lee</b> said so.</p><p>She left.</p>";
        let expect = ["It&nbsp;rained.", "Ann <b>Lee</b> said so.", "She left."];
        check(text, "Lee", Some(expect));
    }

    #[test]
    fn a_sentence_without_end_is_cut_between_characters() {
        let text = format!("{0} Lee. E{0}", "é".repeat(3_000));
        let start = text.find("Lee").unwrap();
        let found = Sentences::of(&text).around(Span::new(start, start + 3));
        let found = found.unwrap();
        assert_eq!(found.sentences, Span::new(start - 1_999, start + 4));
        assert_eq!(found.after.map(Span::len), Some(1_999));
        assert_eq!(found.before, None);
    }

    #[test]
    fn where_there_is_no_sentence_there_is_no_context() {
        check("One.   ", "  ", None);
    }
}
