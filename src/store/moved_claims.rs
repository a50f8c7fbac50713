//! Where the claims of an article stand once its text was edited.

use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::StoreError;
use crate::domain::{Addressee, Claim, ClaimId, NamedTime, Passage, ReviewState, Span};
use crate::text::Alignment;

const MOVE: &str = "UPDATE claims c \
     SET source = u.source, cue = u.cue, content = u.content, addressees = u.addressees, \
         utterance_time = u.utterance_time, referenced_times = u.referenced_times, row_version = c.row_version + 1 \
     FROM unnest($1::uuid[], $2::jsonb[], $3::jsonb[], $4::jsonb[], $5::jsonb[], $6::jsonb[], $7::jsonb[]) \
       AS u (id, source, cue, content, addressees, utterance_time, referenced_times) \
     WHERE c.id = u.id";

/// The statements of this file.
pub(super) const STATEMENTS: &[(&str, &str)] = &[("moved_claims::MOVE", MOVE)];

/// Claims of a text that was edited.
pub(super) struct Moved {
    /// All of them. One whose words are not there any more has no place in the new text, and nothing read in it is that
    /// claim.
    pub claims: Vec<Claim>,
    /// Those that stand elsewhere now.
    pub moved: Vec<ClaimId>,
}

/// Moves claims, which are locked, to where their words stand in the new text.
pub(super) async fn move_claims(
    tx: &mut PgConnection,
    alignment: &Alignment,
    stored: Vec<Claim>,
) -> Result<Moved, StoreError> {
    let mut claims = Vec::with_capacity(stored.len());
    let mut moved = Vec::new();
    for claim in stored {
        match moved_claim(alignment, &claim) {
            Some(new) => {
                if new != claim {
                    moved.push(new.clone());
                }
                claims.push(new);
            }
            None => claims.push(without_place(claim)),
        }
    }
    write(tx, &moved).await?;
    Ok(Moved {
        claims,
        moved: moved.iter().map(|claim| claim.id).collect(),
    })
}

/// The claim in the new text. A time whose words are not there any more is not known any more.
fn moved_claim(alignment: &Alignment, claim: &Claim) -> Option<Claim> {
    let addressee = |one: &Addressee| {
        Some(Addressee {
            passage: passage(alignment, &one.passage)?,
            actor: one.actor,
        })
    };
    let time = |time: &NamedTime| {
        let mut moved = time.clone();
        moved.time.span = alignment.of(time.time.span)?;
        Some(moved)
    };
    Some(Claim {
        source: passages(alignment, &claim.source)?,
        cue: passages(alignment, &claim.cue)?,
        content: passages(alignment, &claim.content)?,
        addressees: claim
            .addressees
            .iter()
            .map(addressee)
            .collect::<Option<_>>()?,
        utterance_time: claim.utterance_time.as_ref().and_then(time),
        referenced_times: claim.referenced_times.iter().filter_map(time).collect(),
        ..claim.clone()
    })
}

fn passages(alignment: &Alignment, passages: &[Passage]) -> Option<Vec<Passage>> {
    let moved = passages.iter().map(|one| passage(alignment, one));
    moved.collect()
}

fn passage(alignment: &Alignment, passage: &Passage) -> Option<Passage> {
    Some(Passage {
        span: alignment.of(passage.span)?,
        text: passage.text.clone(),
    })
}

/// The claim as one that only the engine stood behind, and that it cannot read again.
fn without_place(claim: Claim) -> Claim {
    let nowhere = Passage {
        span: Span::new(usize::MAX, usize::MAX),
        text: String::new(),
    };
    Claim {
        source: Vec::new(),
        cue: Vec::new(),
        content: vec![nowhere],
        review_state: ReviewState::Machine,
        ..claim
    }
}

async fn write(tx: &mut PgConnection, moved: &[Claim]) -> Result<(), StoreError> {
    if moved.is_empty() {
        return Ok(());
    }
    let addressees = |claim: &Claim| {
        let passages = claim.addressees.iter().map(|one| one.passage.clone());
        passages.collect::<Vec<_>>()
    };
    sqlx::query(MOVE)
        .bind(column::<Uuid>(moved, |claim| claim.id.0))
        .bind(column(moved, |claim| Json(claim.source.clone())))
        .bind(column(moved, |claim| Json(claim.cue.clone())))
        .bind(column(moved, |claim| Json(claim.content.clone())))
        .bind(column(moved, |claim| Json(addressees(claim))))
        .bind(column(moved, |claim| {
            claim.utterance_time.clone().map(Json)
        }))
        .bind(column(moved, |claim| Json(claim.referenced_times.clone())))
        .execute(tx)
        .await?;
    Ok(())
}

fn column<T>(claims: &[Claim], value: impl Fn(&Claim) -> T) -> Vec<T> {
    claims.iter().map(value).collect()
}
