//! Leaving out what an engine is not sure of, once everything is read.

use crate::domain::Extraction;

/// Drops the claims of less than `min_confidence` and renumbers the others; a claim whose parent is dropped has none,
/// and a relation goes with either of its claims. Nothing else changes: actors and mentions are those of the whole text.
pub(super) fn drop_below(read: &mut Extraction, min_confidence: f32) {
    let kept: Vec<bool> = read
        .claims
        .iter()
        .map(|claim| claim.confidence >= min_confidence)
        .collect();
    let places = places(&kept);
    retain(&mut read.claims, &kept);
    for claim in &mut read.claims {
        claim.parent = claim.parent.and_then(|parent| places[parent]);
    }
    read.relations
        .retain(|relation| kept[relation.from] && kept[relation.to]);
    for relation in &mut read.relations {
        for end in [&mut relation.from, &mut relation.to] {
            *end = places[*end].unwrap_or(*end);
        }
    }
}

/// The new place of each item, `None` for those that are not kept.
fn places(kept: &[bool]) -> Vec<Option<usize>> {
    let mut next = 0;
    kept.iter()
        .map(|kept| {
            let place = next;
            next += usize::from(*kept);
            kept.then_some(place)
        })
        .collect()
}

fn retain<T>(items: &mut Vec<T>, kept: &[bool]) {
    let mut kept = kept.iter();
    items.retain(|_| kept.next().is_some_and(|kept| *kept));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::domain::{Attributed, Document, Extraction, LocalActor};
    use crate::extract::{EngineKind, Options, extract};

    fn read(text: &str, min_confidence: f32) -> Extraction {
        let document = Document {
            text: text.to_owned(),
            ..Document::default()
        };
        extract(
            &document,
            &Options {
                engine: EngineKind::Rules,
                min_confidence,
                ..Options::default()
            },
        )
    }

    #[test]
    fn actors_and_mentions_stay() {
        let text = "Mrs. Ann Lee, the mayor, criticized the plan. “It is over,” said Bo Dam.";
        let (all, sure) = (read(text, 0.0), read(text, 0.85));
        assert_eq!((all.claims.len(), sure.claims.len()), (2, 1));
        assert_eq!((&sure.actors, &sure.mentions), (&all.actors, &all.mentions));
        assert_eq!(sure.actors[0].roles[0].title, "mayor");
    }

    /// Everything a claim says, with actor and parent by what they are and not by where they stand.
    type Said<'a> = (Attributed, Option<&'a LocalActor>, Option<Attributed>);

    fn said<'a>(read: &'a Extraction, claim: &Attributed, min: f32) -> Said<'a> {
        let alone = |claim: &Attributed| Attributed {
            actor: None,
            parent: None,
            ..claim.clone()
        };
        let parent = claim.parent.map(|parent| &read.claims[parent]);
        (
            alone(claim),
            claim.actor.map(|actor| &read.actors[actor]),
            parent.filter(|parent| parent.confidence >= min).map(alone),
        )
    }

    const SUBJECTS: &[&str] = &[
        "Ann Lee",
        "Lee",
        "Mr. Dam",
        "Bo Dam",
        "he",
        "she",
        "the mayor",
        "residents",
        "who",
    ];
    const CUES: &[&str] = &[
        " said ",
        " claimed that ",
        " criticized ",
        " said that Cy Roe believes that ",
        ", who added that ",
        " was expected to say ",
    ];
    const CONTENTS: &[&str] = &[
        "it rained. ",
        "the plan. ",
        "“it is over.” ",
        "it was “over,” she said, and left.\n\n",
        "Ann Lee had said so, according to Bo Dam. ",
    ];

    proptest! {
        #[test]
        fn what_is_kept_is_read_as_without_a_threshold(
            parts in prop::collection::vec(
                (
                    prop::sample::select(SUBJECTS),
                    prop::sample::select(CUES),
                    prop::sample::select(CONTENTS),
                ),
                0..12,
            ),
            min in 0.3_f32..1.0,
        ) {
            let text: String = parts.iter().map(|(who, cue, what)| [*who, cue, what].concat()).collect();
            let (all, sure) = (read(&text, 0.0), read(&text, min));
            let expect: Vec<Said<'_>> = all
                .claims
                .iter()
                .filter(|claim| claim.confidence >= min)
                .map(|claim| said(&all, claim, min))
                .collect();
            let found: Vec<Said<'_>> =
                sure.claims.iter().map(|claim| said(&sure, claim, min)).collect();
            prop_assert_eq!(found, expect);
        }
    }
}
