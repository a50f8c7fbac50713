//! How much a content is worth checking: a priority for fact checkers, never a verdict.
//!
//! The features are those that checkers name themselves (Hassan et al. 2017): figures, comparisons, the past, states of
//! things, against what is hoped, asked, judged or said about oneself. The weights were set by hand.

use crate::domain::{Certainty, ClaimKind, Commitment, Span};
use crate::text::{Layout, TokenKind};

/// Words after or before a figure, and words that stand for one.
const QUANTITIES: &[&str] = &[
    "percent", "per", "million", "billion", "trillion", "thousand", "hundred", "dollars", "euros",
    "pounds", "half", "third", "quarter", "majority", "double", "doubled", "tripled", "twice",
    "dozen", "dozens", "rate",
];
const COMPARISONS: &[&str] = &[
    "more",
    "less",
    "fewer",
    "most",
    "least",
    "than",
    "higher",
    "lower",
    "highest",
    "lowest",
    "first",
    "largest",
    "biggest",
    "increase",
    "increased",
    "decrease",
    "decreased",
    "rose",
    "fell",
    "cut",
    "only",
    "every",
    "never",
    "ever",
    "record",
];
const PAST: &[&str] = &["was", "were", "had", "did", "has", "have", "been"];
const OWN: &[&str] = &["i", "me", "my", "you", "your"];
/// Minimum length of content that states something, in words.
const LEAST_WORDS: usize = 4;

/// From 0 to 1.
pub(in crate::extract) fn check_worthiness(
    layout: &Layout<'_>,
    content: &[Span],
    kind: Option<ClaimKind>,
    commitment: Commitment,
) -> f32 {
    let found = Features::of(layout, content);
    let mut score = -2.4;
    score += weight(found.figures, 1.1, 2);
    score += weight(found.quantities, 0.8, 2);
    score += weight(found.comparisons, 0.4, 2);
    score += weight(found.past, 0.5, 2);
    score += weight(found.names, 0.3, 3);
    score -= weight(found.own, 0.4, 2);
    score += weight(found.words, 0.03, 30);
    if found.words < LEAST_WORDS {
        score -= 1.5;
    }
    if commitment.certainty == Certainty::Uncommitted {
        score -= 1.0;
    }
    score += match kind {
        Some(ClaimKind::Assertion | ClaimKind::Denial) => 0.5,
        Some(ClaimKind::Belief | ClaimKind::Prediction) => -0.3,
        Some(ClaimKind::NoComment | ClaimKind::Question) => -3.0,
        Some(_) => -1.0,
        None => 0.0,
    };
    1.0 / (1.0 + (-score).exp())
}

#[expect(clippy::cast_precision_loss, reason = "a number of at most 30")]
fn weight(count: usize, each: f32, at_most: usize) -> f32 {
    each * count.min(at_most) as f32
}

/// How often each feature stands in a content.
#[derive(Default)]
struct Features {
    words: usize,
    figures: usize,
    quantities: usize,
    comparisons: usize,
    past: usize,
    names: usize,
    own: usize,
}

impl Features {
    fn of(layout: &Layout<'_>, content: &[Span]) -> Self {
        let mut found = Self::default();
        for span in content {
            for token in layout.token_from(span.start)..layout.token_from(span.end) {
                found.note(layout, token);
            }
        }
        found
    }

    fn note(&mut self, layout: &Layout<'_>, token: usize) {
        let word = layout.word(token);
        let lower = word.to_lowercase();
        let is = |list: &[&str]| usize::from(list.contains(&lower.as_str()));
        self.words += usize::from(layout.tokens[token].kind == TokenKind::Word);
        self.figures += usize::from(layout.tokens[token].kind == TokenKind::Number);
        self.quantities += is(QUANTITIES) + usize::from(matches!(word, "%" | "$" | "€" | "£"));
        self.comparisons += is(COMPARISONS);
        self.past += is(PAST);
        self.own += is(OWN);
        self.names += usize::from(lower.len() > 1 && word.starts_with(char::is_uppercase));
    }
}

#[cfg(test)]
mod tests {
    use super::check_worthiness;
    use crate::domain::{Certainty, ClaimKind, Commitment, Polarity, Span};
    use crate::text::Layout;

    fn score(content: &str, kind: ClaimKind) -> f32 {
        let layout = Layout::new(content, None);
        let sure = Commitment {
            certainty: Certainty::Certain,
            polarity: Polarity::Positive,
        };
        check_worthiness(&layout, &[Span::new(0, content.len())], Some(kind), sure)
    }

    #[test]
    fn figures_are_worth_more_than_feelings() {
        let figures = score(
            "that unemployment had doubled to 8 percent since 2019",
            ClaimKind::Assertion,
        );
        let feelings = score("“I love you all,”", ClaimKind::Assertion);
        assert!(figures > 0.6 && feelings < 0.3, "{figures} {feelings}");
        let silence = score("to comment", ClaimKind::NoComment);
        assert!(silence < 0.05, "{silence}");
    }
}
