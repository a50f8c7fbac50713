//! Quotations that run over several paragraphs: each opens with a mark, only the last one closes. The model reads
//! paragraph by paragraph; what one of them says without naming anybody belongs to the attribution beside it.

use crate::domain::Span;
use crate::extract::attributor::BareAttribution;
use crate::text::{Closing, Layout, Quotation};

/// Gives the paragraphs of a quotation that are nobody's yet to the attribution of the paragraph before, or else of the
/// one behind.
pub(super) fn continue_quotations(layout: &Layout<'_>, found: &mut [BareAttribution]) {
    for chain in chains(&layout.quotations) {
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

/// The quotations that go on over paragraphs, each by its parts.
fn chains(quotations: &[Quotation]) -> Vec<Vec<&Quotation>> {
    let mut chains: Vec<Vec<&Quotation>> = Vec::new();
    let mut open: Option<Vec<&Quotation>> = None;
    for quotation in quotations.iter().filter(|quotation| quotation.depth == 0) {
        let mut chain = open
            .take()
            .filter(|_| quotation.continues)
            .unwrap_or_default();
        chain.push(quotation);
        if quotation.closing == Closing::Continued {
            open = Some(chain);
        } else if chain.len() > 1 {
            chains.push(chain);
        }
    }
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
    use super::continue_quotations;
    use crate::domain::Span;
    use crate::extract::attributor::BareAttribution;
    use crate::text::Layout;

    /// `content` is what the model found for one attribution; `expect` what it has then.
    fn check(text: &str, content: &str, expect: &[&str]) {
        let at = text.find(content).unwrap();
        let mut found = vec![BareAttribution {
            content: vec![Span::new(at, at + content.len())],
            ..BareAttribution::default()
        }];
        continue_quotations(&Layout::new(text, None), &mut found);
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
    fn what_is_closed_stays_alone() {
        check("“One,” said Ann Lee.\n\n“Two.”", "“One,”", &["“One,”"]);
    }
}
