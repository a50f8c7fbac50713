//! A linear-chain conditional random field (Lafferty et al. 2001) over BIO tags.

use super::math::log_sum_exp;

/// Outside, and begin and inside of source, cue and content.
pub(in crate::extract::model) const TAGS: usize = 7;
/// What a forbidden step costs.
const NEVER: f32 = -1e4;

/// The scores of one word's tags.
pub(in crate::extract::model) type Scores = [f32; TAGS];

/// The parts of an attribution, by their begin tag; the inside tag follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract::model) enum Part {
    Source = 1,
    Cue = 3,
    Content = 5,
}

impl Part {
    const fn begin(self) -> usize {
        self as usize
    }
}

/// Scores of the steps from tag to tag.
#[derive(Debug, Clone)]
pub(in crate::extract::model) struct Crf {
    steps: [Scores; TAGS],
}

impl Crf {
    /// Takes learnt scores, `TAGS` × `TAGS` from-to. A step to an inside tag from anything but its own begin or inside
    /// is forbidden.
    pub(in crate::extract::model) fn new(learnt: &[f32]) -> Self {
        let mut steps = [[NEVER; TAGS]; TAGS];
        for (from, row) in steps.iter_mut().enumerate() {
            for (to, score) in row.iter_mut().enumerate() {
                let inside = to > 0 && to % 2 == 0;
                if !inside || from == to || from == to - 1 {
                    *score = learnt[from * TAGS + to];
                }
            }
        }
        Self { steps }
    }

    /// The most likely tags.
    pub(in crate::extract::model) fn decode(&self, emissions: &[Scores]) -> Vec<usize> {
        let Some(first) = emissions.first() else {
            return Vec::new();
        };
        let mut best = opening(first);
        let mut origins: Vec<[usize; TAGS]> = Vec::with_capacity(emissions.len());
        for own in &emissions[1..] {
            let mut next = [0.0; TAGS];
            let mut origin = [0; TAGS];
            for to in 0..TAGS {
                let from = largest(|from| best[from] + self.steps[from][to]);
                origin[to] = from;
                next[to] = best[from] + self.steps[from][to] + own[to];
            }
            best = next;
            origins.push(origin);
        }
        let mut tag = largest(|tag| best[tag]);
        let mut tags = vec![tag];
        for origin in origins.iter().rev() {
            tag = origin[tag];
            tags.push(tag);
        }
        tags.reverse();
        tags
    }

    /// The log of the sum over all paths that `allowed` (word, tag) lets pass.
    pub(in crate::extract::model) fn partition(
        &self,
        emissions: &[Scores],
        allowed: impl Fn(usize, usize) -> bool,
    ) -> f32 {
        let Some(first) = emissions.first() else {
            return 0.0;
        };
        let masked = |word: usize, tag: usize, score: f32| {
            if allowed(word, tag) { score } else { NEVER }
        };
        let mut sums = opening(first);
        for (tag, sum) in sums.iter_mut().enumerate() {
            *sum = masked(0, tag, *sum);
        }
        for (word, own) in emissions.iter().enumerate().skip(1) {
            let next = std::array::from_fn(|to| {
                let paths = (0..TAGS).map(|from| sums[from] + self.steps[from][to]);
                masked(word, to, own[to] + log_sum_exp(paths))
            });
            sums = next;
        }
        log_sum_exp(sums.into_iter())
    }
}

/// The first word is inside nothing.
fn opening(first: &Scores) -> Scores {
    let mut scores = *first;
    for inside in (2..TAGS).step_by(2) {
        scores[inside] = NEVER;
    }
    scores
}

fn largest(score: impl Fn(usize) -> f32) -> usize {
    let mut best = 0;
    for tag in 1..TAGS {
        if score(tag) > score(best) {
            best = tag;
        }
    }
    best
}

/// The stretches of words tagged as `part`.
pub(in crate::extract::model) fn stretches(
    tags: &[usize],
    part: Part,
) -> Vec<std::ops::Range<usize>> {
    let begin = part.begin();
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for (word, &tag) in tags.iter().enumerate() {
        match found.last_mut() {
            Some(last) if tag == begin + 1 && last.end == word => last.end = word + 1,
            _ if tag == begin => found.push(word..word + 1),
            _ => {}
        }
    }
    found
}

/// True for the begin and inside tags of `part`.
pub(in crate::extract::model) const fn is_of(tag: usize, part: Part) -> bool {
    tag == part.begin() || tag == part.begin() + 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Crf, Part, Scores, TAGS, is_of, stretches};

    fn scores() -> impl Strategy<Value = Vec<Scores>> {
        prop::collection::vec(prop::array::uniform7(-4.0_f32..4.0), 1..6)
    }

    /// All sequences of tags of that length, with their scores; those that a step forbids score far below the others.
    fn paths(crf: &Crf, emissions: &[Scores]) -> Vec<(Vec<usize>, f32)> {
        let mut paths: Vec<(Vec<usize>, f32)> = vec![(Vec::new(), 0.0)];
        for own in emissions {
            let longer = paths.iter().flat_map(|(path, score)| {
                (0..TAGS).map(move |tag| {
                    let inside = tag > 0 && tag % 2 == 0;
                    let step = path.last().map_or(if inside { -1e4 } else { 0.0 }, |last| {
                        crf.steps[*last][tag]
                    });
                    let mut path = path.clone();
                    path.push(tag);
                    (path, score + step + own[tag])
                })
            });
            paths = longer.filter(|(_, score)| *score > -1e3).collect();
        }
        paths
    }

    proptest! {
        #[test]
        fn decoding_and_summing_agree_with_all_paths(
            emissions in scores(),
            learnt in prop::collection::vec(-2.0_f32..2.0, TAGS * TAGS),
        ) {
            let crf = Crf::new(&learnt);
            let paths = paths(&crf, &emissions);
            let best = paths.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
            prop_assert_eq!(&crf.decode(&emissions), &best.0);
            let all: f32 = paths.iter().map(|(_, score)| score.exp()).sum();
            prop_assert!((crf.partition(&emissions, |_, _| true) - all.ln()).abs() < 1e-3);
            let without = |path: &[usize]| path.iter().all(|tag| !is_of(*tag, Part::Cue));
            let some: f32 = paths.iter().filter(|(path, _)| without(path)).map(|(_, s)| s.exp()).sum();
            let found = crf.partition(&emissions, |_, tag| !is_of(tag, Part::Cue));
            prop_assert!((found - some.ln()).abs() < 1e-3);
        }
    }

    #[test]
    fn a_stretch_begins_with_its_begin_tag() {
        let tags = [1, 2, 0, 5, 6, 5, 3, 6, 1, 3];
        assert_eq!(stretches(&tags, Part::Source), [0..2, 8..9]);
        assert_eq!(stretches(&tags, Part::Content), [3..5, 5..6]);
        assert_eq!(stretches(&tags, Part::Cue), [6..7, 9..10]);
    }
}
