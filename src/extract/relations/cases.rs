//! Relations as the rules read them, on made-up articles.

use proptest::prelude::*;

use crate::domain::{Document, Extraction};
use crate::extract::{EngineKind, Options, extract};

fn read(text: &str, min_confidence: f32) -> Extraction {
    let document = Document {
        text: text.to_owned(),
        ..Document::default()
    };
    let options = Options {
        engine: EngineKind::Rules,
        min_confidence,
        ..Options::default()
    };
    extract(&document, &options)
}

/// Each relation as "1 RespondsTo 0: replied".
fn found(text: &str) -> Vec<String> {
    let read = read(text, 0.0);
    let line = |relation: &crate::domain::Relation| {
        let words = relation.evidence.iter().map(|span| span.slice(text));
        let words = words.collect::<Vec<_>>().join(" + ");
        format!(
            "{} {:?} {}: {words}",
            relation.from, relation.kind, relation.to
        )
    };
    read.relations.iter().map(line).collect()
}

fn check(cases: &[(&str, &[&str])]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expect)| (text, found(text), expect))
        .filter(|(_, found, expect)| found != *expect)
        .map(|(text, found, expect)| format!("{text}\n  found {found:?}\n  not {expect:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_marked_answer_finds_what_it_answers() {
    check(&[
        (
            "Ann Lee said the bridge was unsafe. Bo Dam replied that it was sound.",
            &["1 RespondsTo 0: replied"],
        ),
        (
            "“The bridge is a danger,” Ann Lee said. “It has stood for ages,” Bo Dam countered.",
            &["1 RespondsTo 0: countered"],
        ),
        (
            "Ann Lee said that the mayor lied. In response, Bo Dam said that he never lies.",
            &["1 RespondsTo 0: In response"],
        ),
        (
            "A reporter asked whether the bridge was safe. “It is,” Bo Dam answered.",
            &["1 RespondsTo 0: answered"],
        ),
        (
            "Ann Lee claimed that Bo Dam hid the report. Dam denied that he hid the report.",
            &["1 RespondsTo 0: denied"],
        ),
        (
            "Ann Lee said the bridge was unsafe. “Nonsense,” Bo Dam shot back.",
            &["1 RespondsTo 0: shot back"],
        ),
        (
            "Ann Lee said the bridge was unsafe. “Nonsense,” Bo Dam fired back.",
            &["1 RespondsTo 0: fired back"],
        ),
        (
            "Cy Roe said the bridge was wet. Ann Lee said that the bridge was unsafe. Responding to Roe, Bo Dam said that the bridge was dry.",
            &["2 RespondsTo 0: Responding"],
        ),
        (
            "Ann Lee criticized the bridge plan as costly. Bo Dam defended the bridge plan.",
            &["1 RespondsTo 0: defended"],
        ),
        (
            "Ann Lee asked why the bridge was shut. Asked about the bridge, Bo Dam said that it was unsafe.",
            &["2 RespondsTo 0: Asked"],
        ),
        (
            "Ann Lee said the bridge was a ruin. Bo Dam rejected that claim.",
            &["1 RespondsTo 0: rejected that claim"],
        ),
    ]);
}

#[test]
fn what_is_no_answer_has_no_relation() {
    check(&[
        (
            "Ann Lee said the bridge was unsafe. Bo Dam said that it was sound.",
            &[],
        ),
        (
            "Ann Lee said the bridge was unsafe. Bo Dam did not respond to a request for comment.",
            &[],
        ),
        (
            "Ann Lee said the bridge was unsafe. Lee replied that it was old.",
            &[],
        ),
        (
            "Ann Lee said the bridge was unsafe. The Lee campaign responded that it was old.",
            &[],
        ),
        (
            "Ann Lee said the bridge was unsafe.\n\nThe weather\n\nBo Dam replied that it rained.",
            &[],
        ),
        (
            "Ann Lee said the bridge was unsafe. It rained. The river rose. Fish died. Bo Dam replied that it was dry.",
            &[],
        ),
        (
            "Ann Lee said the bridge was unsafe. Bo Dam responded to the flood, saying that help was near.",
            &[],
        ),
        (
            "Ann Lee said it rained. Bo Dam denied that he stole a horse.",
            &[],
        ),
        (
            "Ann Lee said it rained. Bo Dam defended the bridge plan.",
            &[],
        ),
        (
            "Ann Lee said the bridge was unsafe. Responding to Cy Roe, Bo Dam said that it was dry.",
            &[],
        ),
        (
            "Ann Lee said the bridge was unsafe. Bo Dam said that the closure was in response to the flood.",
            &[],
        ),
        (
            "“We will answer,” Ann Lee said. “They replied,” Bo Dam said.",
            &[],
        ),
        ("Bo Dam replied that it was sound.", &[]),
    ]);
}

#[test]
fn a_repetition_finds_the_earlier_claim() {
    check(&[
        (
            "Ann Lee said the old harbor bridge would close in May. It rained. \
             The old harbor bridge would close in May, Lee said.",
            &["1 Repeats 0: old harbor bridge + close"],
        ),
        (
            "Ann Lee called the harbor plan “a shameful disgrace.” It rained. \
             “This harbor plan is a shameful disgrace to us,” Lee said.",
            &["1 Repeats 0: harbor plan + shameful disgrace"],
        ),
        (
            "Ann Lee said the “bridge opens to walkers soon.” Bo Dam slept. \
             “The bridge opens to walkers soon, and nobody is happier than I am,” Lee said.",
            &["1 Repeats 0: bridge opens + walkers soon"],
        ),
        (
            "Ann Lee said 12 workers lost their jobs at the harbor. Bo Dam slept. \
             Lee said twelve workers had lost their harbor jobs.",
            &["1 Repeats 0: twelve workers + lost + harbor jobs"],
        ),
    ]);
}

#[test]
fn what_differs_repeats_nothing() {
    check(&[
        // Another number.
        (
            "Ann Lee said 12 workers lost jobs at the harbor. Bo Dam slept. Lee said 15 workers lost jobs at the harbor.",
            &[],
        ),
        // The contrary.
        (
            "Ann Lee said the old harbor bridge is safe to cross. Bo Dam slept. Lee said the old harbor bridge is not safe to cross.",
            &[],
        ),
        // Another name.
        (
            "Ann Lee said workers of Acme lost jobs at harbor sites. Bo Dam slept. Lee said workers of Zenith lost jobs at harbor sites.",
            &[],
        ),
        // Another actor.
        (
            "Ann Lee said the old harbor bridge would close in May. Bo Dam said the old harbor bridge would close in May.",
            &[],
        ),
        // A name in common.
        (
            "Ann Lee said the Grand Harbor Bridge Company hired workers. It rained. Lee said the Grand Harbor Bridge Company paid taxes.",
            &[],
        ),
        // One topic, two claims.
        (
            "Ann Lee said the harbor bridge was old. It rained. Lee said the harbor bridge needs paint.",
            &[],
        ),
        // A question.
        (
            "Ann Lee asked whether the old harbor bridge would close in May. It rained. Lee said the old harbor bridge would close in May.",
            &[],
        ),
    ]);
}

#[test]
fn relations_go_with_their_claims() {
    let text = "Ann Lee criticized the bridge. Ann Lee said the bridge was unsafe. Bo Dam replied that it was sound.";
    let all = read(text, 0.0);
    assert_eq!(all.relations.len(), 1);
    let highest = all
        .claims
        .iter()
        .map(|claim| claim.confidence)
        .fold(0.0, f32::max);
    let sure = read(text, highest);
    for relation in &sure.relations {
        assert!(relation.from < sure.claims.len() && relation.to < sure.claims.len());
    }
    assert!(read(text, 1.0).relations.is_empty());
}

const PIECES: &[&str] = &[
    "Ann Lee ",
    "Bo Dam ",
    "he ",
    "said ",
    "replied ",
    "in response to ",
    "asked about ",
    "rejected ",
    "the claim ",
    "Lee’s claim ",
    "that ",
    "it was safe",
    "the old bridge ",
    "shot back ",
    "denied ",
    "defended ",
    "“",
    "”",
    ". ",
    ", ",
    "? ",
    "\n\n",
    "é🦀 ",
    "not ",
    "12 ",
    "by ",
    "who ",
    "when ",
];

proptest! {
    #[test]
    fn any_mix_of_answers_gives_whole_relations(
        words in prop::collection::vec(prop::sample::select(PIECES), 0..80),
        min in 0.0_f32..1.0,
    ) {
        let text = words.concat();
        let read = read(&text, min);
        let keys: Vec<_> = read.relations.iter().map(|one| (one.from, one.kind)).collect();
        prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        for relation in &read.relations {
            prop_assert!(relation.from < read.claims.len() && relation.to < read.claims.len());
            prop_assert!(relation.from != relation.to && !relation.evidence.is_empty());
            prop_assert!((0.0..=1.0).contains(&relation.confidence));
            prop_assert!(relation.evidence.windows(2).all(|pair| pair[0].end <= pair[1].start));
            for span in &relation.evidence {
                prop_assert!(text.get(span.start..span.end).is_some_and(|words| !words.is_empty()));
            }
        }
    }
}
