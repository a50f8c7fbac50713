//! What counts as having checked a claim.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::domain::{ClaimId, FactCheckId};
use crate::matching::{DatedText, PairRelation, is_one_proposition};
use crate::store::Tie;

/// A fact check and a claim, if they are found to say the same. By somebody else than the claimant it has to be as sure as
/// for the claims of one proposition.
pub(super) fn tie(
    fact_check: FactCheckId,
    claim: ClaimId,
    relation: Option<(PairRelation, f32)>,
) -> Option<Tie> {
    let Some((PairRelation::Repeats, confidence)) = relation else {
        return None;
    };
    Some(Tie {
        fact_check,
        claim,
        confidence,
        is_sure: is_one_proposition(relation),
    })
}

/// The words of a fact check, with the time by which they are understood.
pub(super) fn dated(claim_reviewed: &str, said: Option<DateTime<Utc>>) -> DatedText {
    DatedText {
        text: claim_reviewed.to_owned(),
        published: said.map(|time| time.with_timezone(&Tz::UTC)),
    }
}
