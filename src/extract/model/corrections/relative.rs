//! Relative clauses between commas: in "The pier, which Ann Lee says is unsafe, will open" she says that it is unsafe, and
//! not that it will open.

use crate::domain::Span;
use crate::extract::lexicon::nouns::is_one_of;
use crate::text::Layout;

use crate::extract::model::reading::Reading;

const RELATIVES: &[&str] = &["which", "who", "whom", "whose", "where"];
/// Verbs with which the main clause goes on after the relative one.
const GOES_ON: &[&str] = &[
    "will", "would", "is", "was", "are", "were", "has", "have", "had", "can", "could", "may",
    "might", "must", "should", "did", "does", "do", "shall", "cannot", "won't", "isn't", "wasn't",
    "opened", "opens", "went", "came", "began", "took", "made", "left", "fell", "rose", "got",
    "gave", "said", "says", "died", "won", "lost", "stands", "remains", "became",
];

/// Ends contents where their relative clause does.
pub(in crate::extract::model) fn settle(layout: &Layout<'_>, readings: &mut [Reading]) {
    for reading in readings
        .iter_mut()
        .filter(|reading| begins_with_relative(layout, reading))
    {
        for piece in &mut reading.content {
            if let Some(end) = clause_end(layout, *piece) {
                piece.end = end;
            }
        }
    }
}

/// True if the content begins with a relative word after a comma.
fn begins_with_relative(layout: &Layout<'_>, reading: &Reading) -> bool {
    let Some(first) = reading.content.first() else {
        return false;
    };
    let token = layout.token_from(first.start);
    let is_relative = token < layout.tokens.len() && is_one_of(layout.word(token), RELATIVES);
    is_relative && token > 0 && layout.word(token - 1) == ","
}

/// Where a comma and a verb after it show that a relative clause is over inside `piece`.
fn clause_end(layout: &Layout<'_>, piece: Span) -> Option<usize> {
    let tokens = layout.token_from(piece.start)..layout.token_from(piece.end);
    let mut commas = tokens
        .clone()
        .skip(1)
        .filter(|token| layout.word(*token) == ",");
    let comma = commas.find(|comma| {
        let next = comma + 1;
        tokens.contains(&next)
            && (is_one_of(layout.word(next), GOES_ON) || is_past(layout.word(next)))
    })?;
    Some(layout.tokens[comma - 1].span.end)
}

fn is_past(word: &str) -> bool {
    word.len() > 4 && word.ends_with("ed") && word.starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::settle;
    use crate::domain::Span;
    use crate::extract::model::reading::Reading;
    use crate::text::Layout;

    /// The content as the model reads it, and what is left of its last piece.
    fn check(text: &str, content: &[&str], expect: &str) {
        let at = |words: &&str| {
            let start = text.find(*words).unwrap();
            Span::new(start, start + words.len())
        };
        let mut reading = Reading::as_printed(Span::new(0, 3), Span::new(0, 3), Span::new(0, 3));
        reading.content = content.iter().map(at).collect();
        let mut readings = [reading];
        settle(&Layout::new(text, None), &mut readings);
        assert_eq!(
            readings[0].content.last().unwrap().slice(text),
            expect,
            "{text}"
        );
    }

    #[test]
    fn the_main_clause_is_not_said() {
        check(
            "The pier, which Ann Lee says is unsafe, will open in May.",
            &["which", "is unsafe, will open in May"],
            "is unsafe",
        );
        check(
            "The minister, who Chinedu Okafor said was corrupt, resigned on Monday.",
            &["who", "was corrupt, resigned on Monday"],
            "was corrupt",
        );
        check(
            "The dam, which Linh Tran says is old, ugly, and unsafe, was closed.",
            &["which", "is old, ugly, and unsafe, was closed"],
            "is old, ugly, and unsafe",
        );
    }

    #[test]
    fn lists_and_other_contents_stay() {
        check(
            "The pier, which Ann Lee says is unsafe, dirty and old.",
            &["which", "is unsafe, dirty and old"],
            "is unsafe, dirty and old",
        );
        check(
            "Ann Lee says the pier is old, was mended",
            &["the pier is old, was mended"],
            "the pier is old, was mended",
        );
    }
}
