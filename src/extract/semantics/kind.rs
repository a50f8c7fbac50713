//! What kind of act a claim is: by its cue, and where the cue only says that something was said, by the form of what was
//! said (speech acts after Searle 1976; the form of main clauses).

use std::sync::LazyLock;

use crate::domain::{ClaimKind, Rule, Span};
use crate::text::Layout;

use super::forms::{self, Words};

/// Cues whose content may be of the present too.
const WARNING: &[&str] = &["warn", "caution"];
/// How much longer a word may be than the stem it begins with.
const MAX_ENDING: usize = 4;

/// What tells the kind of a claim.
pub(in crate::extract) struct Act<'a> {
    /// What the cue says, where it says anything and is not negated.
    pub cue: Option<ClaimKind>,
    /// The cue's words in lower case.
    pub words: &'a str,
    /// The cue's dictionary form.
    pub lemma: &'a str,
    /// Beside source, cue and content something is rejected: "…, he said, denying the charge".
    pub rejects: bool,
    /// The cue is negated: "did not say".
    pub negated: bool,
    /// All of the content stands in quotation marks.
    pub quoted: bool,
}

/// A kind, how it was told, and the word of the content that told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) struct Told {
    pub kind: ClaimKind,
    pub rule: Rule,
    pub word: Option<Span>,
}

impl Told {
    const fn by(kind: ClaimKind, rule: Rule) -> Self {
        Self {
            kind,
            rule,
            word: None,
        }
    }
}

/// The kind of a claim; `None` where its cue is negated, which says nothing of the content.
pub(in crate::extract) fn kind(
    layout: &Layout<'_>,
    act: &Act<'_>,
    content: &[Span],
) -> Option<Told> {
    let words = Words::of(layout, content);
    let told = told(act, &words);
    if act.negated {
        // "Does not think" is to think otherwise; "did not say" is nothing.
        return told.filter(|told| matches!(told.kind, ClaimKind::Belief | ClaimKind::NoComment));
    }
    let Some(told) = told.filter(|told| told.kind != ClaimKind::Assertion) else {
        let form = by_form(act, &words);
        let assured = form.kind == ClaimKind::Prediction && act.words.contains("assur");
        return Some(if assured {
            Told::by(ClaimKind::Commitment, Rule::CueFrame)
        } else {
            form
        });
    };
    if told.kind == ClaimKind::Prediction && WARNING.contains(&act.lemma) {
        return Some(warned(told, by_form(act, &words), &words));
    }
    Some(told)
}

/// "Warned that it will rain" and "warned that it rains".
fn warned(told: Told, form: Told, words: &Words) -> Told {
    match form.kind {
        ClaimKind::Evaluation | ClaimKind::Intention | ClaimKind::Commitment => told,
        ClaimKind::Assertion if words.looks_ahead() => told,
        _ => form,
    }
}

/// Stems of words that make a cue one of a kind, where the lexicon has no entry for it.
static STEMS: LazyLock<Vec<(&str, ClaimKind)>> = LazyLock::new(|| {
    let lines = include_str!("cue-words.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'));
    lines.filter_map(stem).collect()
});

fn stem(line: &'static str) -> Option<(&'static str, ClaimKind)> {
    let (stem, kind) = line.split_once('\t')?;
    Some((stem, kind.parse().ok()?))
}

/// The kind that the words of a cue tell by their stems; the longest decides.
fn by_stem(cue: &str) -> Option<ClaimKind> {
    let fitting = STEMS.iter().filter(|(stem, _)| {
        cue.split(' ').any(|word| {
            word.strip_prefix(stem)
                .is_some_and(|ending| ending.len() <= MAX_ENDING)
        })
    });
    fitting
        .max_by_key(|(stem, _)| stem.len())
        .map(|(_, kind)| *kind)
}

/// What the cue tells, with the frame that the content gives it.
fn told(act: &Act<'_>, words: &Words) -> Option<Told> {
    let framed = |kind| Some(Told::by(kind, Rule::CueFrame));
    let has = |word: &str| act.words.split(' ').any(|own| own == word);
    let refuses = act.negated
        && ["would", "will", "could", "can", "wouldn't", "wouldn’t"]
            .iter()
            .any(|word| has(word));
    if (has("comment") && (act.negated || has("no")))
        || (refuses && act.words.split(' ').any(forms::speaks))
        || words.declines()
        || (act.negated && has("respond") && words.is_request())
    {
        return framed(ClaimKind::NoComment);
    }
    let wants = act.words.starts_with("want") || act.words.starts_with("demand");
    if wants && (words.asks_to_know() || has("know")) {
        return framed(ClaimKind::Question);
    }
    if has("thinking") && (has("of") || has("about")) {
        return framed(ClaimKind::Intention);
    }
    let infinitive = words.begins_with("to");
    match (act.lemma, act.cue) {
        (_, Some(ClaimKind::Denial | ClaimKind::NoComment)) if infinitive => {
            framed(if words.speaks_at(1) {
                ClaimKind::NoComment
            } else {
                ClaimKind::Denial
            })
        }
        ("agree" | "offer" | "swear" | "guarantee", _) if infinitive => {
            framed(ClaimKind::Commitment)
        }
        ("hope" | "expect" | "aim" | "decide", _) if infinitive => framed(ClaimKind::Intention),
        ("ask", _) if words.asks_for_deed() => framed(ClaimKind::Demand),
        // "Wants the council to act", but "wants to act".
        ("want" | "need" | "prefer", _) if !infinitive && words.asks_for_deed() => {
            framed(ClaimKind::Demand)
        }
        ("warn against", _) => framed(ClaimKind::Demand),
        (_, None) => by_stem(act.words).map(|kind| Told::by(kind, Rule::CueStem)),
        (_, Some(kind)) => Some(Told::by(kind, Rule::CueLexicon)),
    }
}

/// What the form of a content tells, where the cue just says that it was said.
fn by_form(act: &Act<'_>, words: &Words) -> Told {
    if words.asks {
        Told::by(ClaimKind::Question, Rule::ContentQuestion)
    } else if (words.begins_with("to") && forms::ORDERING.contains(&act.lemma))
        || (act.quoted && words.is_command())
    {
        Told {
            word: words.span(0),
            ..Told::by(ClaimKind::Demand, Rule::ContentCommand)
        }
    } else if words.rejects() || (act.rejects && words.is_negated()) {
        Told::by(ClaimKind::Denial, Rule::ContentDenial)
    } else if let Some((kind, verb)) = words.by_main_verb() {
        Told {
            word: words.span(verb),
            ..Told::by(kind, Rule::ContentVerb)
        }
    } else if let Some(word) = words.judging() {
        Told {
            word: words.span(word),
            ..Told::by(ClaimKind::Evaluation, Rule::ContentJudgement)
        }
    } else {
        Told::by(ClaimKind::Assertion, Rule::Plain)
    }
}

#[cfg(test)]
mod tests {
    use super::{Act, kind, stem};
    use crate::domain::{ClaimKind, Span};
    use crate::text::Layout;

    fn read(cue: ClaimKind, lemma: &str, content: &str) -> Option<ClaimKind> {
        let layout = Layout::new(content, None);
        let act = Act {
            cue: Some(cue),
            words: lemma,
            lemma,
            rejects: false,
            negated: false,
            quoted: content.starts_with('“'),
        };
        kind(&layout, &act, &[Span::new(0, content.len())]).map(|told| told.kind)
    }

    #[test]
    fn where_something_is_just_said_its_form_tells() {
        for (content, expect) in [
            ("that the bridge is closed", ClaimKind::Assertion),
            ("that prices would rise", ClaimKind::Prediction),
            ("“I will resign in May,”", ClaimKind::Commitment),
            ("“We are going to build it,”", ClaimKind::Intention),
            ("that the mayor must resign", ClaimKind::Demand),
            ("“Stop the war,”", ClaimKind::Demand),
            ("“Who pays for it?”", ClaimKind::Question),
            ("“It is a disgrace,”", ClaimKind::Evaluation),
            ("“I cannot comment on that,”", ClaimKind::NoComment),
            ("“It is too early to comment,”", ClaimKind::NoComment),
            ("“I can say that it is over,”", ClaimKind::Assertion),
            ("that they did not discuss pensions", ClaimKind::Assertion),
            ("that there was nothing to fear", ClaimKind::Assertion),
        ] {
            assert_eq!(
                read(ClaimKind::Assertion, "say", content),
                Some(expect),
                "{content}"
            );
        }
    }

    #[test]
    fn every_line_of_the_stems_is_understood() {
        let lines = include_str!("cue-words.tsv").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            assert!(stem(line).is_some(), "{line}");
        }
    }

    #[test]
    fn what_the_cue_tells_goes_before() {
        let denied = read(ClaimKind::Denial, "deny", "that prices would rise");
        assert_eq!(denied, Some(ClaimKind::Denial));
        let silent = read(ClaimKind::NoComment, "decline", "to comment");
        assert_eq!(silent, Some(ClaimKind::NoComment));
        let refused = read(ClaimKind::NoComment, "decline", "to sign the letter");
        assert_eq!(refused, Some(ClaimKind::Denial));
        let claimed = read(ClaimKind::Assertion, "claim", "to know the thief");
        assert_eq!(claimed, Some(ClaimKind::Assertion));
        let told = read(ClaimKind::Assertion, "tell", "to leave at once");
        assert_eq!(told, Some(ClaimKind::Demand));
    }
}
