//! The main event of a content, by shallow cues: auxiliaries, the shape of verbs, short word lists. Nothing here knows
//! parts of speech; what cannot be told is left to the head of the first noun phrase.

use crate::domain::Span;
use crate::text::{Layout, TokenKind};

use super::clause::group::{is_adverb, is_auxiliary};
use super::predicates::{Frame, predicate};

/// How many tokens are looked at.
const REACH: usize = 40;

/// Words a content may begin with before its own clause begins.
const OPENERS: &[&str] = &[
    "that", "whether", "and", "but", "so", "yes", "well", "because", "why", "how",
];
/// Words that begin a clause which is not the main one and ends at a comma.
const SUBORDINATORS: &[&str] = &[
    "if", "when", "while", "although", "though", "since", "after", "before", "as", "unless", "once",
];
/// Words after which the verb belongs to a relative clause.
const RELATIVES: &[&str] = &["who", "which", "that", "whose", "where"];
/// Subjects that are one word long: what follows is the verb.
const PRONOUNS: &[&str] = &[
    "i",
    "you",
    "he",
    "she",
    "it",
    "we",
    "they",
    "this",
    "there",
    "who",
    "everyone",
    "nobody",
    "everybody",
    "someone",
    "what",
];
/// Words before a noun.
const DETERMINERS: &[&str] = &[
    "a", "an", "the", "its", "his", "her", "their", "our", "my", "your", "this", "these", "those",
    "no", "any", "some", "every", "all",
];
/// Words that end a noun phrase, and that no verb follows.
const PREPOSITIONS: &[&str] = &[
    "of", "in", "on", "at", "by", "for", "from", "with", "to", "into", "over", "under", "against",
    "about", "during", "between", "among", "through", "despite", "before", "after", "within",
    "like", "than", "as", "and", "or", "but", "who", "which", "that", "because", "if", "when",
    "while", "until",
];
/// Past forms without -ed.
const PASTS: &[&str] = &[
    "became", "began", "bought", "broke", "brought", "built", "came", "caught", "chose", "cut",
    "did", "drew", "drove", "fell", "felt", "fled", "fought", "found", "gave", "got", "grew",
    "heard", "held", "hit", "kept", "knew", "led", "left", "lost", "made", "meant", "met", "paid",
    "put", "ran", "rose", "said", "sank", "sat", "saw", "sent", "shot", "showed", "sold", "spent",
    "spoke", "spread", "stole", "stood", "struck", "taught", "thought", "threw", "told", "took",
    "went", "won", "wore", "wrote",
];

/// The word of the main event of `content`: "end" of "to end hostilities", "safe" of "that the bridge is safe".
#[must_use]
pub(in crate::extract) fn main_event(layout: &Layout<'_>, content: &[Span]) -> Option<Span> {
    let words = Words::of(layout, content);
    let at = words.main_event()?;
    words.spans.get(at).copied()
}

/// The first words of a content, in lower case, marks as they are.
struct Words {
    texts: Vec<String>,
    spans: Vec<Span>,
    solid: Vec<bool>,
}

impl Words {
    fn of(layout: &Layout<'_>, content: &[Span]) -> Self {
        let tokens: Vec<usize> = content
            .iter()
            .flat_map(|span| layout.token_from(span.start)..layout.token_from(span.end))
            .take(REACH)
            .collect();
        Self {
            texts: tokens
                .iter()
                .map(|at| layout.word(*at).to_lowercase())
                .collect(),
            spans: tokens.iter().map(|at| layout.tokens[*at].span).collect(),
            solid: tokens
                .iter()
                .map(|at| layout.tokens[*at].kind == TokenKind::Word)
                .collect(),
        }
    }

    /// A word in lower case; nothing beyond the end.
    fn text(&self, at: usize) -> &str {
        self.texts.get(at).map_or("", String::as_str)
    }

    fn is_word(&self, at: usize) -> bool {
        self.solid.get(at).copied().unwrap_or(false)
    }

    fn main_event(&self) -> Option<usize> {
        let start = self.clause_start()?;
        let unnegated = start + usize::from(self.text(start) == "not");
        if self.text(unnegated) == "to" {
            return self.behind_auxiliaries(unnegated + 1);
        }
        let end = self.clause_end(start);
        match self.verb(start, end) {
            Some(verb) if is_auxiliary(self.text(verb)) || is_adverb(self.text(verb)) => {
                self.behind_auxiliaries(verb)
            }
            Some(verb) => Some(verb),
            None => self.noun_head(start),
        }
    }

    /// Where the main clause begins: after openers and after a clause that ends at a comma.
    fn clause_start(&self) -> Option<usize> {
        let is_skipped = |at: &usize| !self.is_word(*at) || OPENERS.contains(&self.text(*at));
        let start = (0..self.texts.len()).find(|at| !is_skipped(at))?;
        if !SUBORDINATORS.contains(&self.text(start)) {
            return Some(start);
        }
        let comma = (start..self.texts.len()).find(|at| self.text(*at) == ",");
        let behind = comma.map(|comma| comma + 1).filter(|at| self.is_word(*at));
        Some(behind.unwrap_or(start + 1))
    }

    /// The full stop, or the end of the words.
    fn clause_end(&self, start: usize) -> usize {
        (start..self.texts.len())
            .find(|at| matches!(self.text(*at), "." | "!" | "?" | ";"))
            .unwrap_or(self.texts.len())
    }

    /// The first word that looks like the finite verb of the main clause.
    fn verb(&self, start: usize, end: usize) -> Option<usize> {
        let mut in_relative = false;
        for at in start..end {
            let looks_finite = self.looks_finite(start, at);
            if looks_finite && !in_relative {
                return Some(at);
            }
            // The verb of a relative clause ends it: "the bridge that fell | was old".
            let continues = is_auxiliary(self.text(at)) && self.is_verb_group(at + 1);
            in_relative = if looks_finite {
                continues
            } else {
                in_relative || (at > start && RELATIVES.contains(&self.text(at)))
            };
        }
        None
    }

    fn is_verb_group(&self, at: usize) -> bool {
        is_auxiliary(self.text(at))
            || PASTS.contains(&self.text(at))
            || self.text(at).ends_with("ed")
    }

    fn looks_finite(&self, start: usize, at: usize) -> bool {
        let word = self.text(at);
        if !self.is_word(at) || DETERMINERS.contains(&word) {
            return false;
        }
        let Some(before) = at.checked_sub(1).filter(|before| *before >= start) else {
            return is_auxiliary(word);
        };
        let before = self.text(before);
        if before == "to" {
            return false;
        }
        if is_auxiliary(word) && !matches!(word, "be" | "been" | "being" | "'s" | "’s") {
            return true;
        }
        if PRONOUNS.contains(&before) {
            return !PREPOSITIONS.contains(&word);
        }
        if RELATIVES.contains(&before) {
            return !PRONOUNS.contains(&word);
        }
        if DETERMINERS.contains(&before) || PREPOSITIONS.contains(&before) {
            return false;
        }
        PASTS.contains(&word) || word.ends_with("ed") || self.is_present(at)
    }

    /// "threatens the peace": an -s form with an object after it; "hope to", "say that": a known predicate.
    fn is_present(&self, at: usize) -> bool {
        let (word, next) = (self.text(at), self.text(at + 1));
        let has_object =
            DETERMINERS.contains(&next) || matches!(next, "that" | "to" | "them" | "him" | "us");
        let takes = |frame| predicate(["", word, next], &[frame]).is_some();
        (word.ends_with('s') && word.len() > 3 && has_object)
            || (next == "to" && takes(Frame::Infinitive))
            || (next == "that" && takes(Frame::Clause))
    }

    /// The word the auxiliaries from `start` on belong to; a copula before a preposition stands for itself.
    fn behind_auxiliaries(&self, start: usize) -> Option<usize> {
        let is_helper = |at: &usize| is_auxiliary(self.text(*at)) || is_adverb(self.text(*at));
        let head = (start..self.texts.len())
            .find(|at| !is_helper(at))
            .filter(|at| self.is_word(*at));
        let last = (start..head.unwrap_or(self.texts.len()))
            .rev()
            .find(|at| is_auxiliary(self.text(*at)));
        let (Some(head), Some(last)) = (head, last) else {
            return head.or(last);
        };
        let has_noun = DETERMINERS.contains(&self.text(head));
        if PREPOSITIONS.contains(&self.text(head)) || (has_noun && is_possession(self.text(last))) {
            return Some(last);
        }
        if has_noun {
            self.noun_head(head)
        } else {
            Some(head)
        }
    }

    /// The last word of the noun phrase that begins at `start`.
    fn noun_head(&self, start: usize) -> Option<usize> {
        (start..self.texts.len())
            .take_while(|at| self.is_word(*at) && !PREPOSITIONS.contains(&self.text(*at)))
            .take_while(|at| *at == start || !is_auxiliary(self.text(*at)))
            .last()
    }
}

/// "has a plan": a verb of its own.
fn is_possession(word: &str) -> bool {
    matches!(word, "have" | "has" | "had")
}

#[cfg(test)]
mod tests {
    use super::{Layout, Span, main_event};

    fn event(text: &str) -> Option<&str> {
        let layout = Layout::new(text, None);
        main_event(&layout, &[Span::new(0, text.len())]).map(|span| span.slice(text))
    }

    #[test]
    fn the_predicate_of_a_clause_is_found() {
        let check = |text: &str, expect: &str| assert_eq!(event(text), Some(expect), "{text}");
        check("that the bridge is safe", "safe");
        check("that the ferry has not yet been repaired", "repaired");
        check("the mayor resigned on Monday", "resigned");
        check("“We lost the harbour,” she added.", "lost");
        check("he never goes there", "goes");
        check("the toll threatens the village", "threatens");
        check("If it rains, the match will be moved.", "moved");
        check("the bridge that fell was old", "old");
        check("it is a scandal of the first order", "scandal");
        check("villagers hope to have a say", "hope");
        check("the ferry has a new captain", "has");
        check("the keys are in the drawer", "are");
    }

    #[test]
    fn infinitives_and_noun_phrases_have_an_event() {
        let check = |text: &str, expect: &str| assert_eq!(event(text), Some(expect), "{text}");
        check("to end hostilities", "end");
        check("not to close the harbour", "close");
        check("a further delay of the vote", "delay");
        check("to be ready", "ready");
    }

    #[test]
    fn strange_contents_have_no_event_or_one() {
        for text in [
            "",
            "…",
            "that",
            "to",
            "’s",
            "is",
            "👩‍👩‍👧",
            "no",
            ", ,",
            "when ,",
        ] {
            let _ = event(text);
        }
        let layout = Layout::new("a", None);
        assert_eq!(main_event(&layout, &[]), None);
    }
}
