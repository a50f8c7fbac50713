use futures_util::StreamExt;
use tokio::sync::mpsc::{self, Sender};
use tokio_stream::wrappers::ReceiverStream;
use tonic::codegen::BoxStream;

/// Makes a response stream's messages in a task of their own, one ahead of the caller. Otherwise a caller that does not
/// read would suspend it wherever it stands, for example in a statement, with a connection to the database that
/// others wait for. Dropping the stream ends the task.
pub(in crate::api) fn in_own_task<T: Send + 'static>(messages: BoxStream<T>) -> BoxStream<T> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        tokio::select! {
            () = sender.closed() => {}
            () = forward(messages, &sender) => {}
        }
    });
    Box::pin(ReceiverStream::new(receiver))
}

/// Makes a message whenever there is room for one.
async fn forward<T>(mut messages: BoxStream<T>, sender: &Sender<Result<T, tonic::Status>>) {
    while let Ok(room) = sender.reserve().await {
        let Some(message) = messages.next().await else {
            return;
        };
        room.send(message);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::{StreamExt, stream};
    use tonic::Status;

    use super::in_own_task;

    #[tokio::test]
    async fn one_message_is_made_ahead_and_no_more() {
        let made = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&made);
        let numbers = stream::iter(1..9).then(move |number| {
            let count = Arc::clone(&count);
            async move {
                tokio::task::yield_now().await;
                count.fetch_add(1, Ordering::SeqCst);
                Ok::<_, Status>(number)
            }
        });
        let mut messages = in_own_task(Box::pin(numbers));
        for _ in 0..99 {
            tokio::task::yield_now().await;
        }
        assert_eq!(made.load(Ordering::SeqCst), 1);
        for expected in 1..9 {
            assert_eq!(messages.next().await.unwrap().unwrap(), expected);
        }
        assert!(messages.next().await.is_none());
    }

    #[tokio::test]
    async fn it_ends_when_nobody_listens() {
        let held = Arc::new(());
        let kept = Arc::clone(&held);
        let silent = stream::pending::<Result<(), Status>>().inspect(move |_| {
            let _ = &kept;
        });
        drop(in_own_task(Box::pin(silent)));
        while Arc::strong_count(&held) > 1 {
            tokio::task::yield_now().await;
        }
    }
}
