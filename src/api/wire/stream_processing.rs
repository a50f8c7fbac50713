//! Document streams: many requests in one call, answered as they complete.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{FutureExt, Stream, StreamExt, stream};
use tokio::sync::watch::{Receiver, Sender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, JoinSet};
use tonic::Status;
use tonic::codegen::BoxStream;
use tonic_types::pb;
use tracing::Instrument;

use super::no_panics::without_panics;
use super::status::{self, Reason, error, internal};
use crate::service::CallContext;

/// The limits that document streams share. Clones share one instance.
#[derive(Debug, Clone)]
pub struct StreamProcessing {
    permits: Arc<Semaphore>,
    document_time: Duration,
    stopping: Sender<bool>,
}

/// A request message of a stream.
pub(in crate::api) trait Item {
    /// The item's request.
    type Request: Send + 'static;
    /// The item's response.
    type Response: Send + 'static;
    /// The message that carries the response.
    type Answer: Send + 'static;

    /// Splits the item into the caller's id for it and the request.
    fn open(self) -> (String, Self::Request);

    /// Builds the message that carries the response.
    fn answer(id: String, outcome: Result<Self::Response, pb::Status>) -> Self::Answer;
}

impl StreamProcessing {
    /// Documents take permits from `permits`, as calls do, and may each take at most `document_time`.
    #[must_use]
    pub fn new(permits: Arc<Semaphore>, document_time: Duration) -> Self {
        Self {
            permits,
            document_time,
            stopping: Sender::new(false),
        }
    }

    /// Ends all current and future streams once the requests they have already accepted are answered.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// The context of one item of a stream: the stream's caller, and the time that an item may take.
    #[must_use]
    pub fn call_of_item(&self, stream: &CallContext) -> CallContext {
        CallContext {
            deadline: Some(Instant::now() + self.document_time),
            ..stream.clone()
        }
    }

    /// Answers each request with the result of `work`, with at most `at_once` in flight. No further request is
    /// accepted until an answer has been taken. Dropping the stream cancels its work.
    pub(in crate::api) fn process<I, F>(
        &self,
        requests: impl Stream<Item = Result<I, Status>> + Send + Unpin + 'static,
        at_once: usize,
        work: impl Fn(I::Request) -> F + Send + 'static,
    ) -> BoxStream<I::Answer>
    where
        I: Item + Send + 'static,
        F: Future<Output = Result<I::Response, Status>> + Send + 'static,
    {
        let run = Run {
            streams: self.clone(),
            stopping: self.stopping.subscribe(),
            requests,
            at_once,
            work,
            items: JoinSet::new(),
            waiting: None,
            end: None,
        };
        without_panics(stream::try_unfold(run, |mut run| async {
            let answer = run.next().await?;
            Ok(answer.map(|answer| (answer, run)))
        }))
    }
}

/// The state of one stream.
struct Run<S, W, I: Item> {
    streams: StreamProcessing,
    stopping: Receiver<bool>,
    requests: S,
    at_once: usize,
    work: W,
    /// Each item runs in its own task, so that a caller that is slow to take answers does not suspend work that holds
    /// a database connection. An answer keeps its permit until it is taken, since it occupies memory until then.
    items: JoinSet<(I::Answer, Option<OwnedSemaphorePermit>)>,
    /// A request that is waiting for a permit.
    waiting: Option<I>,
    /// How the stream ends once everything is answered; `None` while more requests may arrive.
    end: Option<Result<(), Status>>,
}

impl<S, W, I, F> Run<S, W, I>
where
    S: Stream<Item = Result<I, Status>> + Unpin,
    W: Fn(I::Request) -> F,
    I: Item + 'static,
    F: Future<Output = Result<I::Response, Status>> + Send + 'static,
{
    /// The next answer, or how the stream ends.
    async fn next(&mut self) -> Result<Option<I::Answer>, Status> {
        loop {
            self.begin_waiting();
            if self.items.is_empty()
                && let Some(end) = self.end.take()
            {
                return end.map(|()| None);
            }
            let takes =
                self.end.is_none() && self.waiting.is_none() && self.items.len() < self.at_once;
            tokio::select! {
                biased;
                Some(done) = self.items.join_next() => return taken(done).map(Some),
                _ = self.stopping.wait_for(|stopping| *stopping), if self.end.is_none() => {
                    self.end = Some(Err(stopped()));
                }
                request = self.requests.next(), if takes => match request {
                    Some(Ok(request)) => self.waiting = Some(request),
                    Some(Err(status)) => self.end = Some(Err(status)),
                    None => self.end = Some(Ok(())),
                },
            }
        }
    }

    /// Starts the waiting request if a permit is available. The stream's own permit covers one item; when no others
    /// are free, calls take precedence.
    fn begin_waiting(&mut self) {
        let Some(request) = self.waiting.take() else {
            return;
        };
        let permit = if self.items.is_empty() {
            None
        } else if let Ok(permit) = Arc::clone(&self.streams.permits).try_acquire_owned() {
            Some(permit)
        } else {
            self.waiting = Some(request);
            return;
        };
        let (id, request) = request.open();
        let outcome = within(self.streams.document_time, (self.work)(request));
        let answering = async move {
            let outcome = outcome.await.map_err(|failure| status::message(&failure));
            (I::answer(id, outcome), permit)
        };
        self.items.spawn(answering.in_current_span());
    }
}

/// The result of the work, or an error if it timed out or panicked.
async fn within<T>(
    time: Duration,
    work: impl Future<Output = Result<T, Status>>,
) -> Result<T, Status> {
    let work = AssertUnwindSafe(work).catch_unwind();
    match tokio::time::timeout(time, work).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(broken("a document of a stream panicked")),
        Err(_) => {
            let message = "the document took longer than it may";
            Err(error(Reason::DeadlineExceeded, message))
        }
    }
}

fn taken<A>(done: Result<(A, Option<OwnedSemaphorePermit>), JoinError>) -> Result<A, Status> {
    let (answer, _permit) = done.map_err(|_| broken("the answer to a document was lost"))?;
    Ok(answer)
}

fn broken(what: &str) -> Status {
    tracing::error!("{what}");
    internal()
}

fn stopped() -> Status {
    let message = "the server is about to stop; send again what was not answered";
    error(Reason::ServerStopping, message)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::StreamExt;
    use tokio::sync::mpsc;
    use tokio_stream::wrappers::ReceiverStream;
    use tonic::Code;

    use super::*;

    const TIME: Duration = Duration::from_millis(200);

    /// Requests a sleep of this many milliseconds.
    struct Nap(u64);

    impl Item for Nap {
        type Request = u64;
        type Response = u64;
        type Answer = (String, Result<u64, i32>);

        fn open(self) -> (String, u64) {
            (self.0.to_string(), self.0)
        }

        fn answer(id: String, outcome: Result<u64, pb::Status>) -> Self::Answer {
            (id, outcome.map_err(|status| status.code))
        }
    }

    async fn nap(millis: u64) -> Result<u64, Status> {
        assert!(millis != 13, "secret");
        tokio::time::sleep(Duration::from_millis(millis)).await;
        Ok(millis)
    }

    fn processing(permits: usize) -> StreamProcessing {
        StreamProcessing::new(Arc::new(Semaphore::new(permits)), TIME)
    }

    fn naps(millis: &[u64]) -> impl Stream<Item = Result<Nap, Status>> + Send + Unpin + use<> {
        let naps: Vec<_> = millis.iter().copied().map(|nap| Ok(Nap(nap))).collect();
        stream::iter(naps)
    }

    #[tokio::test]
    async fn one_that_fails_fails_alone() {
        let answers = processing(9).process(naps(&[100, 13, 9_000, 1]), 9, nap);
        let mut answers: Vec<_> = answers.map(Result::unwrap).collect().await;
        // On a busy machine they may arrive in a different order.
        answers.sort();
        let expected = [
            ("1", Ok(1)),
            ("100", Ok(100)),
            ("13", Err(Code::Internal.into())),
            ("9000", Err(Code::DeadlineExceeded.into())),
        ];
        assert_eq!(answers, expected.map(|(id, made)| (id.to_owned(), made)));
    }

    #[tokio::test]
    async fn no_more_are_at_hand_than_may_be_nor_than_permits_are_free() {
        for (permits, at_once, most) in [(9, 3, 3), (1, 3, 2), (0, 3, 1)] {
            let (now, peak) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
            let seen = Arc::clone(&peak);
            let answers = processing(permits).process(naps(&[1; 20]), at_once, move |millis| {
                let (now, peak) = (Arc::clone(&now), Arc::clone(&peak));
                async move {
                    peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    let answer = nap(millis).await;
                    now.fetch_sub(1, Ordering::SeqCst);
                    answer
                }
            });
            assert_eq!(answers.count().await, 20);
            assert_eq!(seen.load(Ordering::SeqCst), most, "{permits} permits");
        }
    }

    #[tokio::test]
    async fn what_is_not_taken_keeps_its_permit_and_requests_wait() {
        let streams = processing(9);
        let (sender, requests) = mpsc::channel(1);
        let mut answers = streams.process(ReceiverStream::new(requests), 2, nap);
        let sending = tokio::spawn(async move {
            for sent in 0..20 {
                if sender.send(Ok(Nap(1))).await.is_err() {
                    return sent;
                }
            }
            20
        });
        answers.next().await.unwrap().unwrap().1.unwrap();
        tokio::time::sleep(TIME / 4).await;
        assert!(streams.permits.available_permits() >= 8);
        drop(answers);
        assert!(sending.await.unwrap() <= 5);
        tokio::task::yield_now().await;
        assert_eq!(streams.permits.available_permits(), 9);
    }

    #[tokio::test]
    async fn who_stops_answers_what_was_taken() {
        let streams = processing(9);
        let (sender, requests) = mpsc::channel(9);
        let mut answers = streams.process(ReceiverStream::new(requests), 2, nap);
        for millis in [1, 50] {
            sender.send(Ok(Nap(millis))).await.ok().unwrap();
        }
        answers.next().await.unwrap().unwrap().1.unwrap();
        streams.stop();
        answers.next().await.unwrap().unwrap().1.unwrap();
        let end = answers.next().await.unwrap().unwrap_err();
        assert_eq!(end.code(), Code::Unavailable);
        assert!(answers.next().await.is_none());

        let mut late = streams.process(naps(&[1]), 2, nap);
        assert!(late.next().await.unwrap().is_err());
    }

    #[tokio::test]
    async fn an_error_among_the_requests_ends_the_stream_behind_the_process() {
        let bad = stream::iter([Ok(Nap(20)), Err(Status::invalid_argument("bytes"))]);
        let mut answers = processing(9).process(bad, 9, nap);
        assert_eq!(answers.next().await.unwrap().unwrap().0, "20");
        let end = answers.next().await.unwrap().unwrap_err();
        assert_eq!(end.code(), Code::InvalidArgument);
        assert!(answers.next().await.is_none());
    }
}
