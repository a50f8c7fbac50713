//! Which articles an operation reads.

use onrecord::proto::longrunning::ListOperationsRequest;
use onrecord::proto::{
    ArticleFilter, ArticleState, Document, ReextractArticlesRequest, RetractArticleRequest,
};

use super::{BY, change, database, ended, id, ingest, metadata, request, start, versions};
use crate::harness::{TestServer, document};

/// How many articles a request would have read.
async fn counted(server: &TestServer, request: ReextractArticlesRequest) -> i64 {
    let validate = ReextractArticlesRequest {
        validate_only: true,
        ..request
    };
    let operation = start(&server.client, validate).await;
    assert!(operation.done && operation.name.is_empty());
    metadata(&operation).total_article_count
}

fn of(filter: ArticleFilter) -> ReextractArticlesRequest {
    ReextractArticlesRequest {
        filter: Some(filter),
        ..request()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_outdated_is_read_where_that_is_asked_for() {
    let server = TestServer::start().await;
    let articles = ingest(&server, 4).await;
    for article in &articles[1..3] {
        let statement = format!(
            "UPDATE articles SET engine_version = '0' WHERE id = '{}'",
            id(&article.name)
        );
        change(database(&server), &statement).await;
    }
    let outdated = ReextractArticlesRequest {
        outdated_only: true,
        ..request()
    };
    assert_eq!(counted(&server, outdated.clone()).await, 2);
    let none = server
        .client
        .list_operations(ListOperationsRequest::default());
    assert!(none.await.expect("a list").operations.is_empty());
    assert_eq!(versions(database(&server)).await, [1; 4]);

    let first = start(&server.client, outdated.clone()).await;
    let told = metadata(&ended(&server.client, &first.name).await);
    assert_eq!((told.total_article_count, told.done_article_count), (2, 2));
    assert_eq!(versions(database(&server)).await, [1, 2, 2, 1]);
    let second = start(&server.client, outdated).await;
    let told = metadata(&ended(&server.client, &second.name).await);
    assert_eq!((told.total_article_count, told.done_article_count), (0, 0));
    // To another engine, all are.
    let model = ReextractArticlesRequest {
        outdated_only: true,
        engine: onrecord::proto::EngineKind::Model.into(),
        ..request()
    };
    assert_eq!(counted(&server, model).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_has_to_match_every_condition() {
    let server = TestServer::start().await;
    let at = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
    for (number, publisher, language_code) in [
        (1, "Ostbridge Courier", "en"),
        (2, "Ostbridge Courier", "en-GB"),
        (3, "Harbour Post", "en"),
    ] {
        let article = Document {
            publisher: publisher.to_owned(),
            language_code: language_code.to_owned(),
            publish_time: at(number * 1_000),
            ..document(format!("“Gate {number} is closed,” said Ann Lee."))
        };
        server.ingest(article).await;
    }
    let bare = ingest(&server, 1).await;
    let retract = RetractArticleRequest {
        name: bare[0].name.clone(),
        requested_by: BY.to_owned(),
        ..Default::default()
    };
    server
        .client
        .retract_article(retract)
        .await
        .expect("retracted");
    let strings = |values: &[&str]| values.iter().map(ToString::to_string).collect();
    let courier = ArticleFilter {
        publishers: strings(&["Ostbridge Courier"]),
        ..Default::default()
    };
    for (filter, expect) in [
        (ArticleFilter::default(), 4),
        (courier.clone(), 2),
        (
            ArticleFilter {
                publishers: strings(&["Ostbridge Courier", "Harbour Post"]),
                ..Default::default()
            },
            3,
        ),
        (
            ArticleFilter {
                language_codes: strings(&["en"]),
                ..courier.clone()
            },
            1,
        ),
        (
            ArticleFilter {
                start_publish_time: at(2_000),
                end_publish_time: at(3_000),
                ..Default::default()
            },
            1,
        ),
        (
            ArticleFilter {
                state: ArticleState::Retracted.into(),
                ..Default::default()
            },
            1,
        ),
        (
            ArticleFilter {
                state: ArticleState::Retracted.into(),
                ..courier
            },
            0,
        ),
    ] {
        let request = of(filter.clone());
        assert_eq!(
            counted(&server, request.clone()).await,
            expect,
            "{filter:?}"
        );
        let started = start(&server.client, request).await;
        let told = metadata(&ended(&server.client, &started.name).await);
        assert_eq!(told.done_article_count, expect, "{filter:?}");
    }
}
