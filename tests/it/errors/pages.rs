//! Page sizes, page tokens and filters of lists.

use onrecord::proto::ErrorReason::{
    self, InvalidField, InvalidPageSize, InvalidPageToken, NulCharacter, PageTokenFilterMismatch,
};
use onrecord::proto::{
    ActorKind, ClaimFilter, ListActorsRequest, ListArticlesRequest, ListClaimsRequest, QuoteType,
};

use super::{at, filtered};
use crate::harness::{TestServer, refused};

/// Sends a request to each list, with these fields, and expects each to be refused alike.
async fn check(
    server: &TestServer,
    page_size: i32,
    page_token: &str,
    reason: ErrorReason,
    fields: &[&str],
) {
    let page_token = page_token.to_owned();
    let articles = ListArticlesRequest {
        page_size,
        page_token: page_token.clone(),
        ..Default::default()
    };
    refused(server.client.list_articles(articles), reason, fields).await;
    let actors = ListActorsRequest {
        page_size,
        page_token: page_token.clone(),
        ..Default::default()
    };
    refused(server.client.list_actors(actors), reason, fields).await;
    let claims = ListClaimsRequest {
        page_size,
        page_token,
        ..Default::default()
    };
    refused(server.client.list_claims(claims), reason, fields).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_below_zero_and_garbage_for_tokens_are_refused() {
    let server = TestServer::start().await;
    for size in [-1, i32::MIN] {
        check(&server, size, "", InvalidPageSize, &["page_size"]).await;
    }
    for token in ["1", "AAAA", "not a token", "\0", "é", &"A".repeat(5_000)] {
        check(&server, 0, token, InvalidPageToken, &["page_token"]).await;
    }
    check(
        &server,
        -1,
        "1",
        InvalidPageSize,
        &["page_size", "page_token"],
    )
    .await;
}

/// Two articles with two actors and two claims, so that each list has a second page.
async fn server_with_two_of_each() -> TestServer {
    let server = TestServer::start().await;
    for text in [
        "“The bridge is safe,” said Ann Lee.",
        "“The toll is too high,” said Marek Dolan.",
    ] {
        server.ingest_text(text).await;
    }
    server
}

/// The tokens of each list's second page: of articles, actors and claims.
async fn second_pages(server: &TestServer) -> [String; 3] {
    let client = &server.client;
    let page_size = 1;
    let articles = client.list_articles(ListArticlesRequest {
        page_size,
        ..Default::default()
    });
    let actors = client.list_actors(ListActorsRequest {
        page_size,
        ..Default::default()
    });
    let claims = client.list_claims(ListClaimsRequest {
        page_size,
        ..Default::default()
    });
    [
        articles.await.expect("a page").next_page_token,
        actors.await.expect("a page").next_page_token,
        claims.await.expect("a page").next_page_token,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_good_for_its_own_list_only() {
    let server = server_with_two_of_each().await;
    let client = &server.client;
    let [articles, actors, claims] = second_pages(&server).await;
    let field: &[&str] = &["page_token"];
    for page_token in [&actors, &claims].map(String::clone) {
        let request = ListArticlesRequest {
            page_token,
            ..Default::default()
        };
        refused(client.list_articles(request), InvalidPageToken, field).await;
    }
    for page_token in [&articles, &claims].map(String::clone) {
        let request = ListActorsRequest {
            page_token,
            ..Default::default()
        };
        refused(client.list_actors(request), InvalidPageToken, field).await;
    }
    for page_token in [articles, actors, claims[1..].to_owned(), claims + "A"] {
        let request = ListClaimsRequest {
            page_token,
            ..Default::default()
        };
        refused(client.list_claims(request), InvalidPageToken, field).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_good_for_its_own_filter_only() {
    let server = server_with_two_of_each().await;
    let client = &server.client;
    let [articles, actors, claims] = second_pages(&server).await;
    let (reason, field) = (PageTokenFilterMismatch, &["page_token"]);

    let articles = ListArticlesRequest {
        page_token: articles,
        ..Default::default()
    };
    for request in [
        ListArticlesRequest {
            publisher: "Ostbridge Courier".into(),
            ..articles.clone()
        },
        ListArticlesRequest {
            start_publish_time: Some(at(0, 0)),
            ..articles.clone()
        },
        ListArticlesRequest {
            end_publish_time: Some(at(253_402_300_799, 0)),
            ..articles
        },
    ] {
        refused(client.list_articles(request), reason, field).await;
    }
    let actors = ListActorsRequest {
        page_token: actors,
        ..Default::default()
    };
    for request in [
        ListActorsRequest {
            display_name_prefix: "A".into(),
            ..actors.clone()
        },
        ListActorsRequest {
            kind: ActorKind::Person.into(),
            ..actors
        },
    ] {
        refused(client.list_actors(request), reason, field).await;
    }
    for filter in [
        ClaimFilter {
            quote_type: QuoteType::Direct.into(),
            ..Default::default()
        },
        ClaimFilter {
            min_actor_confidence: 0.5,
            ..Default::default()
        },
    ] {
        let request = ListClaimsRequest {
            page_token: claims.clone(),
            ..filtered(filter)
        };
        refused(client.list_claims(request), reason, field).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_have_bounds() {
    let server = TestServer::start().await;
    let client = &server.client;
    for (bad, reason) in [
        ("x".repeat(501), InvalidField),
        ("\0".to_owned(), NulCharacter),
    ] {
        let request = ListArticlesRequest {
            publisher: bad.clone(),
            ..Default::default()
        };
        refused(client.list_articles(request), reason, &["publisher"]).await;
        let request = ListActorsRequest {
            display_name_prefix: bad,
            ..Default::default()
        };
        refused(
            client.list_actors(request),
            reason,
            &["display_name_prefix"],
        )
        .await;
    }
    for (start, end, field) in [
        (Some(at(-62_135_596_801, 0)), None, "start_publish_time"),
        (None, Some(at(0, -1)), "end_publish_time"),
        (Some(at(7, 0)), Some(at(7, 0)), "end_publish_time"),
        (Some(at(7, 0)), Some(at(6, 999_999_999)), "end_publish_time"),
    ] {
        let request = ListArticlesRequest {
            start_publish_time: start,
            end_publish_time: end,
            ..Default::default()
        };
        refused(client.list_articles(request), InvalidField, &[field]).await;
        let filter = ClaimFilter {
            start_publish_time: start,
            end_publish_time: end,
            ..Default::default()
        };
        let field = format!("filter.{field}");
        refused(
            client.list_claims(filtered(filter)),
            InvalidField,
            &[&field],
        )
        .await;
    }
}
