//! Determining whether an extracted claim is already stored unchanged.

use uuid::Uuid;

use super::writes::{ClaimWrite, Reading};
use crate::domain::{Claim, Span};

/// Returns whether writing a claim would change nothing in the stored claim with the same spans.
pub(super) fn is_as_stored(write: &ClaimWrite<'_>, stored: &Claim, reading: Reading<'_>) -> bool {
    let read = write.read;
    stored.ordinal == write.ordinal
        && stored.actor.map(|actor| actor.0) == write.actor
        && stored.parent.map(|parent| parent.0) == write.parent
        && addressed(stored).eq(read
            .addressees
            .iter()
            .map(|one| one.span)
            .zip(write.addressees.iter().copied()))
        && stored.about.iter().map(|actor| actor.0).eq(write
            .about
            .iter()
            .copied()
            .filter(|actor| Some(*actor) != write.actor))
        && stored.source_class == read.source.as_ref().map(|source| source.class)
        && stored.cue_lemma.as_deref() == read.cue.as_ref().map(|cue| cue.lemma.as_str())
        && stored.quote_type == read.quote_type
        && stored.kind == read.kind
        && stored.reporter_stance == read.reporter_stance
        && stored.commitment == read.commitment
        && stored.utterance_time == read.utterance_time.map(|time| reading.time(time))
        && stored
            .referenced_times
            .iter()
            .cloned()
            .eq(read.referenced_times.iter().map(|time| reading.time(*time)))
        && stored.check_worthiness == read.check_worthiness
        && stored.confidence.to_bits() == read.confidence.to_bits()
        && stored.part_confidence == read.part_confidence
        && stored.actor_confidence == write.actor_confidence
        && stored.engine == *reading.engine
}

/// The addressees of a stored claim.
fn addressed(stored: &Claim) -> impl Iterator<Item = (Span, Option<Uuid>)> {
    stored
        .addressees
        .iter()
        .map(|one| (one.passage.span, one.actor.map(|actor| actor.0)))
}
