//! What the model is shown of a text: wordpieces, and beside each what the uncased pieces leave out.
//!
//! Training reads exactly this, through `onrecord features`, so that training and serving cannot differ.

use std::ops::Range;

use crate::domain::{BlockKind, Span};
use crate::text::{Layout, Quotation};

use super::units::{Unit, units};
use super::wordpiece::VOCABULARY;

/// Number of values of [`Features::case`].
pub(in crate::extract::model) const CASES: usize = 6;
/// Number of values of [`Features::quote`].
pub(in crate::extract::model) const QUOTES: usize = 6;
/// Number of values of [`Features::place`].
pub(in crate::extract::model) const PLACES: usize = 14;

/// The pieces of a text with their features, one entry a piece.
#[derive(Debug, Default)]
pub struct Features {
    /// Vocabulary ids.
    pub ids: Vec<u16>,
    /// Letter case of the token the piece belongs to.
    pub case: Vec<u8>,
    /// Where the token stands to the quotation marks around it.
    pub quote: Vec<u8>,
    /// The kind of the token's block, and whether the token opens it.
    pub place: Vec<u8>,
    /// The first piece of each token, and one entry more: the number of pieces.
    pub starts: Vec<usize>,
    /// The stretches that are read in one piece: whole blocks, or parts of blocks too long for a window.
    pub units: Vec<Unit>,
}

impl Features {
    /// The features of a text.
    #[must_use]
    pub fn new(layout: &Layout<'_>) -> Self {
        let mut features = Self::default();
        let quotes = quotes(layout);
        for sentence in &layout.sentences {
            let block = layout.blocks[sentence.block];
            for token in sentence.tokens.clone() {
                let word = layout.word(token);
                features.starts.push(features.ids.len());
                VOCABULARY.append_pieces(word, &mut features.ids);
                let opens = layout.tokens[token].span.start == block.span.start;
                let pieces = features.ids.len();
                features.case.resize(pieces, case(word));
                features.quote.resize(pieces, quotes[token]);
                features.place.resize(pieces, place(block.kind, opens));
            }
        }
        features.starts.push(features.ids.len());
        features.units = units(layout, &features.starts);
        features
    }

    /// The pieces of a range of tokens.
    #[must_use]
    pub fn pieces(&self, tokens: &Range<usize>) -> Range<usize> {
        self.starts[tokens.start]..self.starts[tokens.end]
    }
}

/// 0 nothing but marks, 1 digits, 2 lower case, 3 a capital first, 4 capitals, 5 mixed.
fn case(word: &str) -> u8 {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else {
        return u8::from(word.chars().any(char::is_numeric));
    };
    let (mut upper, mut other) = (0, 0);
    for letter in letters {
        if letter.is_uppercase() {
            upper += 1;
        } else {
            other += 1;
        }
    }
    match (first.is_uppercase(), upper, other) {
        (false, 0, _) => 2,
        (true, 0, _) => 3,
        (true, _, 0) => 4,
        _ => 5,
    }
}

/// Two values for each kind of block: in it, and opening it.
fn place(kind: BlockKind, opens: bool) -> u8 {
    let kind = match kind {
        BlockKind::Title => 0,
        BlockKind::Heading => 1,
        BlockKind::Byline => 2,
        BlockKind::Dateline => 3,
        BlockKind::Paragraph => 4,
        BlockKind::ListItem => 5,
        BlockKind::Caption => 6,
    };
    2 * kind + u8::from(opens)
}

/// For each token: 0 outside quotation marks, 1 inside, 2 an opening mark, 3 a closing one, 4 inside a quotation in a
/// quotation, 5 after a mark that nothing closes.
fn quotes(layout: &Layout<'_>) -> Vec<u8> {
    let mut open: Vec<&Quotation> = Vec::new();
    let mut next = layout.quotations.iter().peekable();
    let state = |span: Span, open: &[&Quotation]| match open.last() {
        None => 0,
        Some(quotation) if span.start < quotation.inner.start => 2,
        Some(quotation) if span.start >= quotation.inner.end => 3,
        Some(quotation) if quotation.depth > 0 => 4,
        Some(quotation) if quotation.closing == crate::text::Closing::Missing => 5,
        Some(_) => 1,
    };
    let mut states = Vec::with_capacity(layout.tokens.len());
    for token in &layout.tokens {
        open.retain(|quotation| quotation.span.end > token.span.start);
        while let Some(quotation) =
            next.next_if(|quotation| quotation.span.start <= token.span.start)
        {
            if quotation.span.end > token.span.start {
                open.push(quotation);
            }
        }
        states.push(state(token.span, &open));
    }
    states
}

#[cfg(test)]
mod tests {
    use super::{Features, case};
    use crate::text::Layout;

    #[test]
    fn case_is_told_by_the_letters() {
        for (word, expect) in [
            ("“", 0),
            ("12", 1),
            ("said", 2),
            ("2nd", 2),
            ("Lee", 3),
            ("I", 3),
            ("U.S.", 4),
            ("McKay", 5),
            ("iPhone", 5),
        ] {
            assert_eq!(case(word), expect, "{word}");
        }
    }

    fn quotes(text: &str) -> String {
        let features = Features::new(&Layout::new(text, None));
        let firsts = features.starts[..features.starts.len() - 1].iter();
        firsts
            .map(|first| features.quote[*first].to_string())
            .collect()
    }

    #[test]
    fn every_token_knows_its_quotation() {
        assert_eq!(quotes("“Yes,” she said."), "2113000");
        assert_eq!(quotes("“He said ‘no’ to me,” she said."), "2112431113000");
        assert_eq!(quotes("She said: “One two"), "000255");
    }

    #[test]
    fn every_piece_has_its_features() {
        let features = Features::new(&Layout::new("Vera Lindqvist said so.", None));
        assert_eq!(features.starts, [0, 1, 4, 5, 6, 7]);
        assert_eq!(features.case, [3, 3, 3, 3, 2, 2, 0]);
        assert_eq!(features.place, [9, 8, 8, 8, 8, 8, 8]);
    }
}
