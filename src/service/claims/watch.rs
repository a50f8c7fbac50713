//! Watching claims: reads the event log for changes to claims that match a filter.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::time::{Instant, timeout_at};

use super::event_stream::{EventStream, Signal};
use crate::domain::{ArticleId, Claim, ClaimId};
use crate::service::ServiceError;
use crate::store::{ClaimChange, ClaimEvent, ClaimFilter, EventPosition, Store, StoreError};

/// How many events are read at a time.
const EVENTS_AT_ONCE: usize = 256;
/// After this much silence, a watcher is sent a heartbeat with its position.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How long a watch waits for the database. Its caller has no deadline.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// What a watcher receives next.
#[derive(Debug)]
pub enum Batch {
    /// Changes, in order; empty if none of the events read matches the filter.
    Changes(Vec<WatchedChange>),
    /// No changes for a while: the log has been read up to this position.
    Heartbeat(EventPosition),
}

/// A change to a claim.
#[derive(Debug)]
pub struct WatchedChange {
    /// Its position in the log.
    pub position: EventPosition,
    /// The change as seen through the filter.
    pub claim: WatchedClaim,
}

/// A claim as a watcher sees it.
#[derive(Debug)]
pub enum WatchedClaim {
    /// It was created and matches the filter.
    Created(Box<Claim>),
    /// It was changed and matches the filter now.
    Updated(Box<Claim>),
    /// It was deleted, or no longer matches the filter.
    Deleted(ClaimId, ArticleId),
}

/// A single watch. It reads only when the next batch is asked for.
#[derive(Debug)]
pub struct Watcher {
    store: Store,
    signals: Receiver<Signal>,
    filter: ClaimFilter,
    /// The log has been read up to this position.
    position: EventPosition,
    /// How many events are read next.
    limit: usize,
    /// Whether there may be more to read already.
    behind: bool,
    /// When the next heartbeat is due if nothing happens.
    silent_until: Instant,
}

impl Watcher {
    /// Starts watching the claims that match `filter`, from a position in the log or from now on.
    ///
    /// # Errors
    /// [`ServiceError::Stopping`], [`ServiceError::DatabaseLost`], [`ServiceError::Store`].
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn begin(
        store: &Store,
        events: &EventStream,
        filter: ClaimFilter,
        after: Option<EventPosition>,
    ) -> Result<Self, ServiceError> {
        // Subscribe before reading anything, so that no signal is missed.
        let signals = events.subscribe();
        let position = match after {
            Some(position) => position,
            None => store.last_claim_event().await?,
        };
        let watcher = Self {
            store: store.clone(),
            signals,
            filter,
            position,
            limit: EVENTS_AT_ONCE,
            behind: true,
            silent_until: Instant::now() + HEARTBEAT,
        };
        watcher.check()?;
        Ok(watcher)
    }

    /// The position up to which the log has been read.
    #[must_use]
    pub const fn position(&self) -> EventPosition {
        self.position
    }

    /// Waits for the next batch.
    ///
    /// # Errors
    /// [`ServiceError::Stopping`], [`ServiceError::DatabaseLost`], [`ServiceError::ResumeTokenExpired`],
    /// [`ServiceError::Store`].
    pub async fn next(&mut self) -> Result<Batch, ServiceError> {
        loop {
            self.check()?;
            if self.behind {
                let changes = Box::pin(in_time(self.read())).await?;
                if changes.is_empty() {
                    continue;
                }
                self.silent_until = Instant::now() + HEARTBEAT;
                return Ok(Batch::Changes(changes));
            }
            let (position, due) = (self.position, self.silent_until);
            let growth = self.signals.wait_for(|signal| match signal {
                Signal::Unknown => false,
                Signal::Reaches(end) => *end > position,
                Signal::Down | Signal::Stopping => true,
            });
            let grown = timeout_at(due, growth).await;
            match grown.map(|signal| signal.map(drop)) {
                Ok(Ok(())) => self.behind = true,
                // The sender is gone: the server has stopped.
                Ok(Err(_)) => return Err(ServiceError::Stopping),
                Err(_) => {
                    self.silent_until = Instant::now() + HEARTBEAT;
                    return Ok(Batch::Heartbeat(position));
                }
            }
        }
    }

    /// Returns an error if the watch must end.
    ///
    /// # Errors
    /// [`ServiceError::Stopping`], [`ServiceError::DatabaseLost`].
    pub fn check(&self) -> Result<(), ServiceError> {
        match *self.signals.borrow() {
            Signal::Unknown | Signal::Reaches(_) => Ok(()),
            Signal::Down => Err(ServiceError::DatabaseLost),
            Signal::Stopping => Err(ServiceError::Stopping),
        }
    }

    /// Reads the next events.
    async fn read(&mut self) -> Result<Vec<WatchedChange>, ServiceError> {
        let events = self
            .store
            .claim_events(&self.filter, self.position, self.limit);
        let events = events.await?.ok_or(ServiceError::ResumeTokenExpired)?;
        let Some(claims) = self.claims(&events).await? else {
            // Too much text for one response: read fewer events at a time.
            self.limit /= 2;
            return Ok(Vec::new());
        };
        self.behind = events.len() == self.limit;
        self.limit = EVENTS_AT_ONCE;
        self.position = events.last().map_or(self.position, |event| event.position);
        let changes = events.iter().filter_map(|event| {
            let fitting = claims.get(&event.claim).cloned();
            let claim = watched(event, fitting)?;
            Some(WatchedChange {
                position: event.position,
                claim,
            })
        });
        Ok(changes.collect())
    }

    /// The claims of these events that match the filter now; `None` if they are too large together.
    async fn claims(
        &self,
        events: &[ClaimEvent],
    ) -> Result<Option<HashMap<ClaimId, Claim>>, ServiceError> {
        let mut ids: Vec<ClaimId> = events
            .iter()
            .filter(|event| event.change != ClaimChange::Deleted)
            .map(|event| event.claim)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        match self.store.claims_that_fit(&ids, &self.filter).await {
            Err(StoreError::TooLarge { .. }) if self.limit > 1 => Ok(None),
            found => Ok(Some(
                found?.into_iter().map(|claim| (claim.id, claim)).collect(),
            )),
        }
    }
}

/// Waits for the database, but not for ever: on a connection that was cut off, no answer comes.
///
/// # Errors
/// [`ServiceError::DatabaseLost`] after ten seconds.
pub async fn in_time<T, E>(answer: impl Future<Output = Result<T, E>>) -> Result<T, ServiceError>
where
    ServiceError: From<E>,
{
    let answer = tokio::time::timeout(ANSWER_TIMEOUT, answer).await;
    answer
        .map_err(|_| ServiceError::DatabaseLost)?
        .map_err(ServiceError::from)
}

/// How a watcher sees an event, if at all; `fits` says whether the claim exists now and matches the filter.
fn seen(event: &ClaimEvent, fits: bool) -> Option<ClaimChange> {
    match event.change {
        ClaimChange::Created => fits.then_some(ClaimChange::Created),
        ClaimChange::Updated if fits => Some(ClaimChange::Updated),
        ClaimChange::Updated | ClaimChange::Deleted => event.fitted.then_some(ClaimChange::Deleted),
    }
}

/// The claim as a watcher sees it; `fitting` is its current state if it exists and matches the filter.
fn watched(event: &ClaimEvent, fitting: Option<Claim>) -> Option<WatchedClaim> {
    match (seen(event, fitting.is_some())?, fitting) {
        (ClaimChange::Created, claim) => Some(WatchedClaim::Created(Box::new(claim?))),
        (ClaimChange::Updated, claim) => Some(WatchedClaim::Updated(Box::new(claim?))),
        (ClaimChange::Deleted, _) => Some(WatchedClaim::Deleted(event.claim, event.article)),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::seen;
    use crate::domain::{ArticleId, ClaimId};
    use crate::store::{ClaimChange, ClaimEvent, EventPosition};

    #[test]
    fn a_watcher_is_told_how_a_claim_comes_to_fit_and_ceases_to() {
        let (created, updated, deleted) = (
            ClaimChange::Created,
            ClaimChange::Updated,
            ClaimChange::Deleted,
        );
        for (happened, fitted, fits, told) in [
            (created, false, true, Some(created)),
            (created, false, false, None),
            (updated, true, true, Some(updated)),
            (updated, false, true, Some(updated)),
            (updated, true, false, Some(deleted)),
            (updated, false, false, None),
            (deleted, true, false, Some(deleted)),
            (deleted, false, false, None),
        ] {
            let event = ClaimEvent {
                position: EventPosition::default(),
                change: happened,
                claim: ClaimId(Uuid::nil()),
                article: ArticleId(Uuid::nil()),
                fitted,
            };
            assert_eq!(seen(&event, fits), told, "{happened:?} {fitted} {fits}");
        }
    }
}
