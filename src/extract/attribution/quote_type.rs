//! Direct, indirect or mixed: how many letters of a content stand in quotation marks (Pareti 2015, section 3.2).

use crate::domain::{QuoteType, Span};
use crate::text::Layout;

/// The spans between the outermost quotation marks, in text order.
pub(in crate::extract) fn quoted_spans(layout: &Layout<'_>) -> Vec<Span> {
    layout
        .quotations
        .iter()
        .filter(|quotation| quotation.depth == 0)
        .map(|quotation| quotation.inner)
        .collect()
}

/// The type of a content, given the text's quoted spans.
pub(in crate::extract) fn quote_type(text: &str, quoted: &[Span], content: &[Span]) -> QuoteType {
    let mut inside = false;
    let mut outside = false;
    for span in content {
        let mut at = span.start;
        let first = quoted.partition_point(|quote| quote.end <= span.start);
        for quote in quoted[first..]
            .iter()
            .take_while(|quote| quote.start < span.end)
        {
            outside |= has_letter(text, at, quote.start);
            let end = quote.end.min(span.end);
            inside |= has_letter(text, quote.start.max(span.start), end);
            at = end;
        }
        outside |= has_letter(text, at, span.end);
    }
    match (inside, outside) {
        (true, false) => QuoteType::Direct,
        (true, true) => QuoteType::Mixed,
        (false, _) => QuoteType::Indirect,
    }
}

fn has_letter(text: &str, start: usize, end: usize) -> bool {
    start < end && text[start..end].chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::{Layout, QuoteType, Span, quote_type, quoted_spans};

    #[test]
    fn letters_decide() {
        let check = |text: &str, expect: QuoteType| {
            let layout = Layout::new(text, None);
            let content = [Span::new(0, text.len())];
            assert_eq!(
                quote_type(text, &quoted_spans(&layout), &content),
                expect,
                "{text}"
            );
        };
        check("“It is over,”", QuoteType::Direct);
        check("“It is over.” “Truly.”", QuoteType::Direct);
        check("it was “over”", QuoteType::Mixed);
        check("it was over", QuoteType::Indirect);
        check("", QuoteType::Indirect);
    }
}
