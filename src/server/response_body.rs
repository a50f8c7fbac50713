//! The body of a response on its way out: it gives its memory and its call's place back once it is sent, or once
//! nobody reads it.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame};
use http_body_util::BodyExt;
use tokio::time::Sleep;
use tonic::Status;
use tonic::body::Body;

use super::admission::Admitted;
use crate::api::wire::status::{Reason, error, retry_later};

/// A message is handed to the transport in pieces of this size, as the client takes them: what the transport has, it
/// buffers, however much it is.
const PIECE_BYTES: usize = 64 << 10;

/// When some of the unread responses may have been read, or given up.
const MEMORY_RETRY: Duration = Duration::from_secs(2);

/// What the body does with an error at its end.
type CompleteTrailers = Box<dyn FnMut(&mut HeaderMap) + Send>;

/// The body of one response.
pub(super) struct ResponseBody {
    state: Arc<Mutex<State>>,
    complete_trailers: CompleteTrailers,
    /// When the stream is asked to start anew.
    end_of_age: Option<Pin<Box<Sleep>>>,
}

struct State {
    stage: Stage,
    /// What has come from the body and was not handed out yet.
    rest: Bytes,
    /// Trailers that have come and were not handed out yet.
    trailers: Option<HeaderMap>,
    /// Since when there has been something to hand out; `None` while the body itself has nothing.
    unread_since: Option<Instant>,
}

enum Stage {
    Sending {
        body: Body,
        _admitted: Admitted,
        _held: Held,
    },
    /// The response was given up; its status is still to be sent.
    GivenUp,
    Ended,
}

/// All responses that are being sent. Clones share one instance.
#[derive(Clone)]
pub(super) struct Responses {
    all: Arc<Mutex<Vec<Weak<Mutex<State>>>>>,
    held_bytes: Arc<AtomicUsize>,
    max_bytes: usize,
}

/// A response as far as it is encoded.
pub(super) struct Encoded {
    message: Bytes,
    trailers: Option<HeaderMap>,
    /// What comes behind it.
    body: Body,
    held: Held,
}

/// Bytes of a message that waits to be sent, counted until this is dropped.
struct Held {
    all: Arc<AtomicUsize>,
    bytes: usize,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.all.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl Responses {
    /// Responses that hold at most so many bytes together.
    pub(super) fn new(max_bytes: usize) -> Self {
        Self {
            all: Arc::default(),
            held_bytes: Arc::default(),
            max_bytes,
        }
    }

    /// Encodes the message of a response that has only one, so that what it was made of is not kept until it is read.
    ///
    /// # Errors
    /// `OVERLOADED` where unread responses fill the memory that they may take.
    pub(super) async fn encoded(&self, mut body: Body) -> Result<Encoded, Status> {
        if body.is_end_stream() {
            return Ok(self.unencoded(body));
        }
        let first = body.frame().await.transpose()?;
        let (message, trailers) = match first.map(Frame::into_data) {
            None => (Bytes::new(), None),
            Some(Ok(message)) => (message, None),
            Some(Err(frame)) => (Bytes::new(), frame.into_trailers().ok()),
        };
        let held = self.hold(message.len()).ok_or_else(|| {
            let message = "too many responses wait to be read";
            retry_later(Reason::Overloaded, message, MEMORY_RETRY)
        })?;
        Ok(Encoded {
            message,
            trailers,
            body,
            held,
        })
    }

    /// A stream's body, whose messages are made as they are read.
    pub(super) fn unencoded(&self, body: Body) -> Encoded {
        Encoded {
            message: Bytes::new(),
            trailers: None,
            body,
            held: Held {
                all: Arc::clone(&self.held_bytes),
                bytes: 0,
            },
        }
    }

    fn hold(&self, bytes: usize) -> Option<Held> {
        let before = self.held_bytes.fetch_add(bytes, Ordering::Relaxed);
        let held = Held {
            all: Arc::clone(&self.held_bytes),
            bytes,
        };
        // A message alone is let through, however large.
        (before == 0 || before + bytes <= self.max_bytes).then_some(held)
    }

    /// Has a body keep the call's place until it is sent. The stream ends after `age`, if one is given.
    pub(super) fn track(
        &self,
        encoded: Encoded,
        admitted: Admitted,
        age: Option<Duration>,
        complete_trailers: impl FnMut(&mut HeaderMap) + Send + 'static,
    ) -> ResponseBody {
        // An error at the start has no body at all: its headers end the stream.
        let begun = if encoded.body.is_end_stream() && encoded.message.is_empty() {
            Stage::Ended
        } else {
            Stage::Sending {
                body: encoded.body,
                _admitted: admitted,
                _held: encoded.held,
            }
        };
        let state = State {
            stage: begun,
            rest: encoded.message,
            trailers: encoded.trailers,
            unread_since: Some(Instant::now()),
        };
        let state = Arc::new(Mutex::new(state));
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Arc::downgrade(&state));
        ResponseBody {
            state,
            complete_trailers: Box::new(complete_trailers),
            end_of_age: age.map(|age| Box::pin(tokio::time::sleep(age))),
        }
    }

    /// Gives up the responses that have not been read for this long, and returns their number.
    pub(super) fn give_up_unread(&self, limit: Duration) -> usize {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let mut given_up = 0;
        all.retain(|response| {
            let Some(state) = response.upgrade() else {
                return false;
            };
            // One that is locked is being read.
            let Ok(mut state) = state.try_lock() else {
                return true;
            };
            let is_unread = matches!(state.stage, Stage::Sending { .. })
                && state
                    .unread_since
                    .is_some_and(|since| since.elapsed() > limit);
            if is_unread {
                state.give_up();
                given_up += 1;
            }
            !is_unread
        });
        given_up
    }
}

impl State {
    /// Drops what is left to send, and with it what it holds.
    fn give_up(&mut self) {
        self.stage = Stage::GivenUp;
        self.rest = Bytes::new();
        self.trailers = None;
        self.unread_since = None;
    }

    /// Hands out the next piece of what has come.
    fn next_piece(&mut self) -> Option<Bytes> {
        if self.rest.is_empty() {
            return None;
        }
        self.unread_since = Some(Instant::now());
        Some(self.rest.split_to(PIECE_BYTES.min(self.rest.len())))
    }
}

impl ResponseBody {
    /// Locks the state of a body that may be given up meanwhile.
    fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
        state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        let mut state = Self::lock(&this.state);
        loop {
            if let Some(piece) = state.next_piece() {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
            if let Some(mut trailers) = state.trailers.take() {
                (this.complete_trailers)(&mut trailers);
                state.unread_since = Some(Instant::now());
                return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
            }
            let body = match &mut state.stage {
                Stage::Sending { body, .. } => body,
                Stage::GivenUp => {
                    state.stage = Stage::Ended;
                    return Poll::Ready(Some(Ok(Frame::trailers(expired()))));
                }
                Stage::Ended => return Poll::Ready(None),
            };
            let Poll::Ready(frame) = Pin::new(body).poll_frame(context) else {
                state.unread_since = None;
                if let Some(age) = &mut this.end_of_age {
                    ready!(age.as_mut().poll(context));
                    state.give_up();
                    continue;
                }
                return Poll::Pending;
            };
            let Some(frame) = frame.transpose()? else {
                state.stage = Stage::Ended;
                return Poll::Ready(None);
            };
            match frame.into_data() {
                Ok(data) => state.rest = data,
                Err(frame) => state.trailers = frame.into_trailers().ok(),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(Self::lock(&self.state).stage, Stage::Ended)
    }
}

/// The trailers of a response that was given up.
fn expired() -> HeaderMap {
    let message = "the response was not read, or the stream is old: call again";
    let mut trailers = HeaderMap::new();
    // A status that cannot be encoded leaves the stream without one, which clients take for an error too.
    let _ = error(Reason::StreamExpired, message).add_header(&mut trailers);
    trailers
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use http_body_util::{Full, StreamBody};
    use tonic::Code;

    use super::*;
    use crate::server::admission::{Admission, Origin};
    use crate::server::limit_options::LimitOptions;
    use crate::server::rpc_class::RpcClass;

    fn admitted() -> (Admission, Admitted) {
        let admission = Admission::new(1, &LimitOptions::default());
        let origin = Origin {
            name: "a".to_owned(),
            line: Arc::from("a"),
            connection: Arc::from("a"),
        };
        let admitted = admission.admit(RpcClass::Lookup, &origin).unwrap();
        (admission, admitted)
    }

    #[tokio::test]
    async fn a_message_is_sent_whole_in_pieces() {
        let (admission, admitted) = admitted();
        let message = Bytes::from(vec![7; 3 * PIECE_BYTES + 1]);
        let body = Body::new(Full::new(message.clone()));
        let responses = Responses::new(1);
        let encoded = responses.encoded(body).await.unwrap();
        let mut body = responses.track(encoded, admitted, None, |_| ());
        let mut pieces = Vec::new();
        while let Some(frame) = body.frame().await {
            pieces.push(frame.unwrap().into_data().unwrap());
        }
        assert_eq!(pieces.len(), 4);
        assert_eq!(pieces.concat(), message);
        assert_eq!(admission.in_flight(), 0);
    }

    #[tokio::test]
    async fn an_error_without_a_body_has_none_here() {
        let (admission, admitted) = admitted();
        let responses = Responses::new(1);
        let encoded = responses.encoded(Body::empty()).await.unwrap();
        let body = responses.track(encoded, admitted, None, |_| ());
        assert!(body.is_end_stream());
        assert_eq!(admission.in_flight(), 0);
    }

    #[tokio::test]
    async fn what_nobody_reads_is_given_up_and_says_so() {
        let (admission, admitted) = admitted();
        let responses = Responses::new(1);
        let message = Body::new(Full::new(Bytes::from(vec![7; 3 * PIECE_BYTES])));
        let encoded = responses.encoded(message).await.unwrap();
        let mut body = responses.track(encoded, admitted, None, |_| ());
        assert!(body.frame().await.unwrap().unwrap().is_data());
        assert_eq!(responses.give_up_unread(Duration::from_mins(1)), 0);
        assert_eq!(responses.give_up_unread(Duration::ZERO), 1);
        assert_eq!(admission.in_flight(), 0);
        let trailers = body
            .frame()
            .await
            .unwrap()
            .unwrap()
            .into_trailers()
            .unwrap();
        let status = Status::from_header_map(&trailers).unwrap();
        assert_eq!(status.code(), Code::Unavailable);
        assert!(body.frame().await.is_none());
    }

    #[tokio::test]
    async fn a_silent_stream_is_not_unread_but_grows_old() {
        let (_admission, admitted) = admitted();
        let responses = Responses::new(1);
        let silent = StreamBody::new(stream::pending::<Result<Frame<Bytes>, Status>>());
        let age = Some(Duration::from_millis(20));
        let silent = responses.unencoded(Body::new(silent));
        let mut body = responses.track(silent, admitted, age, |_| ());
        let mut waiting = Box::pin(body.frame());
        assert!(futures_util::poll!(&mut waiting).is_pending());
        assert_eq!(responses.give_up_unread(Duration::ZERO), 0);
        let end = waiting.await.unwrap().unwrap();
        assert!(end.is_trailers());
    }

    #[tokio::test]
    async fn unread_messages_are_bounded_together() {
        let responses = Responses::new(1_000);
        let message = |bytes| Body::new(Full::new(Bytes::from(vec![7; bytes])));
        let alone = responses.encoded(message(5_000)).await.unwrap();
        let refused = responses.encoded(message(1)).await.map(drop).unwrap_err();
        assert_eq!(refused.code(), Code::ResourceExhausted);
        drop(alone);
        let _one = responses.encoded(message(600)).await.unwrap();
        let _another = responses.encoded(message(400)).await.unwrap();
        assert!(responses.encoded(message(1)).await.is_err());
    }
}
