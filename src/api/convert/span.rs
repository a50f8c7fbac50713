//! Encoding spans as messages, in the requested unit.

use crate::domain::{Passage, Span};
use crate::proto;
use crate::text::{OffsetMap, TextEncoding};

/// Encodes spans of one text with offsets in the unit that the caller requested.
#[derive(Debug)]
pub struct SpanWriter<'t> {
    offsets: Option<OffsetMap<'t>>,
}

impl<'t> SpanWriter<'t> {
    /// Creates a writer for spans of `text`.
    #[must_use]
    pub fn new(text: &'t str, encoding: TextEncoding) -> Self {
        let offsets = (encoding != TextEncoding::Utf8).then(|| OffsetMap::new(text, encoding));
        Self { offsets }
    }

    /// Creates a writer of byte offsets, which needs no text.
    #[must_use]
    pub const fn bytes() -> Self {
        Self { offsets: None }
    }

    /// Encodes a span with its text.
    #[must_use]
    pub fn passage(&self, passage: &Passage) -> proto::Span {
        proto::Span {
            start: self.offset(passage.span.start),
            end: self.offset(passage.span.end),
            text: passage.text.clone(),
        }
    }

    /// Encodes a span of `text`.
    #[must_use]
    pub fn span(&self, text: &str, span: Span) -> proto::Span {
        self.passage(&Passage::of(text, span))
    }

    /// Encodes spans of `text`.
    #[must_use]
    pub fn spans(&self, text: &str, spans: &[Span]) -> Vec<proto::Span> {
        spans.iter().map(|span| self.span(text, *span)).collect()
    }

    /// Texts are bounded far below 2³¹ bytes, so every offset fits.
    fn offset(&self, byte: usize) -> i32 {
        let offset = self
            .offsets
            .as_ref()
            .map_or(byte, |offsets| offsets.to_encoded(byte));
        i32::try_from(offset).unwrap_or(i32::MAX)
    }
}

impl From<proto::EncodingType> for TextEncoding {
    fn from(encoding: proto::EncodingType) -> Self {
        match encoding {
            proto::EncodingType::Unspecified | proto::EncodingType::Utf8 => Self::Utf8,
            proto::EncodingType::Utf16 => Self::Utf16,
            proto::EncodingType::Utf32 => Self::Utf32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SpanWriter;
    use crate::domain::Span;
    use crate::text::TextEncoding;

    #[test]
    fn offsets_count_in_the_unit_asked_for() {
        let text = "é😀 said";
        let said = Span::new(7, 11);
        for (encoding, start) in [
            (TextEncoding::Utf8, 7),
            (TextEncoding::Utf16, 4),
            (TextEncoding::Utf32, 3),
        ] {
            let span = SpanWriter::new(text, encoding).span(text, said);
            assert_eq!(
                (span.start, span.end, span.text.as_str()),
                (start, start + 4, "said")
            );
        }
    }
}
