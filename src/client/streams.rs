//! Calls of many messages.

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

/// Where a watch stands.
struct Watch {
    client: Client,
    /// With the last token received.
    request: WatchClaimsRequest,
    messages: Option<Streaming<WatchClaimsResponse>>,
    pause: Duration,
}

impl Client {
    /// Watches claims, for ever: where the stream breaks, because the connection, the server or the database went away, it goes on behind the last message as soon as it can. Nothing is lost and nothing comes twice.
    /// Messages without a claim are left out. Any other error ends the stream.
    ///
    /// [`ClientOptions`](super::ClientOptions) do not hold for it.
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

    /// Gets claims as a file, in pieces. The first message has the file's type and name. There is one attempt, and no
    /// deadline: a file takes as long as it takes.
    ///
    /// # Errors
    /// The server's error, here or at the end of the stream. Without one the file is whole.
    pub async fn export_claims(
        &self,
        request: ExportClaimsRequest,
    ) -> Result<Streaming<ExportClaimsResponse>, Status> {
        let request = self.request(request);
        let answer = self.claims.clone().export_claims(request).await?;
        Ok(answer.into_inner())
    }

    /// Reads many documents, each answered with its `id` as soon as it is read. Requests are taken from the stream as
    /// the server takes them, so the answers have to be taken meanwhile. There is one attempt, and no deadline. To give
    /// up, end the requests and drop the answers: without the first, the connection keeps the stream.
    ///
    /// # Errors
    /// The server's error, here or at the end of the stream; then what was not answered is to be sent again. What
    /// became of a single document is in its answer.
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

    /// Reads and stores many documents, each answered with its `id` as soon as it is stored; otherwise as
    /// [`stream_extract_claims`](Self::stream_extract_claims). What was not answered may be sent again.
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

    /// The next message of the stream, which is begun where there is none.
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

/// True if the server cannot be reached just now, or could not be for the rest of an answer. What a server says has no
/// source: one with a source comes from the transport, under whatever code.
fn is_broken(status: &Status) -> bool {
    status.code() == Code::Unavailable || status.source().is_some()
}
