//! What the verb of a content's main clause tells: "will", "must", "plan to".

use crate::domain::ClaimKind;

use crate::extract::semantics::forms::{OWN, Words};

/// The auxiliary of the main clause stands among its first words.
const MAX_BEFORE_AUXILIARY: usize = 14;
const OBLIGING: &[&str] = &["must", "should", "ought"];

impl Words {
    /// The kind that the main clause's verb tells, and the place of that verb.
    pub fn by_main_verb(&self) -> Option<(ClaimKind, usize)> {
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
                return Some((kind, verb));
            }
        }
        let at = (0..MAX_BEFORE_AUXILIARY).find(|at| is_finite(self.at(*at)))?;
        Some((self.by_auxiliary(at, own)?, at))
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
