//! What the heads that read what a claim means are shown of given attributions, to train them.

use std::sync::atomic::AtomicBool;

use serde::Serialize;

use super::attribution::bare::BareAttribution;
use super::attribution::quote_type::quoted_spans;
use super::attribution::ruled::Ruled;
use super::coref::Cast;
use super::engine::EngineKind;
use super::semantics::claim_words;
use crate::text::Layout;

/// What is shown of one claim.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ShownClaim {
    /// The tokens that are read.
    words: Vec<usize>,
    /// What each of them is to the claim.
    parts: Vec<usize>,
    /// What the rules made of it.
    features: Vec<usize>,
}

/// What is shown of these attributions, in their order.
#[must_use]
pub fn shown_claims(layout: &Layout<'_>, given: &[BareAttribution]) -> Vec<ShownClaim> {
    let read = EngineKind::Model.attributor();
    let read = read.attribute(layout, &AtomicBool::new(false));
    let cast = Cast::new(layout, given, read.who.as_ref());
    let quoted = quoted_spans(layout);
    let shown = |(index, bare): (usize, &BareAttribution)| {
        let ruled = Ruled::new(layout, &quoted, &cast, bare, index);
        let words = claim_words(layout, bare);
        ShownClaim {
            words: words.iter().map(|(token, _)| *token).collect(),
            parts: words.iter().map(|(_, part)| *part as usize).collect(),
            features: ruled.features().to_vec(),
        }
    };
    given.iter().enumerate().map(shown).collect()
}
