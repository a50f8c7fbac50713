//! Watching claims: what is committed is told of, in order, once, whatever happens in between.

mod corrections;
mod crash;
mod filters;
mod order;
mod tokens;

use std::time::Duration;

use onrecord::proto::{
    ClaimChangeKind, ClaimFilter, ErrorReason, WatchClaimsRequest, WatchClaimsResponse,
};
use onrecord::server::ServerOptions;
use tonic::{Status, Streaming};

use crate::harness::{Database, Fault, TestServer};

/// How long something may take that is waited for, and how long nothing is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
const SILENCE: Duration = Duration::from_millis(1_500);

/// A watch whose messages are taken one by one, over the generated client.
struct Watch {
    messages: Streaming<WatchClaimsResponse>,
    /// The last token received.
    token: String,
}

impl Watch {
    /// Begins to watch, and takes the first message, which tells that the watch stands.
    async fn begin(server: &TestServer, request: WatchClaimsRequest) -> Result<Self, Status> {
        let mut client = server.claim_service().await;
        let messages = client.watch_claims(request).await?.into_inner();
        let mut watch = Self {
            messages,
            token: String::new(),
        };
        let first = watch.message().await?;
        assert_eq!((first.kind, first.claim), (0, None));
        Ok(watch)
    }

    /// All claims, from now on.
    async fn all(server: &TestServer) -> Self {
        let watch = Self::begin(server, WatchClaimsRequest::default()).await;
        watch.expect("watch")
    }

    /// All claims, behind a token.
    async fn after(server: &TestServer, token: &str) -> Self {
        let watch = Self::begin(server, request(token, None)).await;
        watch.expect("watch")
    }

    /// The next message.
    async fn message(&mut self) -> Result<WatchClaimsResponse, Status> {
        let message = tokio::time::timeout(PATIENCE, self.messages.message()).await;
        let message = message.expect("a message in time")?;
        let message = message.expect("a watch does not end with OK");
        assert!(!message.resume_token.is_empty());
        self.token.clone_from(&message.resume_token);
        Ok(message)
    }

    /// The next change: what happened, and to which claim.
    async fn change(&mut self) -> (ClaimChangeKind, String) {
        loop {
            let message = self.message().await.expect("a message");
            if let Some(claim) = &message.claim {
                return (message.kind(), claim.name.clone());
            }
        }
    }

    /// The next claims that came.
    async fn created(&mut self, count: usize) -> Vec<String> {
        let mut names = Vec::new();
        while names.len() < count {
            let (kind, name) = self.change().await;
            assert_eq!(kind, ClaimChangeKind::Created);
            names.push(name);
        }
        names
    }

    /// Checks that nothing comes.
    async fn is_silent(&mut self) {
        let message = tokio::time::timeout(SILENCE, self.messages.message()).await;
        assert!(message.is_err(), "{message:?}");
    }

    /// The error that the watch ends with.
    async fn end(&mut self) -> Fault {
        loop {
            if let Err(status) = self.message().await {
                return Fault::of(&status);
            }
        }
    }
}

fn request(token: &str, filter: Option<ClaimFilter>) -> WatchClaimsRequest {
    WatchClaimsRequest {
        resume_token: token.to_owned(),
        filter,
        ..WatchClaimsRequest::default()
    }
}

/// The names of an article's claims in text order.
async fn names(server: &TestServer, article: &str) -> Vec<String> {
    let filter = ClaimFilter {
        article: article.to_owned(),
        ..ClaimFilter::default()
    };
    let claims = server.claims(filter).await;
    claims.into_iter().map(|claim| claim.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_is_told_what_comes_and_goes_in_text_order() {
    let server = TestServer::start().await;
    server.ingest_text("“It was before,” said Ann Lee.").await;
    let mut watch = Watch::all(&server).await;
    let article = server.ingest_text(crate::harness::NEWS).await;
    let expected = names(&server, &article.name).await;
    assert!(expected.len() > 5);
    assert_eq!(watch.created(expected.len()).await, expected);

    let database = server.database.as_ref().expect("a database");
    let mut connection = database.connection().await;
    let id = article.name.trim_start_matches("articles/");
    for statement in [
        "UPDATE claims SET review_state = 'CONFIRMED', row_version = row_version + 1 \
         WHERE article_id = $1::uuid AND ordinal = 0",
        "DELETE FROM articles WHERE id = $1::uuid",
    ] {
        sqlx::query(statement)
            .bind(id)
            .execute(&mut connection)
            .await
            .expect(statement);
        if statement.starts_with("UPDATE") {
            let updated = (ClaimChangeKind::Updated, expected[0].clone());
            assert_eq!(watch.change().await, updated);
        }
    }
    for name in expected {
        assert_eq!(watch.change().await, (ClaimChangeKind::Deleted, name));
    }
    watch.is_silent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_outlasts_the_time_of_a_call_and_ends_with_the_server() {
    let database = Database::create().await;
    let options = ServerOptions {
        request_timeout: Duration::from_millis(500),
        ..TestServer::options()
    };
    let mut server = TestServer::launch(Some(database.store()), options).await;
    let mut watch = Watch::all(&server).await;
    watch.is_silent().await;
    let article = server.ingest_text("“It is late,” said Ann Lee.").await;
    assert_eq!(watch.created(1).await, names(&server, &article.name).await);
    server.ask_to_stop();
    assert_eq!(watch.end().await.reason, ErrorReason::ServerStopping);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_server_of_the_database_goes_on_where_another_ended() {
    let first = TestServer::start().await;
    let database = first.database.as_ref().expect("a database");
    let second = TestServer::with(Some(database.store())).await;
    let mut watch = Watch::all(&first).await;
    let mut other = Watch::all(&second).await;
    let article = first.ingest_text("“One,” said Ann Lee.").await;
    let one = names(&first, &article.name).await;
    assert_eq!(watch.created(1).await, one);
    assert_eq!(other.created(1).await, one);
    let article = second.ingest_text("“Two,” said Ann Lee.").await;
    let two = names(&second, &article.name).await;
    let mut resumed = Watch::after(&second, &watch.token).await;
    assert_eq!(resumed.created(1).await, two);
    assert_eq!(watch.created(1).await, two);
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_broken_by_tokens() {
    let server = TestServer::start().await;
    let nobody = ClaimFilter {
        actor: format!("actors/{}", uuid::Uuid::nil()),
        ..ClaimFilter::default()
    };
    let watch = Watch::begin(&server, request("", Some(nobody))).await;
    let mut watch = watch.expect("watch");
    let first = watch.token.clone();
    server.ingest_text("“It is late,” said Ann Lee.").await;
    let beat = watch.message().await.expect("a message");
    assert_eq!((beat.kind, beat.claim), (0, None));
    assert_ne!(beat.resume_token, first, "the token goes on");
}
