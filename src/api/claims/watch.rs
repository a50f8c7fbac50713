//! Watching claims: turns claim events into messages.

use std::collections::{HashMap, VecDeque};

use futures_util::stream;
use prost::Message;
use tonic::Status;
use tonic::codegen::BoxStream;

use super::encode::encode;
use crate::api::request::Check;
use crate::api::wire::names::Named;
use crate::api::wire::no_panics::without_panics;
use crate::api::wire::page_token::{self, ListId};
use crate::api::wire::status::Reason;
use crate::api::wire::stream_task::in_own_task;
use crate::domain::{Claim, ClaimId};
use crate::proto::{self, ClaimChangeKind, WatchClaimsResponse};
use crate::service::ServiceError;
use crate::service::claims::{Batch, EventStream, WatchedChange, WatchedClaim, Watcher, in_time};
use crate::store::{ClaimFilter, EventPosition, Store};
use crate::text::TextEncoding;

/// A watch request.
#[derive(Debug)]
pub(super) struct Watch {
    filter: ClaimFilter,
    filter_bytes: Vec<u8>,
    encoding: TextEncoding,
    /// `None` starts from now.
    after: Option<EventPosition>,
}

pub(super) fn parse(request: proto::WatchClaimsRequest) -> Result<Watch, Status> {
    let filter = request.filter.unwrap_or_default();
    let filter_bytes = filter.encode_to_vec();
    let mut check = Check::default();
    if !filter.proposition.is_empty() {
        let description = "cannot be watched: claims come to a proposition without changing";
        check.fail("filter.proposition", Reason::InvalidField, description);
    }
    if filter.actor_gender != 0 {
        let description = "cannot be watched: what is known of an actor changes without its claims";
        check.fail("filter.actor_gender", Reason::InvalidField, description);
    }
    if filter.has_fact_check.is_some() {
        let description = "cannot be watched: fact checks come and go without the claim changing";
        check.fail("filter.has_fact_check", Reason::InvalidField, description);
    }
    let filter = check.claim_filter(filter);
    let after = resume_token(&mut check, list(&filter_bytes), &request.resume_token);
    let encoding = check.encoding(request.encoding_type);
    check.finish()?;
    Ok(Watch {
        filter,
        filter_bytes,
        encoding,
        after,
    })
}

const fn list(filter: &[u8]) -> ListId<'_> {
    ListId {
        rpc: "WatchClaims",
        filter,
    }
}

fn resume_token(check: &mut Check, list: ListId<'_>, token: &str) -> Option<EventPosition> {
    if token.is_empty() {
        return None;
    }
    let position = page_token::read_resume(list, token);
    if position.is_err() {
        let description = "is no resume token of this RPC and filter";
        check.fail("resume_token", Reason::InvalidResumeToken, description);
    }
    position.ok()
}

/// Starts a watch; the first message gives the starting position.
pub(super) async fn watch(
    store: &Store,
    events: &EventStream,
    watch: Watch,
) -> Result<BoxStream<WatchClaimsResponse>, ServiceError> {
    let watcher = Watcher::begin(store, events, watch.filter, watch.after).await?;
    let mut messages = Messages {
        store: store.clone(),
        watcher,
        filter_bytes: watch.filter_bytes,
        encoding: watch.encoding,
        ready: VecDeque::new(),
    };
    let begin = messages.token_only(messages.watcher.position());
    messages.ready.push_back(begin);
    let messages = stream::try_unfold(messages, |mut messages| async {
        let message = messages.next().await?;
        Ok::<_, Status>(Some((message, messages)))
    });
    Ok(in_own_task(without_panics(messages)))
}

/// The messages of one watch.
struct Messages {
    store: Store,
    watcher: Watcher,
    filter_bytes: Vec<u8>,
    encoding: TextEncoding,
    /// Messages that are ready but not yet polled.
    ready: VecDeque<WatchClaimsResponse>,
}

impl Messages {
    async fn next(&mut self) -> Result<WatchClaimsResponse, ServiceError> {
        loop {
            self.watcher.check()?;
            if let Some(message) = self.ready.pop_front() {
                return Ok(message);
            }
            match self.watcher.next().await? {
                Batch::Heartbeat(position) => return Ok(self.token_only(position)),
                Batch::Changes(changes) => self.encode(changes).await?,
            }
        }
    }

    async fn encode(&mut self, changes: Vec<WatchedChange>) -> Result<(), ServiceError> {
        let claims: HashMap<ClaimId, &Claim> = changes.iter().filter_map(there).collect();
        let claims: Vec<&Claim> = claims.into_values().collect();
        let encoded = in_time(encode(&self.store, &claims, self.encoding)).await?;
        for change in &changes {
            if let Some((kind, claim)) = told(&change.claim, &encoded) {
                let message = WatchClaimsResponse {
                    kind: kind.into(),
                    claim: Some(claim),
                    ..self.token_only(change.position)
                };
                self.ready.push_back(message);
            }
        }
        Ok(())
    }

    /// A message that contains only a resume token.
    fn token_only(&self, position: EventPosition) -> WatchClaimsResponse {
        WatchClaimsResponse {
            resume_token: page_token::write(list(&self.filter_bytes), &position),
            ..WatchClaimsResponse::default()
        }
    }
}

/// The claim, if it still exists.
fn there(change: &WatchedChange) -> Option<(ClaimId, &Claim)> {
    match &change.claim {
        WatchedClaim::Created(claim) | WatchedClaim::Updated(claim) => Some((claim.id, claim)),
        WatchedClaim::Deleted(..) => None,
    }
}

/// Encodes a change. Nothing is sent for a claim whose article was deleted or corrected in the meantime: that has an
/// event of its own.
fn told(
    claim: &WatchedClaim,
    encoded: &HashMap<ClaimId, proto::Claim>,
) -> Option<(ClaimChangeKind, proto::Claim)> {
    match claim {
        WatchedClaim::Created(claim) => {
            Some((ClaimChangeKind::Created, encoded.get(&claim.id)?.clone()))
        }
        WatchedClaim::Updated(claim) => {
            Some((ClaimChangeKind::Updated, encoded.get(&claim.id)?.clone()))
        }
        WatchedClaim::Deleted(claim, article) => {
            let gone = proto::Claim {
                name: claim.resource_name(),
                article: article.resource_name(),
                ..proto::Claim::default()
            };
            Some((ClaimChangeKind::Deleted, gone))
        }
    }
}
