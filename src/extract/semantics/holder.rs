//! What the one on record is committed to, once the cue is known: "denied that it rained" holds that it did not rain, "asked
//! whether it rained" holds nothing (FactBank, Saurí and Pustejovsky 2009).

use crate::domain::{Certainty, ClaimKind, Commitment, Polarity, Rule};

/// Cues of knowing, whose holder is sure.
const SURE: &[&str] = &[
    "know",
    "realize",
    "realise",
    "determine",
    "see",
    "convinced",
    "certain",
    "sure",
    "confident",
];
/// Cues whose holder only thinks it likely, beside those of believing and predicting.
const LIKELY: &[&str] = &[
    "suggest",
    "estimate",
    "estimation",
    "suggestion",
    "expect",
    "fear",
    "predict",
    "prediction",
    "forecast",
    "project",
    "projection",
    "anticipate",
    "foresee",
    "reckon",
];
/// Cues whose holder thinks it no more than possible.
const MAYBE: &[&str] = &["hint", "speculate", "speculation", "guess"];
/// Cues of wishing, whose holder holds nothing.
const OPEN: &[&str] = &["hope", "wish", "want", "wonder", "urge", "consider"];
/// Cues whose holder thinks it false.
const DOUBTING: &[&str] = &["doubt", "disbelieve"];

/// What is known about a claim apart from its content.
pub(in crate::extract) struct Cue<'a> {
    pub kind: Option<ClaimKind>,
    pub lemma: &'a str,
    pub negated: bool,
}

/// The commitment of the one on record, where the content alone would commit to `stated`, and the rule where the cue has a
/// part in it.
pub(in crate::extract) fn held(cue: &Cue<'_>, stated: Commitment) -> (Commitment, Option<Rule>) {
    let is = |list: &[&str]| cue.lemma.split(' ').any(|word| list.contains(&word));
    let acts = matches!(
        cue.kind,
        Some(ClaimKind::Demand | ClaimKind::Question | ClaimKind::NoComment)
    );
    let binds = matches!(cue.kind, Some(ClaimKind::Intention | ClaimKind::Commitment));
    if is(OPEN) {
        return (Commitment::NONE, Some(Rule::CueWish));
    }
    if acts {
        return (Commitment::NONE, Some(Rule::Act));
    }
    if binds {
        return (meant(stated, cue.negated), Some(Rule::Act));
    }
    let told = if is(DOUBTING) {
        let told = at_most(negated(stated), Certainty::Probable);
        (told, Some(Rule::CueDoubt))
    } else if cue.kind == Some(ClaimKind::Denial) {
        (negated(stated), Some(Rule::Denial))
    } else if is(MAYBE) {
        let told = at_most(stated, Certainty::Possible);
        (told, Some(Rule::CuePossible))
    } else if !is(SURE) && (is(LIKELY) || cue.kind == Some(ClaimKind::Belief)) {
        let told = at_most(stated, Certainty::Probable);
        (told, Some(Rule::CueLikely))
    } else {
        (stated, None)
    };
    match (cue.negated, cue.kind) {
        (false, _) => told,
        // "Does not think that it rained" means to think that it did not rain.
        (true, Some(ClaimKind::Belief)) => (negated(told.0), Some(Rule::CueNegated)),
        (true, _) => (Commitment::NONE, Some(Rule::CueNegated)),
    }
}

/// Who means or promises to do something is sure of it, unless it hangs on a condition, and of not doing it where the cue
/// is negated.
fn meant(stated: Commitment, by_negated: bool) -> Commitment {
    if stated.certainty == Certainty::Uncommitted {
        return Commitment::NONE;
    }
    let sure = Commitment {
        certainty: Certainty::Certain,
        ..stated
    };
    if by_negated { negated(sure) } else { sure }
}

const fn negated(stated: Commitment) -> Commitment {
    let polarity = match stated.polarity {
        Polarity::Positive => Polarity::Negative,
        Polarity::Negative => Polarity::Positive,
        Polarity::Unknown => Polarity::Unknown,
    };
    Commitment { polarity, ..stated }
}

/// No surer than `most`.
fn at_most(stated: Commitment, most: Certainty) -> Commitment {
    Commitment {
        certainty: stated.certainty.min(most),
        ..stated
    }
}

#[cfg(test)]
mod tests {
    use super::{Cue, held};
    use crate::domain::{Certainty, ClaimKind, Commitment, Polarity};

    fn factuality(kind: ClaimKind, lemma: &str, negated: bool) -> i32 {
        let stated = Commitment {
            certainty: Certainty::Certain,
            polarity: Polarity::Positive,
        };
        let cue = Cue {
            kind: Some(kind),
            lemma,
            negated,
        };
        held(&cue, stated).0.factuality()
    }

    #[test]
    fn the_cue_tells_what_is_held_of_the_content() {
        assert_eq!(factuality(ClaimKind::Assertion, "say", false), 3);
        assert_eq!(factuality(ClaimKind::Belief, "think", false), 2);
        assert_eq!(factuality(ClaimKind::Belief, "think", true), -2);
        assert_eq!(factuality(ClaimKind::Belief, "know", false), 3);
        assert_eq!(factuality(ClaimKind::Belief, "doubt", false), -2);
        assert_eq!(factuality(ClaimKind::Assertion, "hint", false), 1);
        assert_eq!(factuality(ClaimKind::Denial, "deny", false), -3);
        assert_eq!(factuality(ClaimKind::Demand, "demand", false), 0);
        assert_eq!(factuality(ClaimKind::Commitment, "promise", false), 3);
        assert_eq!(factuality(ClaimKind::Intention, "plan", true), -3);
        assert_eq!(factuality(ClaimKind::Assertion, "say", true), 0);
    }
}
