//! What the heads that read what a claim means are shown of it, beside the vectors of its words.
//!
//! Training reads exactly this, through `onrecord features --claims`, so that training and serving cannot differ.

use crate::domain::{Certainty, ClaimKind, Polarity, QuoteType, Rule, SourceClass, Span};
use crate::extract::attribution::bare::BareAttribution;
use crate::text::Layout;

use super::judge::Judged;

/// Each feature with its number of values.
pub(in crate::extract) const CLAIM_FEATURES: [(&str, usize); 8] = [
    ("kind", KINDS.len() + 1),
    ("kind_rule", RULES.len() + 1),
    ("certainty", CERTAINTIES.len()),
    ("polarity", POLARITIES.len()),
    ("commitment_rule", RULES.len() + 1),
    ("class", CLASSES.len() + 1),
    ("class_rule", RULES.len() + 1),
    ("quote_type", 3),
];
/// The value of each of [`CLAIM_FEATURES`].
pub(in crate::extract) type ClaimFeatures = [usize; CLAIM_FEATURES.len()];

/// The kinds in the order of the heads' outputs.
pub(in crate::extract) const KINDS: [ClaimKind; 10] = [
    ClaimKind::Assertion,
    ClaimKind::Evaluation,
    ClaimKind::Demand,
    ClaimKind::Prediction,
    ClaimKind::Intention,
    ClaimKind::Belief,
    ClaimKind::Question,
    ClaimKind::Commitment,
    ClaimKind::NoComment,
    ClaimKind::Denial,
];
/// The same of certainty.
pub(in crate::extract) const CERTAINTIES: [Certainty; 4] = [
    Certainty::Certain,
    Certainty::Probable,
    Certainty::Possible,
    Certainty::Uncommitted,
];
/// The same of polarity.
pub(in crate::extract) const POLARITIES: [Polarity; 3] =
    [Polarity::Positive, Polarity::Negative, Polarity::Unknown];
/// The same of the class of the source.
pub(in crate::extract) const CLASSES: [SourceClass; 6] = [
    SourceClass::Named,
    SourceClass::Role,
    SourceClass::Collective,
    SourceClass::Anonymous,
    SourceClass::Document,
    SourceClass::Article,
];
/// The rules that may tell any of these.
const RULES: [Rule; 22] = [
    Rule::Name,
    Rule::Pronoun,
    Rule::HiddenSource,
    Rule::HeadNoun,
    Rule::CueLexicon,
    Rule::CueStem,
    Rule::CueFrame,
    Rule::CueNegated,
    Rule::Act,
    Rule::CueWish,
    Rule::CueDoubt,
    Rule::Denial,
    Rule::CueLikely,
    Rule::CuePossible,
    Rule::ContentQuestion,
    Rule::ContentCommand,
    Rule::ContentDenial,
    Rule::ContentVerb,
    Rule::ContentJudgement,
    Rule::ContentModality,
    Rule::Plain,
    Rule::Description,
];

/// What the rules made of a claim.
pub(in crate::extract) fn claim_features(
    judged: &Judged,
    class: Option<(SourceClass, Rule)>,
    quote_type: QuoteType,
) -> ClaimFeatures {
    let kind = judged.told;
    [
        after_none(&KINDS, kind.map(|told| told.kind)),
        after_none(&RULES, kind.map(|told| told.rule)),
        after_none(&CERTAINTIES, Some(judged.commitment.certainty)) - 1,
        after_none(&POLARITIES, Some(judged.commitment.polarity)) - 1,
        after_none(&RULES, Some(judged.rule)),
        after_none(&CLASSES, class.map(|(class, _)| class)),
        after_none(&RULES, class.map(|(_, rule)| rule)),
        match quote_type {
            QuoteType::Indirect => 0,
            QuoteType::Mixed => 1,
            QuoteType::Direct => 2,
        },
    ]
}

/// The index of a value in a list, from 1; 0 for none.
fn after_none<T: PartialEq>(list: &[T], value: Option<T>) -> usize {
    let place = |value| list.iter().position(|one| *one == value);
    value.and_then(place).map_or(0, |place| place + 1)
}

/// What a word is to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Part {
    /// It stands beside the claim's own words.
    Around = 0,
    Cue = 1,
    Content = 2,
    Source = 3,
    /// The first word of the content.
    Opening = 4,
}

/// Number of values of [`Part`].
pub(in crate::extract) const PARTS: usize = 5;
/// How many words of a content are read, from its first.
const CONTENT_WORDS: usize = 56;
/// Words on either side of the cue, the source and the content's first word, in their sentence.
const AROUND: usize = 6;
/// How many words of a claim are read in all.
const MOST_WORDS: usize = 110;

/// The words of an attribution that are read to tell what it means, given by their tokens, in text order.
pub(in crate::extract) fn claim_words(
    layout: &Layout<'_>,
    bare: &BareAttribution,
) -> Vec<(usize, Part)> {
    let mut content = tokens(layout, &bare.content);
    let opening = content.first().copied();
    content.truncate(CONTENT_WORDS);
    let cue = tokens(layout, &bare.cue);
    let source = tokens(layout, &bare.source);
    let anchors = cue.iter().chain(&source).chain(&opening);
    let mut words: Vec<usize> = anchors.flat_map(|token| around(layout, *token)).collect();
    words.extend(&content);
    words.sort_unstable();
    words.dedup();
    words.truncate(MOST_WORDS);
    let part = |token: usize| {
        if cue.contains(&token) {
            Part::Cue
        } else if opening == Some(token) {
            Part::Opening
        } else if content.contains(&token) {
            Part::Content
        } else if source.contains(&token) {
            Part::Source
        } else {
            Part::Around
        }
    };
    words
        .into_iter()
        .map(|token| (token, part(token)))
        .collect()
}

fn tokens(layout: &Layout<'_>, spans: &[Span]) -> Vec<usize> {
    let of = |span: &Span| layout.token_from(span.start)..layout.token_from(span.end);
    spans.iter().flat_map(of).collect()
}

/// A token and those beside it in its sentence.
fn around(layout: &Layout<'_>, token: usize) -> std::ops::Range<usize> {
    let sentence = layout
        .sentences
        .partition_point(|sentence| sentence.tokens.end <= token);
    let sentence = layout
        .sentences
        .get(sentence)
        .map_or(token..token + 1, |sentence| sentence.tokens.clone());
    sentence.start.max(token.saturating_sub(AROUND))..sentence.end.min(token + AROUND + 1)
}

#[cfg(test)]
mod tests {
    use super::{MOST_WORDS, Part, claim_words};
    use crate::domain::Span;
    use crate::extract::attribution::bare::BareAttribution;
    use crate::text::Layout;

    fn bare(text: &str, parts: [&str; 3]) -> BareAttribution {
        let span = |words: &str| {
            let start = text.find(words).unwrap();
            vec![Span::new(start, start + words.len())]
        };
        let [source, cue, content] = parts.map(span);
        BareAttribution {
            source,
            cue,
            content,
            ..BareAttribution::default()
        }
    }

    #[test]
    fn words_of_a_claim_come_with_their_part() {
        let text = "It rained. Ann Lee said on Monday it was over. She left.";
        let bare = bare(text, ["Ann Lee", "said", "it was over"]);
        let layout = Layout::new(text, None);
        let words = claim_words(&layout, &bare);
        let parts: Vec<(&str, Part)> = words
            .into_iter()
            .map(|(token, part)| (layout.word(token), part))
            .collect();
        let expect = [
            ("Ann", Part::Source),
            ("Lee", Part::Source),
            ("said", Part::Cue),
            ("on", Part::Around),
            ("Monday", Part::Around),
            ("it", Part::Opening),
            ("was", Part::Content),
            ("over", Part::Content),
            (".", Part::Around),
        ];
        assert_eq!(parts, expect);
    }

    #[test]
    fn of_a_long_claim_the_first_words_are_read() {
        let content = "rain ".repeat(5_000);
        let text = format!("Ann Lee said {content}");
        let bare = bare(&text, ["Ann Lee", "said", content.trim()]);
        let words = claim_words(&Layout::new(&text, None), &bare);
        assert!(words.len() > 50 && words.len() <= MOST_WORDS);
    }
}
