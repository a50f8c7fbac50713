//! Quotations as contents: runs over paragraphs, and the pieces before and after an attribution.

use crate::domain::Span;

use super::sheet::Sheet;

/// The quotation that ends right before a token, with or without a comma between.
pub(super) fn quote_before(sheet: &Sheet<'_>, token: usize) -> Option<usize> {
    let last = token.checked_sub(1)?;
    let comma = sheet.layout.word(last) == ",";
    let last = if comma && sheet.quote_of[last].is_none() {
        last.checked_sub(1)?
    } else {
        last
    };
    let quote = sheet.quote_of[last]?;
    let near = sheet.quotes[quote].span.end <= sheet.layout.tokens[token].span.start;
    let same_block = sheet.layout.blocks[sheet.quotes[quote].block].span.end
        >= sheet.layout.tokens[token].span.end;
    (near && same_block && (comma || invites_attribution(sheet, quote))).then_some(quote)
}

/// “…,” or “…?”: the attribution may follow. A full stop ends the sentence before the quotation does.
fn invites_attribution(sheet: &Sheet<'_>, quote: usize) -> bool {
    let inner = sheet.quotes[quote].inner.slice(sheet.layout.text);
    let inner = inner.trim_end_matches(['\'', '’', '"', '”', ' ']);
    inner.ends_with([',', '?', '!', '…', '—', '–', '-']) || inner.ends_with("...")
}

/// The quotation and those of the paragraphs before that it goes on with, in text order.
pub(super) fn run_back(sheet: &Sheet<'_>, quote: usize) -> Vec<usize> {
    let mut first = quote;
    while first > 0 && sheet.quotes[first].continues {
        first -= 1;
    }
    (first..=quote).collect()
}

/// The quotation and those of the next paragraphs that go on with it.
pub(super) fn run_ahead(sheet: &Sheet<'_>, quote: usize) -> Vec<usize> {
    let mut last = quote;
    while sheet
        .quotes
        .get(last + 1)
        .is_some_and(|next| next.continues)
    {
        last += 1;
    }
    (quote..=last).collect()
}

/// The quotation that the sentence after `token` begins with, in the same block.
pub(super) fn quote_ahead(sheet: &Sheet<'_>, token: usize) -> Option<usize> {
    let quote = (*sheet.quote_of.get(token)?)?;
    let starts = sheet.quotes[quote].span.start == sheet.layout.tokens[token].span.start;
    starts.then_some(quote)
}

/// True if a quotation is a sentence of its own: it begins with a capital letter, or runs over paragraphs.
pub(super) fn is_speech(sheet: &Sheet<'_>, quote: usize) -> bool {
    let inner = sheet.quotes[quote].inner.slice(sheet.layout.text);
    let first = inner.chars().find(|c| c.is_alphanumeric());
    first.is_some_and(|c| !c.is_lowercase()) || sheet.quotes[quote].continues
}

/// True if the quotation ends its sentence itself.
pub(super) fn ends_sentence(sheet: &Sheet<'_>, quote: usize) -> bool {
    let inner = sheet.quotes[quote].inner.slice(sheet.layout.text);
    inner
        .trim_end_matches(['\'', '’', ' '])
        .ends_with(['.', '?', '!', '…'])
}

/// The spans of some quotations, marks included.
pub(super) fn spans(sheet: &Sheet<'_>, quotes: &[usize]) -> Vec<Span> {
    quotes
        .iter()
        .map(|quote| sheet.quotes[*quote].span)
        .collect()
}
