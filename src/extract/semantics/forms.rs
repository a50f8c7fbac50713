//! The form of what was said: a question, an order, a judgement, a word about what will be.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::domain::Span;
use crate::extract::lexicon::nouns::is_one_of;
use crate::text::Layout;

/// How many words of a content tell its form at most.
const MAX_WORDS: usize = 40;
/// Maximum length of a content that is a judgement and nothing else, in words.
const MAX_JUDGEMENT: usize = 14;

/// Verbs after "declined to" that are about speaking.
const TO_SPEAK: &[&str] = &[
    "comment",
    "discuss",
    "elaborate",
    "answer",
    "respond",
    "say",
    "speculate",
    "confirm",
    "specify",
    "disclose",
    "reply",
    "name",
    "identify",
    "provide",
    "speak",
    "talk",
    "explain",
    "be",
];
/// Cues that order somebody where an infinitive follows: "told them to leave".
pub(super) const ORDERING: &[&str] = &["tell", "say", "warn", "remind", "write", "shout", "yell"];
/// Verbs that a quoted command begins with.
static COMMANDS: LazyLock<HashSet<&str>> = LazyLock::new(|| words(include_str!("commands.txt")));
/// Words of praise and blame.
static JUDGING: LazyLock<HashSet<&str>> = LazyLock::new(|| words(include_str!("judgements.txt")));

/// Subjects that may be the one on record.
pub(super) const OWN: &[&str] = &["i", "we", "he", "she", "they"];
/// Words before "to comment" that refuse it: "too early", "not able".
const UNWILLING: &[&str] = &["too", "not", "unable", "unwilling", "refused", "declined"];
/// A refusal to speak stands among the first words.
const MAX_BEFORE_SILENCE: usize = 8;
/// Words for what is not yet.
const AHEAD: &[&str] = &[
    "will", "would", "could", "may", "might", "'ll", "’ll", "won't", "won’t", "going", "about",
    "risk", "soon", "tomorrow", "if", "unless", "until", "likely",
];
/// Forms of "to be" before what a thing is called.
const COPULAS: &[&str] = &[
    "is", "are", "was", "were", "be", "been", "'s", "’s", "'re", "’re",
];
/// How far before "false" its "is" stands at most, in words.
const MAX_TO_COPULA: usize = 4;
/// What is said of a charge that one rejects.
const UNTRUE: &[&str] = &[
    "false",
    "untrue",
    "lie",
    "lies",
    "baseless",
    "unfounded",
    "fabricated",
    "fabrication",
    "groundless",
    "innocent",
];

/// The words of a list with a comment at its head.
fn words(list: &'static str) -> HashSet<&'static str> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
}

/// The first words of a content.
pub(super) struct Words {
    /// In lower case, without marks.
    all: Vec<String>,
    /// Where they stand.
    spans: Vec<Span>,
    /// A question mark stands at the end.
    pub asks: bool,
}

impl Words {
    pub fn of(layout: &Layout<'_>, content: &[Span]) -> Self {
        let tokens = content
            .iter()
            .flat_map(|span| layout.token_from(span.start)..layout.token_from(span.end));
        let (all, spans) = tokens
            .map(|token| (layout.word(token).to_lowercase(), layout.tokens[token].span))
            .filter(|(word, _)| word.chars().any(char::is_alphanumeric))
            .take(MAX_WORDS)
            .unzip();
        let asks = content.last().is_some_and(|span| {
            let words = span.slice(layout.text);
            words
                .trim_end_matches(|c: char| !c.is_alphanumeric() && c != '?')
                .ends_with('?')
        });
        Self { all, spans, asks }
    }

    pub fn at(&self, place: usize) -> &str {
        self.all.get(place).map_or("", String::as_str)
    }

    /// Where the word at `place` stands.
    pub fn span(&self, place: usize) -> Option<Span> {
        self.spans.get(place).copied()
    }

    fn has(&self, list: &[&str]) -> bool {
        self.all.iter().any(|word| list.contains(&word.as_str()))
    }

    pub fn begins_with(&self, word: &str) -> bool {
        self.at(0) == word
    }

    /// True if the word at `place` is about speaking: "to comment".
    pub fn speaks_at(&self, place: usize) -> bool {
        speaks(self.at(place))
    }

    pub fn is_negated(&self) -> bool {
        self.has(&["no", "nothing", "nobody", "none"]) || self.all.iter().any(|word| negates(word))
    }

    /// "to know how", after "wanted".
    pub fn asks_to_know(&self) -> bool {
        self.begins_with("to") && self.at(1) == "know"
    }

    /// "the council to send observers", after "asked".
    pub fn asks_for_deed(&self) -> bool {
        let question = [
            "whether", "if", "who", "what", "when", "where", "why", "how", "which",
        ];
        !self.asks
            && !question.contains(&self.at(0))
            && self.all.iter().any(|word| word == "to" || word == "for")
    }

    /// "No comment", "I have nothing to say", "it is too early to comment", "we cannot speak about this".
    pub fn declines(&self) -> bool {
        let near: Vec<&str> = self
            .all
            .iter()
            .take(MAX_BEFORE_SILENCE)
            .map(String::as_str)
            .collect();
        let has_nothing = near.windows(2).any(|pair| pair == ["no", "comment"])
            || near
                .windows(3)
                .any(|words| matches!(words, ["nothing", "to", "say" | "add"]));
        let is_unwilling = near
            .iter()
            .position(|word| UNWILLING.contains(word))
            .is_some_and(|at| {
                near[at..].windows(2).any(|pair| {
                    matches!(
                        pair,
                        ["to", "comment" | "discuss" | "speculate" | "elaborate"]
                    )
                })
            });
        has_nothing || is_unwilling || self.refuses_to_speak()
    }

    /// "Requests for comment", after "did not respond to".
    pub fn is_request(&self) -> bool {
        self.has(&[
            "comment",
            "request",
            "requests",
            "questions",
            "messages",
            "calls",
        ])
    }

    /// "We cannot speak about this", "that she would not say".
    fn refuses_to_speak(&self) -> bool {
        let subject = usize::from(self.at(0) == "that");
        let (modal, next) = (self.at(subject + 1), self.at(subject + 2));
        let verb = match (modal, next) {
            ("can" | "could" | "will" | "would", "not") => subject + 3,
            (
                "cannot" | "can't" | "can’t" | "couldn't" | "couldn’t" | "won't" | "won’t"
                | "wouldn't" | "wouldn’t",
                _,
            ) => subject + 2,
            _ => return false,
        };
        OWN.contains(&self.at(subject))
            && matches!(
                self.at(verb),
                "comment" | "talk" | "speak" | "discuss" | "say" | "disclose" | "answer"
            )
    }

    pub fn is_command(&self) -> bool {
        // "Stop is", "Do we": no commands.
        let no_verb = matches!(
            self.at(1),
            "is" | "was" | "we" | "you" | "i" | "they" | "of"
        );
        COMMANDS.contains(&self.at(0)) && !no_verb
    }

    /// "The charge is false", "that is a lie".
    pub fn rejects(&self) -> bool {
        let not_true = self.all.windows(2).any(|pair| {
            matches!(
                (pair[0].as_str(), pair[1].as_str()),
                ("not", "true") | ("no", "truth") | ("nothing", "wrong")
            )
        });
        self.all.len() <= MAX_JUDGEMENT && (self.is_called_untrue() || not_true)
    }

    /// "Is false", "was all a lie", and not "cites a false claim"; "false" by itself, too.
    fn is_called_untrue(&self) -> bool {
        let untrue = |at: &usize| UNTRUE.contains(&self.at(*at));
        (0..self.all.len()).filter(untrue).any(|at| {
            let before = at.saturating_sub(MAX_TO_COPULA)..at;
            at == 0 || before.into_iter().any(|at| COPULAS.contains(&self.at(at)))
        })
    }

    /// The index of the word by which a short content praises or blames.
    pub fn judging(&self) -> Option<usize> {
        let mut words = self.all.iter();
        let at = words.position(|word| JUDGING.contains(word.as_str()));
        at.filter(|_| self.all.len() <= MAX_JUDGEMENT)
    }

    /// True where something is said of what will or may be.
    pub fn looks_ahead(&self) -> bool {
        self.has(AHEAD) || !self.has_clause()
    }

    /// False for a mere phrase: "of a flood".
    fn has_clause(&self) -> bool {
        !matches!(self.at(0), "of" | "about" | "against" | "to")
    }
}

/// True for a word that negates a verb.
pub(super) fn negates(word: &str) -> bool {
    is_one_of(word, &["not", "never", "cannot"]) || word.ends_with("n't") || word.ends_with("n’t")
}

/// True for a verb of speaking.
pub(super) fn speaks(verb: &str) -> bool {
    TO_SPEAK.contains(&verb)
}
