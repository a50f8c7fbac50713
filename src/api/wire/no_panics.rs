use std::panic::AssertUnwindSafe;

use futures_util::{Stream, StreamExt};
use tonic::Status;
use tonic::codegen::BoxStream;

use super::status::internal;

/// Wraps a response stream so that a panic while producing an item ends it with `INTERNAL`: the call guard covers
/// only the start of a call, and a panic would tear down every call on the connection.
pub(in crate::api) fn without_panics<T: 'static>(
    answers: impl Stream<Item = Result<T, Status>> + Send + 'static,
) -> BoxStream<T> {
    let guarded = AssertUnwindSafe(answers).catch_unwind();
    Box::pin(guarded.map(|answer| {
        answer.unwrap_or_else(|_| {
            tracing::error!("a stream panicked");
            Err(internal())
        })
    }))
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};
    use tonic::{Code, Status};

    use super::without_panics;

    #[tokio::test]
    async fn a_panic_ends_the_stream_as_an_internal_error() {
        let broken = stream::iter(1..9).map(|number| {
            assert!(std::hint::black_box(number) < 2, "secret");
            Ok::<_, Status>(number)
        });
        let mut answers = without_panics(broken);
        assert_eq!(answers.next().await.unwrap().unwrap(), 1);
        let status = answers.next().await.unwrap().unwrap_err();
        assert_eq!(status.code(), Code::Internal);
        assert!(answers.next().await.is_none());
    }
}
