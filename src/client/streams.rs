//! Streaming calls.

use std::error::Error;
use std::time::Duration;

use futures_util::stream::{self, Stream};
use tonic::{Code, Status, Streaming};

use super::{Client, FIRST_PAUSE, MAX_PAUSE};
use crate::proto::{
    ExportClaimsRequest, ExportClaimsResponse, StreamExtractClaimsRequest,
    StreamExtractClaimsResponse, StreamIngestArticlesRequest, StreamIngestArticlesResponse,
    WatchClaimsRequest, WatchClaimsResponse,
};

/// The state of a watch.
struct Watch {
    client: Client,
    /// Updated with the last resume token received.
    request: WatchClaimsRequest,
    messages: Option<Streaming<WatchClaimsResponse>>,
    pause: Duration,
}

impl Client {
    /// Watches claims indefinitely: if the stream breaks because the connection, the server or the database was lost,
    /// it resumes after the last message as soon as possible, without gaps or duplicates. Messages without a claim
    /// are left out. Any other error ends the stream.
    ///
    /// [`ClientOptions`](super::ClientOptions) do not apply to it.
    pub fn watch_claims(
        &self,
        request: WatchClaimsRequest,
    ) -> impl Stream<Item = Result<WatchClaimsResponse, Status>> + Send + Unpin + use<> {
        let watch = Watch {
            client: self.clone(),
            request,
            messages: None,
            pause: FIRST_PAUSE,
        };
        Box::pin(stream::try_unfold(watch, |mut watch| async {
            let message = watch.next().await?;
            Ok(Some((message, watch)))
        }))
    }

    /// Exports claims as a file, in chunks. The first message has the file's type and name. The call is not retried
    /// and has no deadline, since a file may take any amount of time.
    ///
    /// # Errors
    /// The server's error, here or at the end of the stream. Without one, the file is complete.
    pub async fn export_claims(
        &self,
        request: ExportClaimsRequest,
    ) -> Result<Streaming<ExportClaimsResponse>, Status> {
        let request = self.request(request);
        let answer = self.claims.clone().export_claims(request).await?;
        Ok(answer.into_inner())
    }

    /// Extracts claims from many documents; each response has its document's `id` and is sent as soon as it is ready.
    /// Requests are taken from the stream as the server accepts them, so responses must be consumed concurrently. The
    /// call is not retried and has no deadline. To cancel it, end the request stream and drop the responses: as long
    /// as the request stream is open, the connection keeps the call.
    /// # Errors
    /// The server's error, here or at the end of the stream; unanswered requests must then be sent again. The outcome
    /// of each document is in its response.
    pub async fn stream_extract_claims(
        &self,
        requests: impl Stream<Item = StreamExtractClaimsRequest> + Send + 'static,
    ) -> Result<Streaming<StreamExtractClaimsResponse>, Status> {
        let answers = self
            .extraction
            .clone()
            .stream_extract_claims(requests)
            .await?;
        Ok(answers.into_inner())
    }

    /// Ingests many documents; each response has its document's `id` and is sent as soon as it is stored. Otherwise
    /// like [`stream_extract_claims`](Self::stream_extract_claims). Unanswered requests may be sent again.
    ///
    /// # Errors
    /// As [`stream_extract_claims`](Self::stream_extract_claims).
    pub async fn stream_ingest_articles(
        &self,
        requests: impl Stream<Item = StreamIngestArticlesRequest> + Send + 'static,
    ) -> Result<Streaming<StreamIngestArticlesResponse>, Status> {
        let answers = self
            .articles
            .clone()
            .stream_ingest_articles(requests)
            .await?;
        Ok(answers.into_inner())
    }
}

impl Watch {
    async fn next(&mut self) -> Result<WatchClaimsResponse, Status> {
        loop {
            match self.message().await {
                Ok(message) => {
                    self.pause = FIRST_PAUSE;
                    self.request.resume_token.clone_from(&message.resume_token);
                    if message.claim.is_some() {
                        return Ok(message);
                    }
                }
                Err(status) if is_broken(&status) => {
                    self.messages = None;
                    tokio::time::sleep(self.pause).await;
                    self.pause = (self.pause * 2).min(MAX_PAUSE);
                }
                Err(status) => return Err(status),
            }
        }
    }

    /// Returns the next message, opening the stream if there is none.
    async fn message(&mut self) -> Result<WatchClaimsResponse, Status> {
        if self.messages.is_none() {
            let call = self.client.claims.watch_claims(self.request.clone());
            self.messages = Some(call.await?.into_inner());
        }
        let message = match &mut self.messages {
            Some(messages) => messages.message().await?,
            None => None,
        };
        message.ok_or_else(|| Status::unavailable("the server ended the stream"))
    }
}

/// Returns whether the server is unreachable, or became so before the end of a response. A status from a server has
/// no source: one with a source comes from the transport, whatever its code.
fn is_broken(status: &Status) -> bool {
    status.code() == Code::Unavailable || status.source().is_some()
}
