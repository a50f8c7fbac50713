//! Finding an article or an actor by what a caller knows of it: an address, an id of its own, words, an id elsewhere.

use futures_util::TryStreamExt;
use onrecord::proto::ErrorReason::{
    ActorNotFound, ArticleExists, ArticleNotFound, InvalidField, InvalidPageSize, InvalidPageToken,
    PageTokenFilterMismatch, RequiredFieldMissing,
};
use onrecord::proto::{
    Actor, Article, ArticleView, BatchGetActorsRequest, BatchGetArticlesRequest, Document,
    IngestArticleRequest, ListActorsRequest, ListArticlesRequest, ListPublishersRequest, Publisher,
    UpdateActorRequest,
};
use prost_types::FieldMask;

use crate::harness::{TestServer, refused};

fn document(title: &str, publisher: &str, external_id: &str) -> Document {
    Document {
        text: format!("“The ferry is full,” said Vera Lindqvist of {title}."),
        title: title.to_owned(),
        uri: format!("https://courier.example/{external_id}"),
        publisher: publisher.to_owned(),
        external_id: external_id.to_owned(),
        ..Document::default()
    }
}

async fn archive(server: &TestServer) -> Vec<Article> {
    let mut articles = Vec::new();
    for (title, publisher, id) in [
        ("Ferries run late", "Courier", "cms-1"),
        ("A late ferry <b>stranded</b>", "Courier", "cms-2"),
        ("The harbour reopens", "Herald", "cms-1"),
    ] {
        articles.push(server.ingest(document(title, publisher, id)).await);
    }
    articles
}

async fn check(server: &TestServer, filter: ListArticlesRequest, expect: &[&Article]) {
    let found = server.client.list_articles(filter).await.expect("list");
    let names: Vec<_> = found.articles.iter().map(|one| &one.name).collect();
    let expect: Vec<_> = expect.iter().rev().map(|one| &one.name).collect();
    assert_eq!(names, expect);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_is_found_by_address_own_id_and_words_of_its_headline() {
    let server = TestServer::start().await;
    let articles = archive(&server).await;
    let [late, again, harbour] = &articles[..] else {
        panic!("three articles")
    };
    assert_eq!(again.external_id, "cms-2");
    let by = ListArticlesRequest::default;

    let uri = "https://courier.example/cms-2".to_owned();
    check(&server, ListArticlesRequest { uri, ..by() }, &[again]).await;
    let uri = "https://courier.example/CMS-2".to_owned();
    check(&server, ListArticlesRequest { uri, ..by() }, &[]).await;

    let external_id = || "cms-1".to_owned();
    let of_any = ListArticlesRequest {
        external_id: external_id(),
        ..by()
    };
    check(&server, of_any.clone(), &[late, harbour]).await;
    let of_one = ListArticlesRequest {
        publisher: "Herald".to_owned(),
        ..of_any
    };
    check(&server, of_one, &[harbour]).await;

    for (words, expect) in [
        ("ferry", vec![late, again]),
        ("ferry -stranding", vec![late]),
        ("\"late ferry\"", vec![again]),
        ("HARBOURS", vec![harbour]),
        ("bridge", vec![]),
    ] {
        let title_query = words.to_owned();
        let by_words = ListArticlesRequest {
            title_query,
            ..by()
        };
        check(&server, by_words, &expect).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_has_each_id_once() {
    let server = TestServer::start().await;
    let articles = archive(&server).await;
    let ingest = |title: &str, request_id: &str| {
        server.client.ingest_article(IngestArticleRequest {
            document: Some(document(title, "Courier", "cms-1")),
            request_id: request_id.to_owned(),
            ..Default::default()
        })
    };
    let known = ingest("Ferries run late", "").await.expect("known");
    assert!(!known.created);
    let fault = refused(ingest("Something else", "once"), ArticleExists, &[]).await;
    assert_eq!(fault.metadata["name"], articles[0].name);

    // The request id is still free.
    let other = IngestArticleRequest {
        document: Some(document("Something else", "Courier", "cms-3")),
        request_id: "once".to_owned(),
        ..Default::default()
    };
    let stored = server.client.ingest_article(other).await.expect("stored");
    assert!(stored.created);
}

/// However many ask at once, one of them gets the id.
#[tokio::test(flavor = "multi_thread")]
async fn an_id_sent_with_many_texts_at_once_is_one_articles() {
    let server = TestServer::start().await;
    let sent = (0..8).map(|n| {
        server.client.ingest_article(IngestArticleRequest {
            document: Some(document(&format!("pier {n}"), "Courier", "cms-1")),
            ..Default::default()
        })
    });
    let outcomes = futures_util::future::join_all(sent).await;
    let (stored, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!((stored.len(), refused.len()), (1, 7));
    for outcome in refused {
        let status = outcome.expect_err("refused");
        assert_eq!(status.code(), tonic::Code::AlreadyExists, "{status:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_looked_for_is_named() {
    let server = TestServer::start().await;
    archive(&server).await;
    let by = ListArticlesRequest::default;
    let list = |request| server.client.list_articles(request);
    let title_query = "the of".to_owned();
    let only_common = ListArticlesRequest {
        title_query,
        ..by()
    };
    refused(list(only_common), InvalidField, &["title_query"]).await;
    let too_long = ListArticlesRequest {
        uri: "u".repeat(2_001),
        external_id: "e".repeat(501),
        title_query: "t".repeat(1_001),
        ..by()
    };
    let fields = &["uri", "external_id", "title_query"];
    refused(list(too_long), InvalidField, fields).await;

    let first = ListArticlesRequest {
        page_size: 1,
        title_query: "ferry".to_owned(),
        ..by()
    };
    let page = list(first.clone()).await.expect("a page");
    let second = ListArticlesRequest {
        page_token: page.next_page_token,
        title_query: "late".to_owned(),
        ..first
    };
    refused(list(second), PageTokenFilterMismatch, &["page_token"]).await;

    for external_id in ["wikidata", ":Q1", "wikidata:"] {
        let request = ListActorsRequest {
            external_id: external_id.to_owned(),
            ..Default::default()
        };
        let call = server.client.list_actors(request);
        refused(call, InvalidField, &["external_id"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_articles_are_read_at_once() {
    let server = TestServer::start().await;
    let articles = archive(&server).await;
    let names = |which: &[usize]| which.iter().map(|at| articles[*at].name.clone()).collect();
    let get = |names: Vec<String>, view: ArticleView| {
        server.client.batch_get_articles(BatchGetArticlesRequest {
            names,
            view: view.into(),
            ..Default::default()
        })
    };
    let found = get(names(&[2, 0, 2]), ArticleView::Unspecified).await;
    let found = found.expect("found").articles;
    assert_eq!(
        found,
        [&articles[2], &articles[0], &articles[2]].map(Clone::clone)
    );
    let full = get(names(&[1]), ArticleView::Full).await.expect("found");
    assert!(full.articles[0].text.contains("Vera Lindqvist"));
    assert!(!full.articles[0].blocks.is_empty());

    let unknown = "articles/0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d".to_owned();
    let with_unknown = [names(&[0]), vec![unknown.clone()]].concat();
    let fault = refused(get(with_unknown, ArticleView::Basic), ArticleNotFound, &[]).await;
    assert_eq!(fault.metadata["name"], unknown);
    refused(
        get(vec![], ArticleView::Basic),
        RequiredFieldMissing,
        &["names"],
    )
    .await;
    let many = vec![articles[0].name.clone(); 51];
    refused(
        get(many.clone(), ArticleView::Full),
        InvalidField,
        &["names"],
    )
    .await;
    let found = get(many, ArticleView::Basic).await.expect("found");
    assert_eq!(found.articles.len(), 51);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actor_is_found_by_its_id_elsewhere_and_several_are_read_at_once() {
    let server = TestServer::start().await;
    archive(&server).await;
    let all = server.client.list_actors(ListActorsRequest::default());
    let vera = all.await.expect("list").actors.remove(0);
    let update = UpdateActorRequest {
        actor: Some(Actor {
            external_ids: [("viaf".to_owned(), "12:3".to_owned())].into(),
            ..vera.clone()
        }),
        update_mask: Some(FieldMask {
            paths: vec!["external_ids".to_owned()],
        }),
        requested_by: "desk@example.org".to_owned(),
        ..Default::default()
    };
    let updated = server.client.update_actor(update).await.expect("updated");
    let updated = updated.actor.expect("the actor");
    for (id, expect) in [
        ("viaf:12:3", vec![updated.clone()]),
        ("viaf:12", vec![]),
        ("VIAF:12:3", vec![]),
    ] {
        let request = ListActorsRequest {
            external_id: id.to_owned(),
            ..Default::default()
        };
        let found = server.client.list_actors(request).await.expect("list");
        assert_eq!(found.actors, expect, "{id}");
    }

    let get = |names| {
        server
            .client
            .batch_get_actors(BatchGetActorsRequest { names })
    };
    let twice = get(vec![vera.name.clone(); 2]).await.expect("found");
    assert_eq!(twice.actors, vec![updated; 2]);
    let unknown = "actors/0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d".to_owned();
    let fault = refused(get(vec![vera.name, unknown.clone()]), ActorNotFound, &[]).await;
    assert_eq!(fault.metadata["name"], unknown);
    refused(get(vec![]), RequiredFieldMissing, &["names"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn publishers_are_listed_with_their_articles_counted() {
    let server = TestServer::start().await;
    archive(&server).await;
    server.ingest_text("Nobody published this.").await;
    let by_ones = ListPublishersRequest {
        page_size: 1,
        ..Default::default()
    };
    let publishers = server.client.all_publishers(by_ones).try_collect();
    let publishers: Vec<Publisher> = publishers.await.expect("list");
    let counted: Vec<_> = publishers
        .iter()
        .map(|one| (one.display_name.as_str(), one.article_count))
        .collect();
    assert_eq!(counted, [("Courier", 2), ("Herald", 1)]);
    assert_ne!(
        publishers[0].first_publish_time,
        publishers[0].last_publish_time
    );
    assert_eq!(
        publishers[1].first_publish_time,
        publishers[1].last_publish_time
    );

    let call = |request| server.client.list_publishers(request);
    let negative = ListPublishersRequest {
        page_size: -1,
        ..Default::default()
    };
    refused(call(negative), InvalidPageSize, &["page_size"]).await;
    let other = ListPublishersRequest {
        page_token: "x".to_owned(),
        ..Default::default()
    };
    refused(call(other), InvalidPageToken, &["page_token"]).await;
}
