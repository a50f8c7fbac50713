//! "Ann Lee: mill to close": a headline that names its source before a colon; "LEE: It will close.": a transcript.

use std::ops::Range;

use super::construct::Construct;
use super::found::Found;
use super::words::Class;

/// Maximum length of a source before the colon, in tokens.
const MAX_SOURCE: usize = 7;

/// Reads a headline, or the first sentence of a paragraph in a transcript, where `end` is after the paragraph's last
/// token. A transcript names its speakers in capitals.
pub(super) fn read_sentence(
    found: &mut Found<'_, '_>,
    sentence: &Range<usize>,
    headline: bool,
    end: usize,
) {
    let classes = &found.sheet.classes;
    let most = sentence.end.min(sentence.start + MAX_SOURCE + 1);
    let Some(colon) = (sentence.start..most).find(|token| classes[*token] == Class::Colon) else {
        return;
    };
    let named = classes[sentence.start..colon].iter().all(|class| {
        matches!(
            class,
            Class::Name | Class::Joint | Class::Possessive | Class::Determiner | Class::Number
        )
    });
    let speaker = headline || is_in_capitals(found, sentence.start..colon);
    if named && speaker && colon > sentence.start && colon + 1 < end {
        let content = vec![found.whole(colon + 1..end)];
        found.add(
            Some(sentence.start..colon),
            colon..colon + 1,
            content,
            Construct::Headline,
        );
    }
}

fn is_in_capitals(found: &Found<'_, '_>, tokens: Range<usize>) -> bool {
    let words = || tokens.clone().map(|token| found.sheet.layout.word(token));
    words().any(|word| word.len() > 1) && !words().any(|word| word.contains(char::is_lowercase))
}
