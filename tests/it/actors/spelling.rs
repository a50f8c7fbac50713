//! One name in many spellings: across articles, in lists, and asked for.

use onrecord::proto::{ListActorsRequest, ResolveActorRequest, ResolveReason};

use super::{actor, actors, known};
use crate::harness::TestServer;

/// Names that are one actor's, and the sentence that each speaks in.
const SAME: &[&[&str]] = &[
    &["Sean O'Brien", "Sean O’Brien"],
    &["Łukasz Kowalski", "Lukasz Kowalski"],
    &["J.R.R. Hollis", "J. R. R. Hollis", "JRR Hollis"],
    &[
        "Kwame Boateng",
        "Prof Kwame Boateng",
        "Cllr Kwame Boateng",
        "Kwame A. Boateng",
    ],
    &["Rosa Ibáñez", "Rosa Ibanez"],
];

/// Names of different people.
const DIFFERENT: &[&str] = &["Jan Broek", "Nguyen Phu Trong", "Nguyen Thi Trong"];

async fn server() -> TestServer {
    let server = TestServer::start().await;
    known(&server, &["Jan van den Broek"]).await;
    for name in SAME.iter().copied().flatten().chain(DIFFERENT) {
        server
            .ingest_text(&format!("“It rained,” said {name}."))
            .await;
    }
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn spellings_of_a_name_are_one_actor() {
    let server = server().await;
    for names in SAME {
        let one = actor(&server, names[0]).await;
        let count = i64::try_from(names.len()).expect("few");
        assert_eq!(one.claim_count, count, "{names:?}: {one:?}");
    }
    for name in DIFFERENT {
        assert_eq!(actor(&server, name).await.claim_count, 1, "{name}");
    }
    assert_eq!(
        actors(&server).await.len(),
        SAME.len() + DIFFERENT.len() + 1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_surname_alone_joins_nobody() {
    let server = TestServer::start().await;
    for name in ["Boateng", "Prof Boateng", "Cllr Boateng"] {
        for _ in 0..2 {
            let place = actors(&server).await.len();
            let text = format!("“It rained in harbour {place},” said {name}.");
            server.ingest_text(&text).await;
        }
    }
    let all = actors(&server).await;
    assert_eq!(all.len(), 6, "{all:?}");
}

async fn listed(server: &TestServer, prefix: &str, query: &str) -> Vec<String> {
    let request = ListActorsRequest {
        display_name_prefix: prefix.to_owned(),
        query: query.to_owned(),
        ..ListActorsRequest::default()
    };
    let page = server.client.list_actors(request).await.expect("list");
    let names = page.actors.into_iter().map(|actor| actor.display_name);
    names.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_listed_without_their_accents() {
    let server = server().await;
    for (query, name) in [
        ("van den Broek", "Jan van den Broek"),
        ("Ibanez", "Rosa Ibáñez"),
        ("ibáñez", "Rosa Ibáñez"),
        ("Lukasz", "Łukasz Kowalski"),
        ("O’Brien", "Sean O'Brien"),
        ("O'Brien", "Sean O'Brien"),
    ] {
        assert_eq!(listed(&server, "", query).await, [name], "{query}");
    }
    assert_eq!(
        listed(&server, "", "Broek").await,
        ["Jan Broek", "Jan van den Broek"]
    );
    for (prefix, name) in [
        ("lukasz", "Łukasz Kowalski"),
        ("ŁUKASZ", "Łukasz Kowalski"),
        ("rosa iban", "Rosa Ibáñez"),
        ("Sean O’", "Sean O'Brien"),
        ("jan van", "Jan van den Broek"),
    ] {
        assert_eq!(listed(&server, prefix, "").await, [name], "{prefix}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mentions_are_resolved_without_accents_and_with_particles() {
    let server = server().await;
    let resolve = async |mention: &str| {
        let request = ResolveActorRequest {
            mention: mention.to_owned(),
            ..ResolveActorRequest::default()
        };
        let answer = server.client.resolve_actor(request).await.expect("resolve");
        let best = answer.candidates.into_iter().next().expect(mention);
        let reason = best.reasons().next().expect("a reason");
        (best.actor.expect("an actor").display_name, reason)
    };
    for (mention, name, reason) in [
        (
            "van den Broek",
            "Jan van den Broek",
            ResolveReason::SameSurname,
        ),
        ("Prof. Ibanez", "Rosa Ibáñez", ResolveReason::SameSurname),
        ("Kowalski", "Łukasz Kowalski", ResolveReason::SameSurname),
        (
            "Lukasz Kowalski",
            "Łukasz Kowalski",
            ResolveReason::SameIdentity,
        ),
        ("O’Brien", "Sean O'Brien", ResolveReason::SameSurname),
        (
            "Cllr Kwame Boateng",
            "Kwame Boateng",
            ResolveReason::SameIdentity,
        ),
        ("J R R Hollis", "J.R.R. Hollis", ResolveReason::SimilarName),
    ] {
        let expect = (name.to_owned(), reason);
        assert_eq!(resolve(mention).await, expect, "{mention}");
    }
    let (name, _) = resolve("Broek").await;
    assert!(name.ends_with(" Broek"), "{name}");
}
