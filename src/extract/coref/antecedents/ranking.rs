//! Who a mention may refer to, as the learnt ranker weighs the mentions around it.

use crate::extract::model::{Ranked, Ranker, WhoRead};

use super::pairs::{Pairs, Shown};

/// A text's mentions, ready to be ranked.
pub(in crate::extract::coref) struct Ranking {
    pairs: Pairs,
    ranker: &'static Ranker,
    ranked: Ranked,
}

/// What the ranker makes of a mention.
pub(in crate::extract::coref) struct Weighed {
    /// Mentions that it may refer to, with their probabilities.
    pub mentions: Vec<(usize, f32)>,
    /// The probability that it refers to none of them.
    pub nobody: f32,
}

impl Ranking {
    pub fn new(who: &WhoRead, mentions: Vec<Shown>) -> Self {
        let heads = mentions
            .iter()
            .map(|mention| mention.head.0..mention.head.1);
        let (ranker, seen) = who.rank(heads);
        Self {
            ranker,
            ranked: seen,
            pairs: Pairs::new(mentions),
        }
    }

    /// The probabilities of those that the mention at `anaphor` may refer to.
    pub fn weigh(&self, anaphor: usize) -> Weighed {
        let nobody = self.ranker.nobody(&self.ranked, anaphor);
        let mut mentions: Vec<(usize, f32)> = self
            .pairs
            .of(anaphor)
            .into_iter()
            .map(|(at, features)| (at, self.ranker.score(&self.ranked, anaphor, at, &features)))
            .collect();
        let largest = mentions.iter().map(|own| own.1).fold(nobody, f32::max);
        let mut total = (nobody - largest).exp();
        let nobody = total;
        for (_, score) in &mut mentions {
            *score = (*score - largest).exp();
            total += *score;
        }
        for (_, score) in &mut mentions {
            *score /= total;
        }
        Weighed {
            mentions,
            nobody: nobody / total,
        }
    }
}
