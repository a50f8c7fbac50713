//! What counts as having checked a claim.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::matching::{DatedText, PairRelation, is_one_proposition};

/// How sure it is that a claim says what was checked; `None` if not as sure as the claims of one proposition.
pub(super) fn confidence(relation: Option<(PairRelation, f32)>) -> Option<f32> {
    let (_, confidence) = relation.filter(|relation| is_one_proposition(Some(*relation)))?;
    Some(confidence)
}

/// The words of a fact check, with the time by which they are understood.
pub(super) fn dated(claim_reviewed: &str, said: Option<DateTime<Utc>>) -> DatedText {
    DatedText {
        text: claim_reviewed.to_owned(),
        published: said.map(|time| time.with_timezone(&Tz::UTC)),
    }
}
