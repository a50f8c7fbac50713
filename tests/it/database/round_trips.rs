//! How often a call waits for the database.

use futures_util::future::BoxFuture;
use onrecord::client::Client;
use onrecord::proto::{
    BatchGetActorsRequest, BatchGetArticlesRequest, BatchGetClaimsRequest, ClaimFilter, ClaimKind,
    EngineKind, GetActorRequest, GetArticleRequest, GetClaimRequest, IngestArticleRequest,
    ListActorsRequest, ListArticlesRequest, ListClaimsRequest, MatchClaimsRequest, MatchDepth,
    SearchClaimsRequest,
};
use onrecord::store::Store;
use tonic::Status;

use super::cut_off::through_proxy;
use super::few;
use crate::harness::{Database, Proxy, TestServer, document, url};

/// More calls than what runs in the background makes round trips meanwhile.
const CALLS: u64 = 100;

/// Names of what is looked up.
struct Names {
    article: String,
    claim: String,
    actor: String,
}

type Call = for<'c> fn(&'c Client, &'c Names) -> BoxFuture<'c, Result<(), Status>>;

/// The calls and their round trips, once their statements are prepared.
const CALLS_OF: &[(&str, u64, Call)] = &[
    ("GetArticle", 1, |client, names| {
        let request = GetArticleRequest {
            name: names.article.clone(),
            ..GetArticleRequest::default()
        };
        Box::pin(async move { client.get_article(request).await.map(drop) })
    }),
    ("GetClaim", 1, |client, names| {
        let request = GetClaimRequest {
            name: names.claim.clone(),
            ..GetClaimRequest::default()
        };
        Box::pin(async move { client.get_claim(request).await.map(drop) })
    }),
    ("BatchGetClaims", 1, |client, names| {
        let request = BatchGetClaimsRequest {
            names: vec![names.claim.clone()],
            ..BatchGetClaimsRequest::default()
        };
        Box::pin(async move { client.batch_get_claims(request).await.map(drop) })
    }),
    ("GetActor", 1, |client, names| {
        let name = names.actor.clone();
        Box::pin(async move { client.get_actor(GetActorRequest { name }).await.map(drop) })
    }),
    ("BatchGetArticles", 1, |client, names| {
        let request = BatchGetArticlesRequest {
            names: vec![names.article.clone(); 2],
            ..Default::default()
        };
        Box::pin(async move { client.batch_get_articles(request).await.map(drop) })
    }),
    ("BatchGetActors", 1, |client, names| {
        let names = vec![names.actor.clone(); 2];
        let request = BatchGetActorsRequest { names };
        Box::pin(async move { client.batch_get_actors(request).await.map(drop) })
    }),
    ("ListArticles", 1, |client, _| {
        Box::pin(async move {
            let page = client.list_articles(ListArticlesRequest::default());
            page.await.map(drop)
        })
    }),
    ("ListActors", 1, |client, _| {
        Box::pin(async move {
            let page = client.list_actors(ListActorsRequest::default());
            page.await.map(drop)
        })
    }),
    ("ListClaims of an actor", 1, |client, names| {
        let filter = ClaimFilter {
            actor: names.actor.clone(),
            ..ClaimFilter::default()
        };
        Box::pin(list(client, filter))
    }),
    ("ListClaims of an actor and a kind", 3, |client, names| {
        let filter = ClaimFilter {
            actor: names.actor.clone(),
            kind: ClaimKind::Assertion.into(),
            ..ClaimFilter::default()
        };
        Box::pin(list(client, filter))
    }),
    ("SearchClaims", 6, |client, _| {
        Box::pin(async move {
            let request = SearchClaimsRequest {
                query: "safe".to_owned(),
                ..SearchClaimsRequest::default()
            };
            client.search_claims(request).await.map(drop)
        })
    }),
    ("MatchClaims by words", 3, |client, _| {
        Box::pin(async move {
            let request = MatchClaimsRequest {
                text: "It is safe".to_owned(),
                depth: MatchDepth::Words.into(),
                ..MatchClaimsRequest::default()
            };
            client.match_claims(request).await.map(drop)
        })
    }),
    ("IngestArticle again", 2, |client, _| {
        Box::pin(async move { client.ingest_article(article()).await.map(drop) })
    }),
];

async fn list(client: &Client, filter: ClaimFilter) -> Result<(), Status> {
    let request = ListClaimsRequest {
        filter: Some(filter),
        ..ListClaimsRequest::default()
    };
    client.list_claims(request).await.map(drop)
}

fn article() -> IngestArticleRequest {
    IngestArticleRequest {
        document: Some(document("“It is safe,” said Ann Lee.")),
        engine: EngineKind::Rules.into(),
        ..IngestArticleRequest::default()
    }
}

async fn store_one(client: &Client) -> Names {
    let stored = client.ingest_article(article()).await.expect("stored");
    let page = client.list_claims(ListClaimsRequest::default()).await;
    let claim = page.expect("a page").claims.swap_remove(0);
    Names {
        article: stored.article.expect("an article").name,
        claim: claim.name,
        actor: claim.actor,
    }
}

async fn round_trips(proxy: &Proxy, client: &Client, names: &Names, call: Call) -> u64 {
    // Prepares the statements.
    call(client, names).await.expect("an answer");
    let before = proxy.round_trips();
    for _ in 0..CALLS {
        call(client, names).await.expect("an answer");
    }
    (proxy.round_trips() - before) / CALLS
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_waits_for_the_database_no_more_often_than_it_must() {
    let database = Database::create().await;
    let Some((proxy, connect)) = through_proxy(&database).await else {
        return;
    };
    let server = TestServer::with(Some(Store::connect(connect, few()))).await;
    let client = Client::connect(url(server.address)).await.expect("connect");
    let names = store_one(&client).await;
    let mut wrong = Vec::new();
    for (name, expected, call) in CALLS_OF {
        let counted = round_trips(&proxy, &client, &names, *call).await;
        eprintln!("{name}: {counted} round trips");
        if counted != *expected {
            wrong.push(format!("{name}: {counted} instead of {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
