//! Quotations that run over several paragraphs: each opens with a mark, only the last one closes. The model reads
//! paragraph by paragraph; what one of them says without naming anybody belongs to the attribution beside it.

use crate::domain::Span;
use crate::extract::attribution::bare::BareAttribution;
use crate::text::{Closing, Layout, Quotation};

use super::turns::Turns;

/// Assigns the paragraphs of a quotation that have no attribution yet to that of the paragraph before, or else of the
/// one after.
pub(in crate::extract::model) fn continue_quotations(
    layout: &Layout<'_>,
    turns: &Turns,
    found: &mut [BareAttribution],
) {
    for chain in chains(&layout.quotations, turns) {
        let mut owners: Vec<Option<usize>> =
            chain.iter().map(|part| owner(found, part.inner)).collect();
        for (at, part) in chain.iter().enumerate().skip(1) {
            extend(found, &mut owners, at, at - 1, part.span);
        }
        for (at, part) in chain.iter().enumerate().rev().skip(1) {
            extend(found, &mut owners, at, at + 1, part.span);
        }
    }
}

/// The quotations that go on over paragraphs, each by its parts. In a transcript each turn is one of its own.
fn chains<'q>(quotations: &'q [Quotation], turns: &Turns) -> Vec<Vec<&'q Quotation>> {
    let mut chains: Vec<Vec<&Quotation>> = Vec::new();
    let mut is_open = false;
    for quotation in quotations.iter().filter(|quotation| quotation.depth == 0) {
        let goes_on = is_open && quotation.continues && !turns.begin_in(quotation.span);
        match chains.last_mut().filter(|_| goes_on) {
            Some(chain) => chain.push(quotation),
            None => chains.push(vec![quotation]),
        }
        is_open = quotation.closing == Closing::Continued;
    }
    chains.retain(|chain| chain.len() > 1);
    chains
}

/// The attribution with the longest content piece that touches `inner`.
fn owner(found: &[BareAttribution], inner: Span) -> Option<usize> {
    let touching = |attribution: &BareAttribution| {
        let pieces = attribution
            .content
            .iter()
            .filter(|span| span.overlaps(inner));
        pieces.map(|span| span.len()).max()
    };
    let owners = found.iter().enumerate();
    let owners = owners.filter_map(|(index, attribution)| Some((touching(attribution)?, index)));
    owners
        .max_by_key(|(length, index)| (*length, std::cmp::Reverse(*index)))
        .map(|(_, index)| index)
}

fn extend(
    found: &mut [BareAttribution],
    owners: &mut [Option<usize>],
    at: usize,
    neighbour: usize,
    span: Span,
) {
    if owners[at].is_none()
        && let Some(owner) = owners[neighbour]
    {
        found[owner].content.push(span);
        owners[at] = Some(owner);
    }
}

#[cfg(test)]
mod tests {
    use super::{Turns, continue_quotations};
    use crate::domain::Span;
    use crate::extract::attribution::bare::BareAttribution;
    use crate::text::Layout;

    /// `content` is what the model found for one attribution; `expect` what it has then.
    fn check(text: &str, content: &str, expect: &[&str]) {
        let at = text.find(content).unwrap();
        let mut found = vec![BareAttribution {
            content: vec![Span::new(at, at + content.len())],
            ..BareAttribution::default()
        }];
        let layout = Layout::new(text, None);
        continue_quotations(&layout, &Turns::new(&layout), &mut found);
        let mut spans = found[0].content.clone();
        spans.sort_unstable();
        let words: Vec<&str> = spans.iter().map(|span| span.slice(text)).collect();
        assert_eq!(words, expect);
    }

    #[test]
    fn a_quotation_over_paragraphs_is_one_content() {
        let text = "Ann Lee said: “One.\n\n“Two.\n\n“Three.”\n\nIt rained.";
        check(text, "“One.", &["“One.", "“Two.", "“Three.”"]);
        let text = "“One.\n\n“Two.\n\n“Three,” said Ann Lee.";
        check(text, "“Three,”", &["“One.", "“Two.", "“Three,”"]);
    }

    #[test]
    fn the_next_turn_is_somebody_else_s() {
        let text = "“LEE: One.\n\n“Two.\n\n“DAM: Three.\n\n“LEE: Four.”";
        check(text, "One.", &["One.", "“Two."]);
    }

    #[test]
    fn what_is_closed_stays_alone() {
        check("“One,” said Ann Lee.\n\n“Two.”", "“One,”", &["“One,”"]);
    }
}
