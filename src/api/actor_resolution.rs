//! Ranking the stored actors that words may mean.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::convert::actor::stored;
use crate::domain::Actor;
use crate::proto::{ActorCandidate, ResolveReason};
use crate::store::Likeness;

/// What is known of a mention besides its name.
#[derive(Debug)]
pub(super) struct Circumstances {
    /// The titles before the name.
    pub title: String,
    /// The words around it, in lower case.
    pub context: String,
    /// The day it was written.
    pub day: NaiveDate,
}

/// How much each reason adds to a score.
const fn weight(reason: ResolveReason) -> f32 {
    match reason {
        ResolveReason::SameIdentity => 0.6,
        ResolveReason::SameName => 0.3,
        ResolveReason::SameSurname | ResolveReason::OfficeAtTime => 0.25,
        ResolveReason::SimilarName | ResolveReason::RoleInContext => 0.15,
        ResolveReason::Registered | ResolveReason::OnRecord => 0.05,
        ResolveReason::Unspecified => 0.0,
    }
}

/// The candidates, best first; of equals the one with more claims.
pub(super) fn ranked(
    actors: Vec<(Actor, Likeness)>,
    known: &Circumstances,
    most: usize,
) -> Vec<ActorCandidate> {
    let mut scored: Vec<(f32, Vec<ResolveReason>, Actor)> = actors
        .into_iter()
        .map(|(actor, likeness)| {
            let reasons = reasons(&actor, likeness, known);
            let likeness = weight(ResolveReason::SimilarName) * likeness.similarity;
            let others = reasons
                .iter()
                .filter(|reason| **reason != ResolveReason::SimilarName);
            let score = likeness + others.map(|reason| weight(*reason)).sum::<f32>();
            (score.min(1.0), reasons, actor)
        })
        .collect();
    scored.sort_by(|(score_a, _, a), (score_b, _, b)| {
        let order = score_b.total_cmp(score_a);
        order.then_with(|| (Reverse(a.claim_count), a.id).cmp(&(Reverse(b.claim_count), b.id)))
    });
    scored.truncate(most);
    let candidate = |(score, reasons, actor): (f32, Vec<ResolveReason>, Actor)| ActorCandidate {
        actor: Some(stored(&actor)),
        score,
        reasons: reasons.into_iter().map(Into::into).collect(),
    };
    scored.into_iter().map(candidate).collect()
}

/// What speaks for an actor, strongest first.
fn reasons(actor: &Actor, likeness: Likeness, known: &Circumstances) -> Vec<ResolveReason> {
    let office = actor
        .roles
        .iter()
        .any(|role| role.is_meant(&known.title, known.day));
    let in_context = |words: &str| words.len() > 3 && known.context.contains(&words.to_lowercase());
    let role = actor.roles.iter().any(|role| {
        in_context(&role.title) || role.organization.as_deref().is_some_and(in_context)
    });
    let all = [
        (ResolveReason::SameIdentity, likeness.same_identity),
        (ResolveReason::SameName, likeness.same_name),
        (ResolveReason::SameSurname, likeness.same_surname),
        (
            ResolveReason::OfficeAtTime,
            !known.title.is_empty() && office,
        ),
        (
            ResolveReason::SimilarName,
            likeness.similarity > 0.0 && !likeness.same_name,
        ),
        (ResolveReason::RoleInContext, role),
        (ResolveReason::Registered, !actor.external_ids.is_empty()),
        (ResolveReason::OnRecord, actor.claim_count > 0),
    ];
    all.into_iter()
        .filter(|(_, holds)| *holds)
        .map(|(reason, _)| reason)
        .collect()
}
