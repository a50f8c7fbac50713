//! What kind of act a claim is: by its cue, and where the cue only says that something was said, by the form of what was
//! said (speech acts after Searle 1976; the form of main clauses).

use std::sync::LazyLock;

use crate::domain::{ClaimKind, Span};
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

/// The kind of a claim; `None` where its cue is negated, which says nothing of the content.
pub(in crate::extract) fn kind(
    layout: &Layout<'_>,
    act: &Act<'_>,
    content: &[Span],
) -> Option<ClaimKind> {
    let words = Words::of(layout, content);
    let told = told(act, &words);
    if act.negated {
        // "Does not think" is to think otherwise; "did not say" is nothing.
        return told.filter(|kind| matches!(kind, ClaimKind::Belief | ClaimKind::NoComment));
    }
    Some(match told.unwrap_or(ClaimKind::Assertion) {
        ClaimKind::Assertion => match by_form(act, &words) {
            ClaimKind::Prediction if act.words.contains("assur") => ClaimKind::Commitment,
            kind => kind,
        },
        // "Warned that it will rain" and "warned that it rains".
        ClaimKind::Prediction if WARNING.contains(&act.lemma) => match by_form(act, &words) {
            ClaimKind::Assertion if words.looks_ahead() => ClaimKind::Prediction,
            ClaimKind::Evaluation | ClaimKind::Intention | ClaimKind::Commitment => {
                ClaimKind::Prediction
            }
            kind => kind,
        },
        kind => kind,
    })
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
fn told(act: &Act<'_>, words: &Words) -> Option<ClaimKind> {
    let has = |word: &str| act.words.split(' ').any(|own| own == word);
    let refuses = act.negated
        && ["would", "will", "could", "can", "wouldn't", "wouldn’t"]
            .iter()
            .any(|word| has(word));
    if (has("comment") && (act.negated || has("no")))
        || (refuses && act.words.split(' ').any(forms::speaks))
        || words.declines()
    {
        return Some(ClaimKind::NoComment);
    }
    let wants = act.words.starts_with("want") || act.words.starts_with("demand");
    if wants && (words.asks_to_know() || has("know")) {
        return Some(ClaimKind::Question);
    }
    if has("thinking") && (has("of") || has("about")) {
        return Some(ClaimKind::Intention);
    }
    let infinitive = words.begins_with("to");
    match (act.lemma, act.cue) {
        (_, Some(ClaimKind::Denial | ClaimKind::NoComment)) if infinitive => {
            Some(if words.speaks_at(1) {
                ClaimKind::NoComment
            } else {
                ClaimKind::Denial
            })
        }
        ("agree" | "offer" | "swear" | "guarantee", _) if infinitive => Some(ClaimKind::Commitment),
        ("hope" | "expect" | "aim" | "decide", _) if infinitive => Some(ClaimKind::Intention),
        ("ask", _) if words.asks_for_deed() => Some(ClaimKind::Demand),
        // "Wants the council to act", but "wants to act".
        ("want" | "need" | "prefer", _) if !infinitive && words.asks_for_deed() => {
            Some(ClaimKind::Demand)
        }
        ("warn against", _) => Some(ClaimKind::Demand),
        (_, None) => by_stem(act.words),
        (_, kind) => kind,
    }
}

/// What the form of a content tells, where the cue just says that it was said.
fn by_form(act: &Act<'_>, words: &Words) -> ClaimKind {
    if words.asks {
        ClaimKind::Question
    } else if (words.begins_with("to") && forms::ORDERING.contains(&act.lemma))
        || (act.quoted && words.is_command())
    {
        ClaimKind::Demand
    } else if words.rejects() || (act.rejects && words.is_negated()) {
        ClaimKind::Denial
    } else if let Some(kind) = words.by_main_verb() {
        kind
    } else if words.judges() {
        ClaimKind::Evaluation
    } else {
        ClaimKind::Assertion
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
        kind(&layout, &act, &[Span::new(0, content.len())])
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
