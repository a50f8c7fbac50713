use std::time::{Duration, Instant};

use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::SendTimeoutError;
use tonic::Status;

use crate::api::wire::status::{Reason, error};

/// The approximate size of a chunk.
const PIECE_BYTES: usize = 64 << 10;
/// How long the reader may take to accept a chunk: until then, the database must retain an old snapshot.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// How long the reader may take for all chunks together.
const MAX_WAIT_IN_ALL: Duration = Duration::from_mins(30);

/// The output of an export: buffers text and sends it in chunks of a reasonable size.
pub(super) struct Out {
    /// What has been written but not yet sent.
    pub(super) text: String,
    sender: Sender<Vec<u8>>,
    max_wait: Duration,
    /// How long it may still wait.
    left: Duration,
}

impl Out {
    pub(super) const fn new(sender: Sender<Vec<u8>>) -> Self {
        Self {
            text: String::new(),
            sender,
            max_wait: MAX_WAIT,
            left: MAX_WAIT_IN_ALL,
        }
    }

    /// Sends the buffered text once it is large enough for a chunk.
    pub(super) async fn flush(&mut self) -> Result<(), Status> {
        if self.text.len() < PIECE_BYTES {
            return Ok(());
        }
        self.send().await
    }

    /// Sends the rest.
    pub(super) async fn finish(mut self) -> Result<(), Status> {
        self.send().await
    }

    async fn send(&mut self) -> Result<(), Status> {
        let text = std::mem::take(&mut self.text);
        let (start, wait) = (Instant::now(), self.max_wait.min(self.left));
        let sent = self.sender.send_timeout(text.into_bytes(), wait).await;
        self.left = self.left.saturating_sub(start.elapsed());
        sent.map_err(|failure| match failure {
            SendTimeoutError::Timeout(_) => error(
                Reason::DeadlineExceeded,
                "the file was not taken for a minute, or for half an hour in all",
            ),
            SendTimeoutError::Closed(_) => Status::cancelled("the caller has gone"),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::mpsc;
    use tonic::Code;

    use super::{Out, PIECE_BYTES};

    #[tokio::test]
    async fn pieces_are_sent_as_they_fill() {
        let (sender, mut pieces) = mpsc::channel(2);
        let mut out = Out::new(sender);
        out.text.push_str("ab");
        out.flush().await.unwrap();
        assert!(pieces.try_recv().is_err());
        out.text.push_str(&"c".repeat(PIECE_BYTES));
        out.flush().await.unwrap();
        assert_eq!(pieces.recv().await.unwrap().len(), PIECE_BYTES + 2);
        out.text.push('d');
        out.finish().await.unwrap();
        assert_eq!(pieces.recv().await.unwrap(), b"d");
        assert!(pieces.recv().await.is_none());
    }

    #[tokio::test]
    async fn a_reader_who_takes_nothing_is_given_up() {
        let (sender, _pieces) = mpsc::channel(1);
        let mut out = Out::new(sender);
        out.max_wait = Duration::from_millis(10);
        for _ in 0..2 {
            out.text = "e".repeat(PIECE_BYTES);
            if let Err(status) = out.flush().await {
                assert_eq!(status.code(), Code::DeadlineExceeded);
                return;
            }
        }
        panic!("the second piece was taken");
    }
}
