//! Ranking the stored actors that a mention may refer to.

use std::cmp::Reverse;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::{Actor, ActorId};
use crate::extract::{full_key, identity_key, split_title};
use crate::service::ServiceError;
use crate::store::{ActorQuery, Likeness, Store};

/// A mention of an actor.
#[derive(Debug, Clone)]
pub struct ResolveActor {
    /// The text of the mention.
    pub mention: String,
    /// The text around it.
    pub context: String,
    /// When it was written; `None` means now.
    pub time: Option<DateTime<Utc>>,
    /// Maximum number of candidates.
    pub max_candidates: usize,
}

/// An actor that the mention may refer to.
#[derive(Debug, Clone)]
pub struct ActorCandidate {
    /// The actor.
    pub actor: Actor,
    /// From 0 to 1; higher is more likely.
    pub score: f32,
    /// The evidence for this candidate, strongest first.
    pub reasons: Vec<ResolveReason>,
}

/// A piece of evidence for a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResolveReason {
    /// The mention has the key that identifies the actor across articles.
    SameIdentity,
    /// The mention is one of the actor's names.
    SameName,
    /// The mention has the actor's surname.
    SameSurname,
    /// The mention's title is an office that the actor held at the time.
    OfficeAtTime,
    /// One of the actor's names is spelled much like the mention.
    SimilarName,
    /// The context names one of the actor's roles.
    RoleInContext,
    /// The actor has an id in an external register.
    Registered,
    /// The actor is on record with a claim.
    OnRecord,
}

impl ResolveReason {
    /// How much this evidence adds to the score.
    const fn weight(self) -> f32 {
        match self {
            Self::SameIdentity => 0.6,
            Self::SameName => 0.3,
            Self::SameSurname | Self::OfficeAtTime => 0.25,
            Self::SimilarName | Self::RoleInContext => 0.15,
            Self::Registered | Self::OnRecord => 0.05,
        }
    }
}

/// What is known about a mention besides its name.
#[derive(Debug)]
struct Circumstances {
    /// The titles before the name.
    title: String,
    /// The text around it, in lower case.
    context: String,
    /// The day it was written.
    day: NaiveDate,
}

/// Returns the stored actors that a mention may refer to, best first.
///
/// # Errors
/// [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all)]
pub async fn resolve_actor(
    store: &Store,
    mention: &ResolveActor,
) -> Result<Vec<ActorCandidate>, ServiceError> {
    let (title, name) = split_title(&mention.mention);
    let query = ActorQuery {
        keys: full_key(&name)
            .into_iter()
            .chain(identity_key(&name))
            .collect(),
        name,
    };
    let likenesses = store.search_actors(&query).await?;
    let ids: Vec<ActorId> = likenesses.keys().copied().collect();
    let actors = store.actors(&ids).await?;
    let actors = actors.into_iter().map(|actor| {
        let likeness = likenesses[&actor.id];
        (actor, likeness)
    });
    let known = Circumstances {
        title,
        context: mention.context.to_lowercase(),
        day: mention.time.unwrap_or_else(Utc::now).date_naive(),
    };
    Ok(ranked(actors.collect(), &known, mention.max_candidates))
}

/// The candidates, best first; ties are broken by number of claims.
fn ranked(
    actors: Vec<(Actor, Likeness)>,
    known: &Circumstances,
    most: usize,
) -> Vec<ActorCandidate> {
    let mut candidates: Vec<ActorCandidate> = actors
        .into_iter()
        .map(|(actor, likeness)| {
            let reasons = reasons(&actor, likeness, known);
            let similarity = ResolveReason::SimilarName.weight() * likeness.similarity;
            let others = reasons
                .iter()
                .filter(|reason| **reason != ResolveReason::SimilarName);
            let score = similarity + others.map(|reason| reason.weight()).sum::<f32>();
            ActorCandidate {
                actor,
                score: score.min(1.0),
                reasons,
            }
        })
        .collect();
    candidates.sort_by(|one, other| {
        let by_claims =
            |candidate: &ActorCandidate| (Reverse(candidate.actor.claim_count), candidate.actor.id);
        let by_score = other.score.total_cmp(&one.score);
        by_score.then_with(|| by_claims(one).cmp(&by_claims(other)))
    });
    candidates.truncate(most);
    candidates
}

/// The evidence for an actor, strongest first.
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
