//! What a claim means, from what the rules made of it and what the heads say: the heads decide, and where they agree with
//! a rule, the rule remains the reason given.

use crate::domain::{Commitment, Rule, SourceClass, Span};
use crate::text::Layout;

use super::check_worthiness::check_worthiness;
use super::judge::Judged;
use super::kind::Told;
use super::shown::{CERTAINTIES, CLASSES, KINDS, POLARITIES};

/// What the heads say of a claim: logarithms of probabilities, in the order of the lists of these names.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::extract) struct MeaningScores {
    pub kinds: [f32; KINDS.len()],
    pub certainties: [f32; CERTAINTIES.len()],
    pub polarities: [f32; POLARITIES.len()],
    pub classes: [f32; CLASSES.len()],
    /// Log odds that it is a claim at all.
    pub sensible: f32,
}

impl MeaningScores {
    /// The certainty and polarity that are most likely together: polarity is unknown exactly where nothing is committed
    /// to.
    fn commitment(&self) -> Commitment {
        let pairs = CERTAINTIES.iter().zip(self.certainties);
        let pairs = pairs.flat_map(|(certainty, sure)| {
            let polarities = POLARITIES.iter().zip(self.polarities);
            polarities.map(move |(polarity, held)| {
                let commitment = Commitment {
                    certainty: *certainty,
                    polarity: *polarity,
                };
                (commitment, sure + held)
            })
        });
        let best = pairs
            .filter(|(commitment, _)| commitment.is_consistent())
            .max_by(|a, b| a.1.total_cmp(&b.1));
        best.map_or(Commitment::STATED, |(commitment, _)| commitment)
    }
}

fn likeliest<T: Copy, const N: usize>(values: &[T; N], scores: &[f32; N]) -> T {
    let best = (0..N).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    values[best.unwrap_or_default()]
}

/// What the rules judged, with what the heads say in its place where they say something else.
pub(in crate::extract) fn settled(
    layout: &Layout<'_>,
    content: &[Span],
    rules: &Judged,
    scores: &MeaningScores,
) -> Judged {
    let kind = likeliest(&KINDS, &scores.kinds);
    let commitment = scores.commitment();
    let told = rules.told.filter(|told| told.kind == kind);
    let agreed = rules.commitment == commitment;
    Judged {
        told: Some(told.unwrap_or(Told {
            kind,
            rule: Rule::TrainedHead,
            word: None,
        })),
        rule: if agreed {
            rules.rule
        } else {
            Rule::TrainedHead
        },
        cause: rules.cause.filter(|_| agreed),
        commitment,
        check_worthiness: check_worthiness(layout, content, Some(kind), commitment),
        stance: rules.stance,
    }
}

/// The same of the class of a source.
pub(in crate::extract) fn settled_class(
    rules: (SourceClass, Rule),
    scores: &MeaningScores,
) -> (SourceClass, Rule) {
    let class = likeliest(&CLASSES, &scores.classes);
    if class == rules.0 {
        rules
    } else {
        (class, Rule::TrainedHead)
    }
}

#[cfg(test)]
mod tests {
    use super::MeaningScores;
    use crate::domain::{Certainty, Commitment, Polarity};

    fn scores(certainties: [f32; 4], polarities: [f32; 3]) -> MeaningScores {
        MeaningScores {
            kinds: [0.0; 10],
            certainties,
            polarities,
            classes: [0.0; 6],
            sensible: 0.0,
        }
    }

    #[test]
    fn nothing_is_known_exactly_where_nothing_is_committed_to() {
        let torn = scores([-1.0, -9.0, -9.0, -0.5], [-0.4, -9.0, -1.2]);
        assert_eq!(torn.commitment(), Commitment::STATED);
        let open = scores([-1.0, -9.0, -9.0, -0.5], [-1.2, -9.0, -0.4]);
        assert_eq!(open.commitment(), Commitment::NONE);
        let may_not = scores([-2.0, -9.0, -0.1, -9.0], [-3.0, -0.1, -3.0]);
        let expect = Commitment {
            certainty: Certainty::Possible,
            polarity: Polarity::Negative,
        };
        assert_eq!(may_not.commitment(), expect);
    }
}
