//! Relocating the claims of an article after its text was edited.

use std::collections::HashSet;

use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::{Addressee, Claim, ClaimId, NamedTime, Passage, ReviewState, Span};
use crate::store::db::StoreError;
use crate::text::{Alignment, Pieces};

const MOVE: &str = "UPDATE claims c \
     SET source = u.source, cue = u.cue, content = u.content, addressees = u.addressees, \
         utterance_time = u.utterance_time, referenced_times = u.referenced_times, row_version = c.row_version + 1 \
     FROM unnest($1::uuid[], $2::jsonb[], $3::jsonb[], $4::jsonb[], $5::jsonb[], $6::jsonb[], $7::jsonb[]) \
       AS u (id, source, cue, content, addressees, utterance_time, referenced_times) \
     WHERE c.id = u.id";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[("articles::moved_claims::MOVE", MOVE)];

/// The claims of an article with their positions in the text being read.
pub(super) struct PositionedClaims {
    /// All claims. A claim whose words no longer exist has no position, and no extracted claim matches it.
    pub claims: Vec<Claim>,
    /// The claims whose stored positions are still the old ones.
    pub relocated: HashSet<ClaimId>,
}

impl PositionedClaims {
    /// For claims of the same text that they were extracted from.
    pub fn as_stored(claims: Vec<Claim>) -> Self {
        Self {
            claims,
            relocated: HashSet::new(),
        }
    }

    /// For claims of a text that was edited.
    pub fn after(alignment: &Alignment, stored: Vec<Claim>) -> Self {
        let mut claims = Vec::with_capacity(stored.len());
        let mut relocated = HashSet::new();
        for claim in stored {
            let found = moved_claim(&alignment.kept, &claim)
                .or_else(|| moved_claim(&alignment.moved, &claim));
            match found {
                Some(new) => {
                    if new != claim {
                        relocated.insert(new.id);
                    }
                    claims.push(new);
                }
                None => claims.push(without_position(claim)),
            }
        }
        Self { claims, relocated }
    }

    /// The claims that were reviewed by a person and have moved: extraction does not write these.
    pub fn moved_reviewed(&self) -> Vec<&Claim> {
        let claims = self.claims.iter();
        claims
            .filter(|claim| claim.is_reviewed() && self.relocated.contains(&claim.id))
            .collect()
    }
}

/// The claim in the new text. A time whose words no longer exist becomes unknown.
fn moved_claim(pieces: &Pieces, claim: &Claim) -> Option<Claim> {
    let addressee = |one: &Addressee| {
        Some(Addressee {
            passage: passage(pieces, &one.passage)?,
            actor: one.actor,
        })
    };
    let time = |time: &NamedTime| {
        let mut moved = time.clone();
        moved.time.span = pieces.position_of(time.time.span)?;
        Some(moved)
    };
    Some(Claim {
        source: passages(pieces, &claim.source)?,
        cue: passages(pieces, &claim.cue)?,
        content: passages(pieces, &claim.content)?,
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

fn passages(pieces: &Pieces, passages: &[Passage]) -> Option<Vec<Passage>> {
    let moved = passages.iter().map(|one| passage(pieces, one));
    moved.collect()
}

fn passage(pieces: &Pieces, passage: &Passage) -> Option<Passage> {
    Some(Passage {
        span: pieces.position_of(passage.span)?,
        text: passage.text.clone(),
    })
}

/// The claim as an unreviewed one that cannot be matched with an extracted claim.
fn without_position(claim: Claim) -> Claim {
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

/// Writes the positions, and what depends on them, of locked claims.
pub(super) async fn write_positions(
    tx: &mut PgConnection,
    moved: &[&Claim],
) -> Result<(), StoreError> {
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

fn column<T>(claims: &[&Claim], value: impl Fn(&Claim) -> T) -> Vec<T> {
    claims.iter().map(|claim| value(claim)).collect()
}
