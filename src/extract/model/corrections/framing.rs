//! Whether the words of a claim may hold a claim of somebody else: a word of speech with what links something said to it.
//! To read them again takes time, so it is done only where such a word stands.

use std::ops::Range;

use crate::domain::{ClaimKind, Span};
use crate::extract::lexicon::cues::{Entry, Frames, LEXICON};
use crate::extract::lexicon::nouns::is_one_of;
use crate::text::Layout;

/// Maximum length of a content that is read again, in bytes.
const LONGEST: usize = 4_000;
/// Words after a word of speech that link a clause to it, or a deed, or name who was spoken to.
const CLAUSE_LINKS: &[&str] = &["that", "whether"];
const DEED_LINKS: &[&str] = &["to", "never", "not"];
const SPOKEN_TO: &[&str] = &["me", "us", "him", "her", "them"];
/// Verbs of speech that mostly mean something else.
const OTHERWISE: &[&str] = &[
    "be", "go", "get", "make", "have", "do", "call", "put", "run", "step", "lead", "like", "give",
    "come", "feel", "show", "find", "keep", "hold", "take", "point", "push", "offer", "open",
    "return", "continue", "turn", "start", "break", "read", "sign", "note", "report",
];
/// Verbs of thought that count beside those of speech.
const THOUGHTS: &[&str] = &["believe", "think"];
/// Words before a verb of speech that tell of nothing said by others: "I say", "not to say", "might say".
const UNSAID: &[&str] = &[
    "i", "we", "you", "to", "not", "never", "can", "cannot", "could", "should", "might", "must",
];
/// Ends of "don't", "can't" and the like.
const NEGATED: &[&str] = &["n't", "n’t"];
/// Marks of a quotation.
pub(in crate::extract::model) const MARKS: &[char] =
    &['"', '“', '”', '„', '«', '»', '\'', '‘', '’'];

/// True if a content is short enough and has a word of speech where a claim may stand with it: reading again takes time.
pub(super) fn may_hold_claim(layout: &Layout<'_>, content: Span) -> bool {
    let tokens = layout.token_from(content.start)..layout.token_from(content.end);
    let is_speech = |token: usize| {
        let [before, word] = [token - 1, token].map(|at| layout.word(at));
        let readings = LEXICON.readings(&word.to_lowercase());
        let mut entries = readings.iter().map(|form| LEXICON.entry(*form));
        let is_name = [before, word]
            .iter()
            .all(|word| word.starts_with(char::is_uppercase));
        !is_name
            && !is_one_of(before, UNSAID)
            && !NEGATED.iter().any(|end| before.ends_with(end))
            && entries.any(|entry| tells(entry) && is_framed(layout, token, entry, &tokens))
    };
    content.len() <= LONGEST && tokens.clone().filter(|token| *token > 0).any(is_speech)
}

/// True for a quotation mark, not for "’s".
fn is_mark(word: &str) -> bool {
    word.starts_with(MARKS) && word.chars().count() == 1
}

/// True for a word of speech with what links a clause to it, a quotation, somebody spoken to or, of a verb, a name before it.
fn is_framed(layout: &Layout<'_>, token: usize, entry: &Entry, content: &Range<usize>) -> bool {
    let word = |at: usize| content.contains(&at).then(|| layout.word(at));
    let behind = word(token + 1).unwrap_or_default();
    if entry.frames.has(Frames::NOUN) {
        return is_one_of(behind, &["that", "by"]);
    }
    let is_name = |word: &str| word.starts_with(char::is_uppercase);
    let before = word(token - 1).unwrap_or_default();
    let whole = (token + 1..).zip(&entry.particles);
    if !whole
        .into_iter()
        .all(|(at, particle)| word(at).is_some_and(|word| word.eq_ignore_ascii_case(particle)))
    {
        return false;
    }
    let may_be_told = entry.frames.has(Frames::ADDRESSEE);
    let may_bind = may_be_told || entry.kind == Some(ClaimKind::Commitment);
    is_one_of(behind, CLAUSE_LINKS)
        || before == "as"
        || (may_bind && is_one_of(behind, DEED_LINKS))
        || (may_be_told && (is_one_of(behind, SPOKEN_TO) || is_name(behind)))
        || (is_name(before) && !OTHERWISE.contains(&entry.lemma))
        || (!OTHERWISE.contains(&entry.lemma) && is_beside_quotation(layout, token, content))
}

/// True for a word at most four words from where a quotation ends or begins, with a comma or the like between them or
/// nothing: "‘Leave it,’ the official said", "said to me, ‘Leave it’", not "said it had a “good” year".
fn is_beside_quotation(layout: &Layout<'_>, token: usize, content: &Range<usize>) -> bool {
    let is_mark_at = |at: &usize| content.contains(at) && is_mark(layout.word(*at));
    let is_point = |at: usize| [",", ":", ".", "?", "!"].contains(&layout.word(at));
    let mut before = (token.saturating_sub(4)..token).filter(is_mark_at);
    let mut behind = (token + 1..token + 5).filter(is_mark_at);
    before.any(|at| at > content.start && is_point(at - 1))
        || behind.any(|at| at == token + 1 || is_point(at - 1))
}

/// True for a verb that a quotation may stand beside, or for a noun for what somebody said.
pub(in crate::extract::model) fn tells(entry: &Entry) -> bool {
    let says = matches!(
        entry.kind,
        Some(
            ClaimKind::Assertion | ClaimKind::Denial | ClaimKind::Question | ClaimKind::Commitment
        )
    );
    THOUGHTS.contains(&entry.lemma) || (says && entry.frames.has(Frames::QUOTE | Frames::NOUN))
}

#[cfg(test)]
mod tests {
    use super::may_hold_claim;
    use crate::domain::Span;
    use crate::text::Layout;

    fn check(text: &str, expect: bool) {
        let layout = Layout::new(text, None);
        let held = may_hold_claim(&layout, Span::new(0, text.len()));
        assert_eq!(held, expect, "{text}");
    }

    #[test]
    fn a_word_of_speech_with_what_is_said_may_hold_a_claim() {
        check("Bob Ray denied that the bridge was safe", true);
        check("everyone told me it was over", true);
        check("she said to me, ‘Leave it with us’", true);
        check("‘Leave it,’ the official said", true);
        check("Bob Ray went on to say that it was safe", true);
    }

    #[test]
    fn what_nobody_said_holds_none() {
        check("I do not say that it is safe", false);
        check("we can't say that it is safe", false);
        check("it was made in the United States by hand", false);
        check("he is going to “win big”", false);
        check("the fleet would “point” south, and he agreed", false);
        check("the bridge was safe", false);
    }
}
