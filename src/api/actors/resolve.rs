use tonic::Status;

use crate::api::convert::actor::stored;
use crate::api::request::Check;
use crate::api::wire::status::Reason;
use crate::domain::MAX_NAME_BYTES;
use crate::proto::{self, ResolveActorRequest, ResolveActorResponse};
use crate::service::actors::{ActorCandidate, ResolveActor, ResolveReason};

const DEFAULT_CANDIDATES: usize = 5;
const MAX_CANDIDATES: usize = 50;
const MAX_CONTEXT: usize = 10_000;

pub(super) fn parse(request: ResolveActorRequest) -> Result<ResolveActor, Status> {
    let mut check = Check::default();
    check.required_text("mention", &request.mention, MAX_NAME_BYTES);
    check.text("context", &request.context, MAX_CONTEXT);
    let time = request.time.and_then(|time| check.timestamp("time", time));
    let max_candidates = max_candidates(&mut check, request.max_candidates);
    check.finish()?;
    Ok(ResolveActor {
        mention: request.mention,
        context: request.context,
        time,
        max_candidates,
    })
}

/// Encodes the candidates.
pub(super) fn resolved(candidates: &[ActorCandidate]) -> ResolveActorResponse {
    let candidates = candidates.iter().map(|candidate| proto::ActorCandidate {
        actor: Some(stored(&candidate.actor)),
        score: candidate.score,
        reasons: candidate
            .reasons
            .iter()
            .map(|reason| number(*reason).into())
            .collect(),
    });
    ResolveActorResponse {
        candidates: candidates.collect(),
    }
}

const fn number(reason: ResolveReason) -> proto::ResolveReason {
    match reason {
        ResolveReason::SameIdentity => proto::ResolveReason::SameIdentity,
        ResolveReason::SameName => proto::ResolveReason::SameName,
        ResolveReason::SameSurname => proto::ResolveReason::SameSurname,
        ResolveReason::OfficeAtTime => proto::ResolveReason::OfficeAtTime,
        ResolveReason::SimilarName => proto::ResolveReason::SimilarName,
        ResolveReason::RoleInContext => proto::ResolveReason::RoleInContext,
        ResolveReason::Registered => proto::ResolveReason::Registered,
        ResolveReason::OnRecord => proto::ResolveReason::OnRecord,
    }
}

/// Parses the maximum number of candidates.
fn max_candidates(check: &mut Check, number: i32) -> usize {
    match usize::try_from(number) {
        Ok(0) => DEFAULT_CANDIDATES,
        Ok(most) => most.min(MAX_CANDIDATES),
        Err(_) => {
            check.fail(
                "max_candidates",
                Reason::InvalidField,
                format!("is negative: {number}"),
            );
            DEFAULT_CANDIDATES
        }
    }
}
