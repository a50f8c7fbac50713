//! The form of what was said: a question, an order, a judgement, a word about what will be.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::domain::{ClaimKind, Span};
use crate::extract::nouns::is_one_of;
use crate::text::Layout;

/// So many words of a content tell its form at most.
const MAX_WORDS: usize = 40;
/// The auxiliary of the main clause stands among its first words.
const MAX_BEFORE_AUXILIARY: usize = 14;
/// Longest content that is a judgement and nothing else, in words.
const MAX_JUDGEMENT: usize = 14;

/// Verbs behind "declined to" that are about speaking.
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
const OBLIGING: &[&str] = &["must", "should", "ought"];
/// Words of praise and blame.
static JUDGING: LazyLock<HashSet<&str>> = LazyLock::new(|| words(include_str!("judgements.txt")));

/// Subjects that may be the one on record.
const OWN: &[&str] = &["i", "we", "he", "she", "they"];
/// Words before "to comment" that refuse it: "too early", "not able".
const UNWILLING: &[&str] = &["too", "not", "unable", "unwilling", "refused", "declined"];
/// A refusal to speak stands among the first words.
const MAX_BEFORE_SILENCE: usize = 8;
/// Words for what is not yet.
const AHEAD: &[&str] = &[
    "will", "would", "could", "may", "might", "'ll", "’ll", "won't", "won’t", "going", "about",
    "risk", "soon", "tomorrow", "if", "unless", "until", "likely",
];
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
    /// A question mark stands at the end.
    pub asks: bool,
}

impl Words {
    pub fn of(layout: &Layout<'_>, content: &[Span]) -> Self {
        let tokens = content
            .iter()
            .flat_map(|span| layout.token_from(span.start)..layout.token_from(span.end));
        let all = tokens
            .map(|token| layout.word(token).to_lowercase())
            .filter(|word| word.chars().any(char::is_alphanumeric))
            .take(MAX_WORDS)
            .collect();
        let asks = content.last().is_some_and(|span| {
            let words = span.slice(layout.text);
            words
                .trim_end_matches(|c: char| !c.is_alphanumeric() && c != '?')
                .ends_with('?')
        });
        Self { all, asks }
    }

    fn at(&self, place: usize) -> &str {
        self.all.get(place).map_or("", String::as_str)
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

    /// "to know how", behind "wanted".
    pub fn asks_to_know(&self) -> bool {
        self.begins_with("to") && self.at(1) == "know"
    }

    /// "the council to send observers", behind "asked".
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
        self.all.len() <= MAX_JUDGEMENT && (self.has(UNTRUE) || not_true)
    }

    /// True for a short content that praises or blames.
    pub fn judges(&self) -> bool {
        self.all.len() <= MAX_JUDGEMENT
            && self.all.iter().any(|word| JUDGING.contains(word.as_str()))
    }

    /// True where something is said of what will or may be.
    pub fn looks_ahead(&self) -> bool {
        self.has(AHEAD) || !self.has_clause()
    }

    /// False for a mere phrase: "of a flood".
    fn has_clause(&self) -> bool {
        !matches!(self.at(0), "of" | "about" | "against" | "to")
    }

    /// The kind that the main clause's verb tells.
    pub fn by_main_verb(&self) -> Option<ClaimKind> {
        let first = usize::from(self.at(0) == "that");
        let own = OWN.contains(&self.at(first));
        if own {
            let negated = matches!(self.at(first + 1), "don't" | "don’t" | "do");
            let verb = if self.at(first + 1) == "do" {
                first + 3
            } else {
                first + 1 + usize::from(negated)
            };
            if let Some(kind) = by_own_verb(self.at(verb), self.at(verb + 1)) {
                return Some(kind);
            }
        }
        let near = &self.all[..self.all.len().min(MAX_BEFORE_AUXILIARY)];
        let at = near.iter().position(|word| is_finite(word))?;
        self.by_auxiliary(at, own)
    }

    fn by_auxiliary(&self, at: usize, own: bool) -> Option<ClaimKind> {
        let word = self.at(at);
        let next = if matches!(self.at(at + 1), "not" | "also" | "still" | "never" | "now") {
            at + 2
        } else {
            at + 1
        };
        let then = |place: usize| self.at(next + place);
        let is = matches!(
            word,
            "am" | "is" | "are" | "'s" | "’s" | "'re" | "’re" | "'m" | "’m" | "was" | "were"
        );
        let obliges = OBLIGING.contains(&word) && then(0) != "have"
            || (matches!(word, "need" | "needs" | "has" | "have") && then(0) == "to");
        let due = is && then(0) == "time" && matches!(then(1), "to" | "for" | "that");
        let foretold =
            is && matches!(
                then(0),
                "likely" | "unlikely" | "expected" | "set" | "due" | "bound"
            ) && then(1) == "to";
        // "May open", but "may be open" and "may have opened".
        let may_happen = (matches!(word, "may" | "might") || (word == "could" && !own))
            && !matches!(then(0), "be" | "have");
        if obliges || due {
            Some(ClaimKind::Demand)
        } else if own && word == "would" && matches!(then(0), "like" | "love" | "prefer") {
            Some(ClaimKind::Intention)
        } else if matches!(
            word,
            "will" | "'ll" | "’ll" | "won't" | "won’t" | "would" | "shall"
        ) && then(0) != "have"
        {
            Some(if own {
                ClaimKind::Commitment
            } else {
                ClaimKind::Prediction
            })
        } else if is && then(0) == "going" && then(1) == "to" {
            Some(if own {
                ClaimKind::Intention
            } else {
                ClaimKind::Prediction
            })
        } else if is
            && own
            && matches!(
                then(0),
                "planning"
                    | "preparing"
                    | "hoping"
                    | "determined"
                    | "aiming"
                    | "thinking"
                    | "considering"
                    | "looking"
            )
        {
            Some(ClaimKind::Intention)
        } else if foretold || may_happen {
            Some(ClaimKind::Prediction)
        } else {
            None
        }
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

/// What a verb tells whose subject is the one on record: "we plan to sail".
fn by_own_verb(verb: &str, next: &str) -> Option<ClaimKind> {
    match verb {
        "plan" | "plans" | "planned" | "intend" | "intends" | "intended" | "want" | "wants"
        | "hope" | "hopes" | "aim" | "aims"
            if next == "to" =>
        {
            Some(ClaimKind::Intention)
        }
        "promise" | "promised" | "vow" | "pledge" | "swear" | "guarantee" => {
            Some(ClaimKind::Commitment)
        }
        "expect" | "expects" | "expected" | "predict" | "anticipate" | "forecast" | "foresee" => {
            Some(ClaimKind::Prediction)
        }
        "demand" | "urge" | "insist" | "ask" => Some(ClaimKind::Demand),
        _ => None,
    }
}

/// Auxiliaries, and the forms that stand for them: the first tells what the clause is about.
fn is_finite(word: &str) -> bool {
    matches!(
        word,
        "am" | "is"
            | "are"
            | "was"
            | "were"
            | "'re"
            | "’re"
            | "'m"
            | "’m"
            | "'s"
            | "’s"
            | "has"
            | "have"
            | "had"
            | "do"
            | "does"
            | "did"
            | "don't"
            | "don’t"
            | "doesn't"
            | "doesn’t"
            | "didn't"
            | "didn’t"
            | "will"
            | "would"
            | "'ll"
            | "’ll"
            | "won't"
            | "won’t"
            | "shall"
            | "must"
            | "should"
            | "ought"
            | "need"
            | "needs"
            | "can"
            | "could"
            | "may"
            | "might"
            | "cannot"
            | "can't"
            | "can’t"
            | "isn't"
            | "isn’t"
            | "aren't"
            | "aren’t"
            | "wasn't"
            | "wasn’t"
    )
}
