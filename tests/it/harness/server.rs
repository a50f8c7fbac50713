use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use onrecord::client::{Client, ClientOptions};
use onrecord::proto::claim_service_client::ClaimServiceClient;
use onrecord::proto::{
    Article, Claim, ClaimFilter, Document, EngineKind, IngestArticleRequest, ListClaimsRequest,
};
use onrecord::server::{AuthOptions, LimitOptions, ObservabilityOptions, Server, ServerOptions};
use onrecord::store::Store;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::{Channel, Endpoint};

use super::cluster::Database;

/// The longest text the test servers read: small, so that tests of the limit are quick.
pub const MAX_TEXT_BYTES: usize = 64 << 10;

/// A running server with a database of its own.
pub struct TestServer {
    pub address: SocketAddr,
    pub client: Client,
    pub database: Option<Database>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

impl TestServer {
    /// A server on a fresh, migrated database.
    pub async fn start() -> Self {
        Self::on(Database::create().await).await
    }

    /// A server on this database.
    pub async fn on(database: Database) -> Self {
        let store = database.store();
        Self {
            database: Some(database),
            ..Self::with(Some(store)).await
        }
    }

    /// A server on this store, or without any.
    pub async fn with(store: Option<Store>) -> Self {
        Self::launch(store, Self::options()).await
    }

    /// How test servers are set up.
    pub fn options() -> ServerOptions {
        ServerOptions {
            propositions: None,
            // All that is read is looked at; the threshold has tests of its own.
            min_confidence: 0.0,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            max_text_bytes: MAX_TEXT_BYTES,
            max_in_flight: 512,
            request_timeout: Duration::from_secs(30),
            drain_delay: Duration::ZERO,
            drain_timeout: Duration::from_secs(5),
            watch_retention: Duration::from_hours(1),
            limits: LimitOptions::default(),
            tls: None,
            auth: AuthOptions::default(),
            observability: ObservabilityOptions::default(),
        }
    }

    /// A server set up in another way.
    pub async fn launch(store: Option<Store>, options: ServerOptions) -> Self {
        let server = Server::bind(options).await.expect("bind a free port");
        let address = server.address();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            let stopped = async { stopped.await.unwrap_or_default() };
            Box::pin(server.serve(store, stopped)).await.expect("serve");
        });
        // One attempt: a test wants to see every refusal.
        let options = ClientOptions {
            attempts: 1,
            ..ClientOptions::default()
        };
        let client = Client::connect_with(url(address), options)
            .await
            .expect("connect to the server");
        Self {
            address,
            client,
            database: None,
            stop: Some(stop),
            serving,
        }
    }

    /// A connection of one's own, for other clients than ours.
    pub async fn channel(&self) -> Channel {
        let endpoint = Endpoint::from_shared(url(self.address)).expect("an address");
        endpoint.connect().await.expect("connect to the server")
    }

    /// The generated client, for streams that are taken message by message.
    pub async fn claim_service(&self) -> ClaimServiceClient<Channel> {
        ClaimServiceClient::new(self.channel().await)
    }

    /// Asks the server to stop, as a signal does.
    pub fn ask_to_stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }

    /// Stops the server and waits until it has drained.
    pub async fn stop(mut self) {
        self.ask_to_stop();
        (&mut self.serving)
            .await
            .expect("the server ended in order");
    }

    /// Ingests a text with nothing known about it.
    pub async fn ingest_text(&self, text: &str) -> Article {
        self.ingest(document(text)).await
    }

    /// Ingests a document, read by the rules: tests say what these find in a text.
    pub async fn ingest(&self, document: Document) -> Article {
        let request = IngestArticleRequest {
            document: Some(document),
            engine: EngineKind::Rules.into(),
            ..Default::default()
        };
        let response = self.client.ingest_article(request).await.expect("ingest");
        response.article.expect("an answer holds the article")
    }

    /// All claims that fit the filter.
    pub async fn claims(&self, filter: ClaimFilter) -> Vec<Claim> {
        use futures_util::TryStreamExt;
        let request = ListClaimsRequest {
            filter: Some(filter),
            ..Default::default()
        };
        self.client
            .all_claims(request)
            .try_collect()
            .await
            .expect("list claims")
    }
}

/// A text with nothing known about it.
pub fn document(text: impl Into<String>) -> Document {
    Document {
        text: text.into(),
        ..Document::default()
    }
}

/// The address as the client takes it.
pub fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}
