//! A linear-chain conditional random field (Lafferty et al. 2001) over BIO tags.

use super::math::log_sum_exp;

/// Outside, and begin and inside of source, cue and content.
pub(super) const TAGS: usize = 7;
/// What a forbidden step costs.
const NEVER: f32 = -1e4;

/// The scores of one word's tags.
pub(super) type Scores = [f32; TAGS];

/// The parts of an attribution, by their begin tag; the inside tag follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
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
pub(super) struct Crf {
    steps: [Scores; TAGS],
}

impl Crf {
    /// Takes learnt scores, `TAGS` × `TAGS` from-to. A step to an inside tag from anything but its own begin or inside
    /// is forbidden.
    pub(super) fn new(learnt: &[f32]) -> Self {
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

    /// The likeliest tags.
    pub(super) fn decode(&self, emissions: &[Scores]) -> Vec<u8> {
        let Some(first) = emissions.first() else {
            return Vec::new();
        };
        let mut best = opening(first);
        let mut origins: Vec<[u8; TAGS]> = Vec::with_capacity(emissions.len());
        for own in &emissions[1..] {
            let mut next = [0.0; TAGS];
            let mut origin = [0; TAGS];
            for to in 0..TAGS {
                let from = largest(|from| best[from] + self.steps[from][to]);
                origin[to] = from as u8;
                next[to] = best[from] + self.steps[from][to] + own[to];
            }
            best = next;
            origins.push(origin);
        }
        let mut tag = largest(|tag| best[tag]) as u8;
        let mut tags = vec![tag];
        for origin in origins.iter().rev() {
            tag = origin[usize::from(tag)];
            tags.push(tag);
        }
        tags.reverse();
        tags
    }

    /// The log of the sum over all paths that `allowed` (word, tag) lets pass.
    pub(super) fn partition(
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

/// The first word is inside of nothing.
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
pub(super) fn stretches(tags: &[u8], part: Part) -> Vec<std::ops::Range<usize>> {
    let begin = part.begin();
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for (word, tag) in tags.iter().enumerate() {
        let tag = usize::from(*tag);
        match found.last_mut() {
            Some(last) if tag == begin + 1 && last.end == word => last.end = word + 1,
            _ if tag == begin => found.push(word..word + 1),
            _ => {}
        }
    }
    found
}

/// True for the begin and inside tags of `part`.
pub(super) const fn is_of(tag: usize, part: Part) -> bool {
    tag == part.begin() || tag == part.begin() + 1
}
