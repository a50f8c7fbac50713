//! Nesting: A says that B claims.

use std::cmp::Reverse;

use crate::domain::{Attributed, Span};

/// Sets each claim's parent: the claim with the shortest content in which this claim's source and cue both stand.
///
/// A parent begins before its child, or with it and ends later, so no claim can become its own ancestor.
pub(in crate::extract) fn set_parents(claims: &mut [Attributed]) {
    let ranks = ranks(claims);
    let mut contents: Vec<(Span, usize)> = Vec::new();
    for (index, claim) in claims.iter().enumerate() {
        contents.extend(claim.content.iter().map(|span| (*span, index)));
    }
    contents.sort_unstable();
    let mut anchors: Vec<(Span, usize)> = claims
        .iter()
        .enumerate()
        .filter_map(|(index, claim)| Some((anchor(claim)?, index)))
        .collect();
    anchors.sort_unstable();
    let mut open: Vec<(Span, usize)> = Vec::new();
    let mut next = contents.into_iter().peekable();
    for (anchor, index) in anchors {
        while let Some(content) = next.next_if(|(span, _)| span.start <= anchor.start) {
            open.push(content);
        }
        open.retain(|(span, _)| span.end > anchor.start);
        claims[index].parent = open
            .iter()
            .filter(|(span, owner)| ranks[*owner] < ranks[index] && span.contains(anchor))
            .min_by_key(|(span, owner)| (span.len(), *owner))
            .map(|(_, owner)| *owner);
    }
}

/// Where each claim stands if claims are ordered by their first word and, from there, the longer first.
fn ranks(claims: &[Attributed]) -> Vec<(usize, Reverse<usize>, usize)> {
    let extent = |claim: &Attributed| hull(spans(claim).chain(&claim.content));
    claims
        .iter()
        .enumerate()
        .map(|(index, claim)| {
            let extent = extent(claim).unwrap_or(Span::new(0, 0));
            (extent.start, Reverse(extent.end), index)
        })
        .collect()
}

/// From the start of the source or cue, whichever is first, to the end of the other.
fn anchor(claim: &Attributed) -> Option<Span> {
    hull(spans(claim))
}

fn spans(claim: &Attributed) -> impl Iterator<Item = &Span> {
    let source = claim.source.iter().flat_map(|source| &source.spans);
    source.chain(claim.cue.iter().flat_map(|cue| &cue.spans))
}

fn hull<'a>(spans: impl Iterator<Item = &'a Span>) -> Option<Span> {
    spans
        .copied()
        .reduce(|a, b| Span::new(a.start.min(b.start), a.end.max(b.end)))
}

#[cfg(test)]
mod tests {
    use super::set_parents;
    use crate::domain::{Attributed, Cue, QuoteType, Source, SourceClass, Span};

    fn claim(source: (usize, usize), cue: (usize, usize), content: (usize, usize)) -> Attributed {
        Attributed {
            addressees: Vec::new(),
            about: Vec::new(),
            actor: None,
            parent: None,
            source: Some(Source {
                spans: vec![Span::new(source.0, source.1)],
                class: SourceClass::Named,
            }),
            cue: Some(Cue {
                spans: vec![Span::new(cue.0, cue.1)],
                lemma: "say".to_owned(),
            }),
            content: vec![Span::new(content.0, content.1)],
            quote_type: QuoteType::Indirect,
            kind: None,
            reporter_stance: None,
            commitment: None,
            utterance_time: None,
            referenced_times: Vec::new(),
            check_worthiness: None,
            confidence: 1.0,
            part_confidence: None,
            actor_confidence: None,
            traces: Vec::new(),
        }
    }

    #[test]
    fn a_claim_belongs_to_the_innermost_content_around_it() {
        let mut claims = vec![
            claim((0, 3), (4, 8), (9, 60)),
            claim((12, 15), (16, 20), (21, 60)),
            claim((22, 25), (26, 30), (31, 40)),
            claim((61, 63), (64, 66), (67, 70)),
        ];
        set_parents(&mut claims);
        let parents: Vec<Option<usize>> = claims.iter().map(|claim| claim.parent).collect();
        assert_eq!(parents, [None, Some(0), Some(1), None]);
    }

    #[test]
    fn no_claim_is_its_own_ancestor() {
        let mut claims = vec![
            claim((10, 12), (13, 15), (0, 9)),
            claim((1, 3), (4, 5), (9, 20)),
        ];
        set_parents(&mut claims);
        assert_eq!((claims[0].parent, claims[1].parent), (None, Some(0)));
    }
}
