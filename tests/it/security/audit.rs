//! What the record says of who called.

use onrecord::client::{Client, ClientOptions, Credentials};
use onrecord::proto::split_actor_request::Split;
use onrecord::proto::{
    Actor, Article, ClaimFilter, CorrectArticleRequest, EngineKind, IngestArticleRequest,
    ListActorChangesRequest, ListActorsRequest, ListArticleRevisionsRequest,
    ListClaimReviewsRequest, ListClaimsRequest, MergeActorsRequest, RetractArticleRequest,
    ReviewAction, ReviewClaimRequest, SplitActorRequest, UpdateActorRequest,
};
use onrecord::server::Scope;
use prost_types::FieldMask;

use super::calls::KeyFile;
use super::pki::{Authority, Files, SecureServer};
use crate::harness::{Database, TestServer, document, url};

const TEXT: &str = "Ann Lee said the bridge was safe. Tom Pell denied that it was old.";
/// What requests claim, whoever makes them.
const CLAIMED: &str = "somebody else";
const CALLER: &str = "key:desk";

async fn ingest(client: &Client) -> Article {
    let request = IngestArticleRequest {
        document: Some(document(TEXT)),
        engine: EngineKind::Rules.into(),
        ..IngestArticleRequest::default()
    };
    let response = client.ingest_article(request).await.expect("ingest");
    response.article.expect("an article")
}

async fn actors(client: &Client) -> Vec<Actor> {
    let list = client.list_actors(ListActorsRequest::default()).await;
    let actors = list.expect("list actors").actors;
    assert_eq!(actors.len(), 2);
    actors
}

/// A server on a database of its own, and a client that it knows.
async fn start() -> (TestServer, Database, Client) {
    let mut file = KeyFile::new();
    let key = file.add("desk", &[Scope::Read, Scope::Write, Scope::Review]);
    let database = Database::create().await;
    let server = TestServer::launch(Some(database.store()), file.options()).await;
    let credentials = Credentials::default().with_token(key);
    let options = ClientOptions::default();
    let client = Client::connect_as(url(server.address), options, credentials).await;
    (server, database, client.expect("connect"))
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_actors_name_the_caller() {
    let (_server, _database, client) = start().await;
    ingest(&client).await;
    let [one, other] = &actors(&client).await[..] else {
        panic!("two actors")
    };
    let update = UpdateActorRequest {
        actor: Some(Actor {
            aliases: vec!["Another".to_owned()],
            ..one.clone()
        }),
        update_mask: Some(FieldMask {
            paths: vec!["aliases".to_owned()],
        }),
        requested_by: CLAIMED.to_owned(),
        ..UpdateActorRequest::default()
    };
    client.update_actor(update).await.expect("update");
    let merge = MergeActorsRequest {
        name: one.name.clone(),
        sources: vec![other.name.clone()],
        requested_by: CLAIMED.to_owned(),
        ..MergeActorsRequest::default()
    };
    let merged = client.merge_actors(merge).await.expect("merge");
    assert_eq!(merged.changes[0].caller, CALLER);
    let split = SplitActorRequest {
        name: one.name.clone(),
        requested_by: CLAIMED.to_owned(),
        split: Some(Split::MergedActor(other.name.clone())),
        ..SplitActorRequest::default()
    };
    let split = client.split_actor(split).await.expect("split");
    assert_eq!(split.change.expect("a change").caller, CALLER);
    let list = ListActorChangesRequest {
        parent: one.name.clone(),
        ..ListActorChangesRequest::default()
    };
    let changes = client.list_actor_changes(list).await.expect("list").changes;
    assert_eq!(changes.len(), 3);
    for change in changes {
        let said = (change.caller.as_str(), change.requested_by.as_str());
        assert_eq!(said, (CALLER, CLAIMED));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn corrections_retractions_and_reviews_name_the_caller() {
    let (_server, _database, client) = start().await;
    let article = ingest(&client).await;
    let filter = ClaimFilter {
        article: article.name.clone(),
        ..ClaimFilter::default()
    };
    let list = ListClaimsRequest {
        filter: Some(filter),
        ..ListClaimsRequest::default()
    };
    let claim = client
        .list_claims(list)
        .await
        .expect("list")
        .claims
        .remove(0);
    let review = ReviewClaimRequest {
        name: claim.name.clone(),
        action: ReviewAction::Confirm.into(),
        requested_by: CLAIMED.to_owned(),
        ..ReviewClaimRequest::default()
    };
    let review = client.review_claim(review).await.expect("review");
    assert_eq!(review.review.expect("a review").caller, CALLER);
    let list = ListClaimReviewsRequest {
        parent: claim.name,
        ..ListClaimReviewsRequest::default()
    };
    let reviews = client.list_claim_reviews(list).await.expect("list").reviews;
    assert_eq!(reviews[0].caller, CALLER);

    let correct = CorrectArticleRequest {
        name: article.name.clone(),
        text: format!("Corrected. {TEXT}"),
        requested_by: CLAIMED.to_owned(),
        ..CorrectArticleRequest::default()
    };
    client.correct_article(correct).await.expect("correct");
    let list = ListArticleRevisionsRequest {
        parent: article.name.clone(),
        ..ListArticleRevisionsRequest::default()
    };
    let revisions = client.list_article_revisions(list).await.expect("list");
    let callers: Vec<&str> = revisions
        .revisions
        .iter()
        .map(|revision| revision.caller.as_str())
        .collect();
    assert_eq!(callers, [CALLER, ""]);

    let retract = RetractArticleRequest {
        name: article.name,
        requested_by: CLAIMED.to_owned(),
        ..RetractArticleRequest::default()
    };
    let retracted = client.retract_article(retract).await.expect("retract");
    let retraction = retracted.article.and_then(|article| article.retraction);
    let retraction = retraction.expect("a retraction");
    let said = (retraction.caller.as_str(), retraction.requested_by.as_str());
    assert_eq!(said, (CALLER, CLAIMED));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_names_the_caller_where_nothing_else_is_asked_for() {
    let (authority, files) = (Authority::new(), Files::new());
    files.write_server(&authority.server());
    let database = Database::create().await;
    let options = files.server(Some(&authority));
    let server = SecureServer::start(options, Some(database.store())).await;
    let certificate = authority.client("spiffe://news.example/desk", 2999);
    let client = server
        .connect(files.as_client(&authority, &certificate))
        .await;
    let client = client.expect("connect");
    let retract = RetractArticleRequest {
        name: ingest(&client).await.name,
        requested_by: CLAIMED.to_owned(),
        ..RetractArticleRequest::default()
    };
    let retracted = client.retract_article(retract).await.expect("retract");
    let retraction = retracted.article.and_then(|article| article.retraction);
    let caller = retraction.expect("a retraction").caller;
    assert_eq!(caller, "certificate:spiffe://news.example/desk");
}
