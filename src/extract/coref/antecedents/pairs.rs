//! Features of a mention and a possible antecedent, other than their words.
//!
//! `models/training/who_data.py` computes the same for training; a test compares the two.

use serde::{Deserialize, Serialize};

/// A mention as the ranker is shown it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The tokens of its head: the name, the noun or the pronoun itself.
    pub head: (usize, usize),
    /// 0 name, 1 nominal, 2 pronoun.
    pub form: u8,
    /// 0 none, 1 I, 2 we, 3 you, 4 he or she, 5 they, 6 it, 7 relative.
    pub pronoun: u8,
    /// 0 none, 1 subject, 2 object, 3 possessive, 4 reflexive.
    pub case: u8,
    /// 0 unknown, 1 female, 2 male.
    pub gender: u8,
    /// It refers to several.
    pub plural: bool,
    /// 0 unknown, 1 a person, 2 an organization: of nouns alone.
    pub class: u8,
    /// Its sentence and block.
    pub sentence: usize,
    /// See `sentence`.
    pub block: usize,
    /// The quotation around it.
    pub quotation: Option<usize>,
    /// The mention that is the source of that quotation.
    pub speaker: Option<usize>,
    /// It is the source of an attribution.
    pub source: bool,
    /// Names that mean the same have one number.
    pub group: Option<usize>,
}

/// The features of a pair with their numbers of values, in the order of [`PairFeatures`].
pub(in crate::extract) const FEATURES: [(&str, usize); 17] = [
    ("sentences", 8),
    ("mentions", 6),
    ("form", 3),
    ("clash", 2),
    ("number", 2),
    ("same", 2),
    ("class", 3),
    ("source", 2),
    ("first", 2),
    ("quotation", 5),
    ("speaker", 2),
    ("coargument", 10),
    ("named", 5),
    ("pronoun", 8),
    ("block", 3),
    ("spoke", 3),
    ("last", 2),
];

/// The value of each feature.
pub(in crate::extract) type PairFeatures = [usize; FEATURES.len()];

/// How far back an antecedent is looked for, in sentences and in mentions, and how far ahead in the same sentence.
const MAX_SENTENCES: usize = 12;
const MAX_MENTIONS: usize = 60;
const MAX_AHEAD: usize = 5;
/// See [`Shown`].
const NAME: u8 = 0;
const RELATIVE: u8 = 7;

/// The mentions of a text as pairs.
pub(super) struct Pairs {
    mentions: Vec<Shown>,
    /// For each mention how often its name was given up to there, in steps.
    named: Vec<usize>,
    /// For each mention the last ones before it.
    last: Vec<Last>,
}

/// The last source and the last name before a mention.
#[derive(Clone, Copy, Default)]
struct Last {
    source: Option<usize>,
    name: Option<usize>,
}

impl Pairs {
    pub fn new(mentions: Vec<Shown>) -> Self {
        let mut counts = std::collections::HashMap::new();
        let named = mentions.iter().map(|mention| {
            mention.group.map_or(0, |group| {
                let count = counts.entry(group).or_insert(0);
                *count += 1;
                step(*count).min(4)
            })
        });
        let named = named.collect();
        let mut before = Last::default();
        let last = mentions.iter().enumerate().map(|(at, mention)| {
            let here = before;
            if mention.source {
                before.source = Some(at);
            }
            if mention.form == NAME {
                before.name = Some(at);
            }
            here
        });
        let last = last.collect();
        Self {
            mentions,
            named,
            last,
        }
    }

    /// The mentions that the one at `anaphor` may refer to, those after it last.
    fn candidates(&self, anaphor: usize) -> Vec<usize> {
        let sentence = self.mentions[anaphor].sentence;
        let before = anaphor.saturating_sub(MAX_MENTIONS)..anaphor;
        let before = before.filter(|at| sentence - self.mentions[*at].sentence <= MAX_SENTENCES);
        let end = self.mentions.len().min(anaphor + 1 + MAX_AHEAD);
        let ahead = (anaphor + 1..end).filter(|at| self.mentions[*at].sentence == sentence);
        before
            .chain(ahead)
            .filter(|at| self.mentions[*at].pronoun != RELATIVE)
            .collect()
    }

    fn is_first(&self, at: usize) -> bool {
        at == 0 || self.mentions[at - 1].sentence != self.mentions[at].sentence
    }

    /// The mentions that the one at `anaphor` may refer to, with the features of each pair.
    pub fn of(&self, anaphor: usize) -> Vec<(usize, PairFeatures)> {
        let candidates = self.candidates(anaphor).into_iter();
        candidates
            .map(|at| (at, self.features(anaphor, at)))
            .collect()
    }

    /// The features of the mention at `anaphor` and one that it may refer to.
    fn features(&self, anaphor: usize, antecedent: usize) -> PairFeatures {
        let Last { source, name } = self.last[anaphor];
        let (own, other) = (&self.mentions[anaphor], &self.mentions[antecedent]);
        let ahead = antecedent > anaphor;
        let together = own.sentence == other.sentence;
        let sentences = match (ahead, together) {
            (true, true) => 6,
            (true, false) => 7,
            (false, _) => step(own.sentence - other.sentence),
        };
        let mentions = match anaphor.abs_diff(antecedent) {
            near @ ..9 => step(near) - 1,
            9..=16 => 4,
            _ => 5,
        };
        let quotation = match (own.quotation, other.quotation) {
            (None, None) => 0,
            (Some(own), Some(other)) if own == other => 1,
            (None, Some(_)) => 2,
            (Some(_), None) => 3,
            (Some(_), Some(_)) => 4,
        };
        let clash = own.gender != 0 && other.gender != 0 && own.gender != other.gender;
        let first = self.is_first(antecedent);
        let coargument = if together && !ahead {
            2 * usize::from(own.case) + usize::from(first)
        } else {
            0
        };
        [
            sentences,
            mentions,
            other.form.into(),
            clash.into(),
            (own.plural != other.plural).into(),
            (other.form == 2 && other.pronoun == own.pronoun).into(),
            other.class.into(),
            other.source.into(),
            first.into(),
            quotation,
            (own.speaker == Some(antecedent)).into(),
            coargument,
            self.named[antecedent],
            own.pronoun.into(),
            own.block.abs_diff(other.block).min(2),
            match (own.source, source == Some(antecedent)) {
                (false, _) => 0,
                (true, true) => 1,
                (true, false) => 2,
            },
            name.is_none_or(|name| antecedent >= name).into(),
        ]
    }
}

/// 0, 1, 2, 3 to 4, 5 to 8, more.
const fn step(count: usize) -> usize {
    match count {
        0..=2 => count,
        3..=4 => 3,
        5..=8 => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{PairFeatures, Pairs, Shown};

    /// Written by `models/training/golden_pairs.py`.
    const GOLDEN: &str = include_str!("../../../../tests/golden/pairs.jsonl");

    #[derive(Deserialize)]
    struct Text {
        mentions: Vec<Shown>,
        anaphors: Vec<(usize, Vec<(usize, PairFeatures)>)>,
    }

    #[test]
    fn serving_shows_the_ranker_what_training_showed_it() {
        let mut count = 0;
        for line in GOLDEN.lines() {
            let text: Text = serde_json::from_str(line).unwrap();
            let pairs = Pairs::new(text.mentions);
            for (anaphor, expected) in text.anaphors {
                assert_eq!(pairs.of(anaphor), expected, "{anaphor}");
                count += expected.len();
            }
        }
        assert!(count > 50, "{count}");
    }
}
