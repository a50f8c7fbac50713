use onrecord::client::{Client, ClientOptions, Credentials};
use onrecord::proto::ErrorReason::RequestIdReused;
use onrecord::proto::{EngineKind, IngestArticleRequest, RetractArticleRequest};
use onrecord::server::Scope;

use super::{BY, ID};
use crate::harness::{Database, TestServer, document, refused, url};
use crate::security::calls::KeyFile;

async fn client(server: &TestServer, key: &str) -> Client {
    let credentials = Credentials::default().with_token(key.to_owned());
    let options = ClientOptions::default();
    let client = Client::connect_as(url(server.address), options, credentials).await;
    client.expect("connect")
}

async fn retract(client: &Client, text: &str) -> RetractArticleRequest {
    let request = IngestArticleRequest {
        document: Some(document(text)),
        engine: EngineKind::Rules.into(),
        ..IngestArticleRequest::default()
    };
    let ingested = client.ingest_article(request).await.expect("ingest");
    RetractArticleRequest {
        name: ingested.article.expect("an article").name,
        requested_by: BY.to_owned(),
        request_id: ID.to_owned(),
        ..RetractArticleRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_caller_has_ids_of_its_own() {
    let mut file = KeyFile::new();
    let scopes = [Scope::Read, Scope::Write, Scope::Review];
    let keys = ["desk", "archive"].map(|name| file.add(name, &scopes));
    let database = Database::create().await;
    let server = TestServer::launch(Some(database.store()), file.options()).await;
    let desk = client(&server, &keys[0]).await;
    let archive = client(&server, &keys[1]).await;
    let first = retract(&desk, "Vera Lindqvist said it rained.").await;
    let second = retract(&desk, "Ida Brandt said it snowed.").await;
    let name = |article: Option<onrecord::proto::Article>| article.expect("an article").name;
    let done = desk
        .retract_article(first.clone())
        .await
        .expect("retracted");
    assert_eq!(name(done.article), first.name);
    let done = archive.retract_article(second.clone()).await;
    assert_eq!(name(done.expect("retracted").article), second.name);
    for (client, other) in [(&desk, second), (&archive, first)] {
        let call = client.retract_article(other);
        refused(call, RequestIdReused, &["request_id"]).await;
    }
}
