//! Watching claims: from the log of what happened to them to messages.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use futures_util::stream;
use prost::Message;
use tokio::sync::watch::Receiver;
use tokio::time::{Instant, timeout_at};
use tonic::Status;
use tonic::codegen::BoxStream;

use super::check::Check;
use super::claim_service::write;
use super::feed::{Feed, Signal};
use super::names::Named;
use super::page_token::{self, ListId};
use super::status::{Reason, error};
use super::streams::without_panics;
use crate::domain::ClaimId;
use crate::proto::{self, ClaimChangeKind, WatchClaimsResponse};
use crate::store::{ClaimChange, ClaimEvent, ClaimFilter, EventPlace, Store, StoreError};
use crate::text::TextEncoding;

/// How many events are read at once.
const EVENTS_AT_ONCE: usize = 256;
/// After so much silence a message without a claim tells how far the log was read.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What a watch is asked for.
#[derive(Debug)]
pub(super) struct Wanted {
    filter: ClaimFilter,
    filter_bytes: Vec<u8>,
    encoding: TextEncoding,
    /// `None`: from now on.
    after: Option<EventPlace>,
}

/// Reads the request.
pub(super) fn wanted(request: proto::WatchClaimsRequest) -> Result<Wanted, Status> {
    let filter = request.filter.unwrap_or_default();
    let filter_bytes = filter.encode_to_vec();
    let mut check = Check::default();
    let filter = check.claim_filter(filter);
    let after = check.resume_token(list(&filter_bytes), &request.resume_token);
    let encoding = check.encoding(request.encoding_type);
    check.finish()?;
    Ok(Wanted {
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

impl Check {
    fn resume_token(&mut self, list: ListId<'_>, token: &str) -> Option<EventPlace> {
        if token.is_empty() {
            return None;
        }
        let place = page_token::read(list, token);
        if place.is_err() {
            let description = "is no resume token of this RPC and filter";
            self.fail("resume_token", Reason::InvalidResumeToken, description);
        }
        place.ok()
    }
}

/// Begins to watch.
pub(super) async fn watch(
    store: &Store,
    feed: &Feed,
    wanted: Wanted,
) -> Result<BoxStream<WatchClaimsResponse>, Status> {
    // Before anything is read, so that no signal is missed.
    let signals = feed.subscribe();
    let place = match wanted.after {
        Some(place) => place,
        None => store.last_claim_event().await?,
    };
    let mut watcher = Watcher {
        store: store.clone(),
        signals,
        wanted,
        place,
        ready: VecDeque::new(),
        limit: EVENTS_AT_ONCE,
        behind: true,
        silent_until: Instant::now(),
    };
    watcher.go_on()?;
    watcher.ready.push_back(watcher.message(place));
    let messages = stream::try_unfold(watcher, |mut watcher| async {
        let message = watcher.next().await?;
        Ok(Some((message, watcher)))
    });
    Ok(without_panics(messages))
}

/// One watch. It reads when its caller takes what it has, so a slow caller holds nothing up and takes no memory.
struct Watcher {
    store: Store,
    signals: Receiver<Signal>,
    wanted: Wanted,
    /// What was read of the log.
    place: EventPlace,
    /// What was read and not yet taken.
    ready: VecDeque<WatchClaimsResponse>,
    /// How many events are read next.
    limit: usize,
    /// Whether there may be more to read.
    behind: bool,
    /// When the next message is due though nothing happens.
    silent_until: Instant,
}

impl Watcher {
    async fn next(&mut self) -> Result<WatchClaimsResponse, Status> {
        loop {
            self.go_on()?;
            if let Some(message) = self.ready.pop_front() {
                self.silent_until = Instant::now() + HEARTBEAT;
                return Ok(message);
            }
            if self.behind {
                self.read().await?;
                continue;
            }
            let (place, due) = (self.place, self.silent_until);
            let growth = self.signals.wait_for(|signal| match signal {
                Signal::Unknown => false,
                Signal::Reaches(end) => *end > place,
                Signal::Down | Signal::Stopping => true,
            });
            let grown = timeout_at(due, growth).await;
            match grown.map(|signal| signal.map(drop)) {
                Ok(Ok(())) => self.behind = true,
                // Nobody is left who tells anything: the server is gone.
                Ok(Err(_)) => return Err(stopping()),
                Err(_) => self.ready.push_back(self.message(place)),
            }
        }
    }

    /// An error where the stream has to end.
    fn go_on(&self) -> Result<(), Status> {
        match *self.signals.borrow() {
            Signal::Unknown | Signal::Reaches(_) => Ok(()),
            Signal::Down => Err(error(
                Reason::DatabaseUnavailable,
                "the database is not available",
            )),
            Signal::Stopping => Err(stopping()),
        }
    }

    /// Reads the next events and makes them messages.
    async fn read(&mut self) -> Result<(), Status> {
        let filter = &self.wanted.filter;
        let events = self.store.claim_events(filter, self.place, self.limit);
        let Some(events) = events.await? else {
            return Err(error(
                Reason::ResumeTokenExpired,
                "the log of changes does not reach back so far",
            ));
        };
        let Some(claims) = self.claims(&events).await? else {
            // Too much text for one answer: fewer at once.
            self.limit /= 2;
            return Ok(());
        };
        for event in &events {
            let fitting = claims.get(&event.claim).cloned();
            if let Some((kind, claim)) = change(event, fitting) {
                self.ready.push_back(WatchClaimsResponse {
                    kind: kind.into(),
                    claim: Some(claim),
                    ..self.message(event.place)
                });
            }
        }
        self.behind = events.len() == self.limit;
        self.limit = EVENTS_AT_ONCE;
        self.place = events.last().map_or(self.place, |event| event.place);
        Ok(())
    }

    /// The claims of these events that fit the filter now; `None` where they are too large together.
    async fn claims(
        &self,
        events: &[ClaimEvent],
    ) -> Result<Option<HashMap<ClaimId, proto::Claim>>, Status> {
        let mut ids: Vec<ClaimId> = events
            .iter()
            .filter(|event| event.change != ClaimChange::Deleted)
            .map(|event| event.claim)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let found = self.store.claims_that_fit(&ids, &self.wanted.filter).await;
        match found {
            Err(StoreError::TooLarge { .. }) if self.limit > 1 => Ok(None),
            found => Ok(Some(
                write(&self.store, &found?, self.wanted.encoding).await?,
            )),
        }
    }

    /// A message that has but its token.
    fn message(&self, place: EventPlace) -> WatchClaimsResponse {
        WatchClaimsResponse {
            resume_token: page_token::write(list(&self.wanted.filter_bytes), &place),
            ..WatchClaimsResponse::default()
        }
    }
}

fn stopping() -> Status {
    error(
        Reason::ServerStopping,
        "the server is about to stop: go on with the last resume_token",
    )
}

/// What a watcher is told of an event: `fitting` is the claim as it is now, if it is there and fits the filter.
fn change(
    event: &ClaimEvent,
    fitting: Option<proto::Claim>,
) -> Option<(ClaimChangeKind, proto::Claim)> {
    let gone = || proto::Claim {
        name: event.claim.resource_name(),
        article: event.article.resource_name(),
        ..proto::Claim::default()
    };
    match (event.change, fitting) {
        (ClaimChange::Created, fitting) => fitting.map(|claim| (ClaimChangeKind::Created, claim)),
        (ClaimChange::Updated, Some(claim)) => Some((ClaimChangeKind::Updated, claim)),
        (ClaimChange::Updated | ClaimChange::Deleted, _) => {
            event.fitted.then(|| (ClaimChangeKind::Deleted, gone()))
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::change;
    use crate::domain::{ArticleId, ClaimId};
    use crate::proto::{self, ClaimChangeKind as Kind};
    use crate::store::{ClaimChange, ClaimEvent, EventPlace};

    #[test]
    fn a_watcher_is_told_how_a_claim_comes_to_fit_and_ceases_to() {
        let (created, updated, deleted) = (
            ClaimChange::Created,
            ClaimChange::Updated,
            ClaimChange::Deleted,
        );
        for (happened, fitted, fits, told) in [
            (created, false, true, Some(Kind::Created)),
            (created, false, false, None),
            (updated, true, true, Some(Kind::Updated)),
            (updated, false, true, Some(Kind::Updated)),
            (updated, true, false, Some(Kind::Deleted)),
            (updated, false, false, None),
            (deleted, true, false, Some(Kind::Deleted)),
            (deleted, false, false, None),
        ] {
            let event = ClaimEvent {
                place: EventPlace::default(),
                change: happened,
                claim: ClaimId(Uuid::nil()),
                article: ArticleId(Uuid::nil()),
                fitted,
            };
            let fitting = fits.then(proto::Claim::default);
            let kind = change(&event, fitting).map(|(kind, _)| kind);
            assert_eq!(kind, told, "{happened:?} {fitted} {fits}");
        }
    }
}
