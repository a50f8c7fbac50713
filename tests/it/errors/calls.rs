//! Errors that are not about a field: messages too large, methods that are not there, no database, no time.

use std::time::Duration;

use onrecord::client::Client;
use onrecord::proto::ErrorReason::{
    self, DatabaseNotMigrated, DatabaseUnavailable, DeadlineExceeded, MessageTooLarge,
    RequiredFieldMissing, UnknownMethod,
};
use onrecord::proto::extraction_service_client::ExtractionServiceClient;
use onrecord::proto::{
    Article, BatchGetActorsRequest, BatchGetArticlesRequest, BatchGetClaimsRequest, ClaimFilter,
    CorrectArticleRequest, DeleteActorRequest, DeleteArticleRequest, EngineKind,
    ExtractClaimsRequest, ExtractClaimsResponse, GetActorRequest, GetArticleRequest,
    GetClaimRequest, GetTimelineRequest, IngestArticleRequest, ListActorsRequest,
    ListArticleRevisionsRequest, ListArticlesRequest, ListClaimReviewsRequest, ListClaimsRequest,
    ListPublishersRequest, ListRelatedClaimsRequest, ListRevisionClaimsRequest,
    ListSourcingStatsRequest, MatchClaimsRequest, ReextractArticleRequest, RetractArticleRequest,
    ReviewAction, ReviewClaimRequest, SearchClaimsRequest, SourcingGroup, UpdateArticleRequest,
};
use onrecord::server::ServerOptions;
use prost_types::FieldMask;
use sqlx::Executor;
use tonic::codec::CompressionEncoding;
use tonic::transport::Channel;
use tonic::{Request, Status};

use super::{ID, spoilt};
use crate::harness::{Database, TestServer, document, refused};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_too_large_is_refused_unread() {
    let server = TestServer::with(None).await;
    let plain = ExtractionServiceClient::new(server.channel().await);
    let zipped = plain.clone().send_compressed(CompressionEncoding::Gzip);
    for mut client in [plain, zipped] {
        let request = ExtractClaimsRequest {
            document: Some(document("x".repeat(4 << 20))),
            ..Default::default()
        };
        let fault = refused(client.extract_claims(request), MessageTooLarge, &[]).await;
        let limit: usize = fault.metadata["max_bytes"].parse().expect("a number");
        assert!(limit < 4 << 20);
    }
}

async fn call(channel: &Channel, path: &'static str) -> Result<ExtractClaimsResponse, Status> {
    let mut grpc = tonic::client::Grpc::new(channel.clone());
    grpc.ready().await.expect("a connection");
    let request = Request::new(ExtractClaimsRequest::default());
    let codec = tonic_prost::ProstCodec::default();
    let path = http::uri::PathAndQuery::from_static(path);
    Ok(grpc.unary(request, path, codec).await?.into_inner())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_is_not_there_is_named() {
    let server = TestServer::with(None).await;
    let channel = server.channel().await;
    for path in [
        "/onrecord.v1.ExtractionService/Guess",
        "/onrecord.v1.GuessService/Guess",
        "/onrecord.v2.ExtractionService/ExtractClaims",
        "/elsewhere.v1.Service/Call",
        "/",
    ] {
        let fault = refused(call(&channel, path), UnknownMethod, &[]).await;
        assert_eq!(fault.metadata["method"], path);
    }
    let known = call(&channel, "/onrecord.v1.ExtractionService/ExtractClaims");
    refused(known, RequiredFieldMissing, &["document"]).await;
}

/// Expects what asks for articles, or changes them, to fail for this reason.
async fn check_articles_are_out_of_reach(client: &Client, reason: ErrorReason) {
    let delete = DeleteArticleRequest {
        name: format!("articles/{ID}"),
        requested_by: "desk@example.org".to_owned(),
        ..Default::default()
    };
    refused(client.delete_article(delete), reason, &[]).await;
    let update = UpdateArticleRequest {
        article: Some(Article {
            name: format!("articles/{ID}"),
            ..Default::default()
        }),
        update_mask: Some(FieldMask {
            paths: vec!["title".to_owned()],
        }),
        requested_by: "desk@example.org".to_owned(),
        ..Default::default()
    };
    refused(client.update_article(update), reason, &[]).await;
    let publishers = client.list_publishers(ListPublishersRequest::default());
    refused(publishers, reason, &[]).await;
    let articles = BatchGetArticlesRequest {
        names: vec![format!("articles/{ID}")],
        ..Default::default()
    };
    refused(client.batch_get_articles(articles), reason, &[]).await;
}

/// Expects every RPC that needs the database to fail for this reason, and extraction to work.
async fn check_only_extraction_works(server: &TestServer, reason: ErrorReason) {
    let client = &server.client;
    let document = Some(spoilt(|_| ()));
    let name = |collection: &str| format!("{collection}/{ID}");
    let ingest = IngestArticleRequest {
        document: document.clone(),
        ..Default::default()
    };
    refused(client.ingest_article(ingest), reason, &[]).await;
    let again = ReextractArticleRequest {
        name: name("articles"),
        ..Default::default()
    };
    refused(client.reextract_article(again), reason, &[]).await;
    let article = GetArticleRequest {
        name: name("articles"),
        ..Default::default()
    };
    refused(client.get_article(article), reason, &[]).await;
    let actor = GetActorRequest {
        name: name("actors"),
    };
    refused(client.get_actor(actor), reason, &[]).await;
    let claim = GetClaimRequest {
        name: name("claims"),
        ..Default::default()
    };
    refused(client.get_claim(claim), reason, &[]).await;
    let claims = BatchGetClaimsRequest {
        names: vec![name("claims")],
        ..Default::default()
    };
    refused(client.batch_get_claims(claims), reason, &[]).await;
    check_articles_are_out_of_reach(client, reason).await;
    let delete = DeleteActorRequest {
        name: name("actors"),
        requested_by: "desk@example.org".to_owned(),
        ..Default::default()
    };
    refused(client.delete_actor(delete), reason, &[]).await;
    let actors = BatchGetActorsRequest {
        names: vec![name("actors")],
    };
    refused(client.batch_get_actors(actors), reason, &[]).await;
    refused(
        client.list_articles(ListArticlesRequest::default()),
        reason,
        &[],
    )
    .await;
    refused(
        client.list_actors(ListActorsRequest::default()),
        reason,
        &[],
    )
    .await;
    refused(
        client.list_claims(ListClaimsRequest::default()),
        reason,
        &[],
    )
    .await;

    let search = SearchClaimsRequest {
        query: "bridge".to_owned(),
        ..Default::default()
    };
    refused(client.search_claims(search), reason, &[]).await;
    let matching = MatchClaimsRequest {
        text: "bridge".to_owned(),
        ..Default::default()
    };
    refused(client.match_claims(matching), reason, &[]).await;
    let related = ListRelatedClaimsRequest {
        parent: name("claims"),
        ..Default::default()
    };
    refused(client.list_related_claims(related), reason, &[]).await;
    check_reviews(server, reason).await;
    let timeline = GetTimelineRequest {
        actor: name("actors"),
        ..Default::default()
    };
    refused(client.get_timeline(timeline), reason, &[]).await;
    let stats = ListSourcingStatsRequest {
        group_by: SourcingGroup::Actor.into(),
        filter: Some(ClaimFilter {
            actor: name("actors"),
            ..Default::default()
        }),
        ..Default::default()
    };
    refused(client.list_sourcing_stats(stats), reason, &[]).await;

    let request = ExtractClaimsRequest {
        document,
        ..Default::default()
    };
    let read = client.extract_claims(request).await.expect("read");
    assert_eq!(read.claims.len(), 1);
}

async fn check_reviews(server: &TestServer, reason: ErrorReason) {
    let client = &server.client;
    let claim = format!("claims/{ID}");
    let review = ReviewClaimRequest {
        name: claim.clone(),
        action: ReviewAction::Confirm.into(),
        requested_by: "me".to_owned(),
        ..Default::default()
    };
    refused(client.review_claim(review), reason, &[]).await;
    let reviews = ListClaimReviewsRequest {
        parent: claim,
        ..Default::default()
    };
    refused(client.list_claim_reviews(reviews), reason, &[]).await;
    let retract = RetractArticleRequest {
        name: format!("articles/{ID}"),
        requested_by: "me".to_owned(),
        ..Default::default()
    };
    refused(client.retract_article(retract), reason, &[]).await;
    check_corrections(server, reason).await;
}

async fn check_corrections(server: &TestServer, reason: ErrorReason) {
    let client = &server.client;
    let name = format!("articles/{ID}");
    let correction = CorrectArticleRequest {
        name: name.clone(),
        text: "Yes.".to_owned(),
        requested_by: "me".to_owned(),
        ..Default::default()
    };
    refused(client.correct_article(correction), reason, &[]).await;
    let revisions = ListArticleRevisionsRequest {
        parent: name.clone(),
        ..Default::default()
    };
    refused(client.list_article_revisions(revisions), reason, &[]).await;
    let claims = ListRevisionClaimsRequest {
        parent: name,
        revision: 1,
        ..Default::default()
    };
    refused(client.list_revision_claims(claims), reason, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_database_extraction_works_alone() {
    let server = TestServer::with(None).await;
    check_only_extraction_works(&server, DatabaseUnavailable).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unmigrated_database_is_told_apart_from_none() {
    let server = TestServer::on(Database::create_empty().await).await;
    check_only_extraction_works(&server, DatabaseNotMigrated).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ingest_past_the_deadline_is_stored_once_when_it_is_sent_again() {
    let database = Database::create().await;
    let options = ServerOptions {
        request_timeout: Duration::from_millis(200),
        ..TestServer::options()
    };
    let server = TestServer::launch(Some(database.store()), options).await;
    let mut lock = database.connection().await;
    lock.execute("BEGIN; LOCK TABLE articles IN ACCESS EXCLUSIVE MODE")
        .await
        .expect("the lock");
    let request = IngestArticleRequest {
        document: Some(spoilt(|_| ())),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    let call = server.client.ingest_article(request.clone());
    refused(call, DeadlineExceeded, &[]).await;
    lock.execute("ROLLBACK").await.expect("no lock");

    let article = loop {
        match server.client.ingest_article(request.clone()).await {
            Ok(response) => break response.article.expect("an article"),
            // The machine may be slow.
            Err(status) => assert_eq!(status.code(), tonic::Code::DeadlineExceeded),
        }
    };
    assert_eq!(article.claim_count, 1);
    let rows = database.rows().await;
    assert_eq!((rows["articles"], rows["claims"]), (1, 1));
}
