//! Who is meant: across articles, and asked for by name.

use onrecord::domain::{Gender, Registered, Role};
use onrecord::extract::{full_key, identity_key};
use onrecord::proto::{
    Document, GenderBasis, ListActorsRequest, ResolveActorRequest, ResolveReason,
};
use prost_types::Timestamp;

use super::{actor, actors};
use crate::harness::TestServer;

fn person(name: &str, aliases: &[&str], title: &str, years: (i32, i32)) -> Registered {
    let day = |year| chrono::NaiveDate::from_ymd_opt(year, 1, 20);
    let names = aliases.iter().copied().chain([name]);
    Registered {
        name: name.to_owned(),
        aliases: aliases.iter().map(ToString::to_string).collect(),
        gender: Some(Gender::Female),
        external_ids: [("wikidata".to_owned(), format!("Q{}", years.0))].into(),
        roles: vec![Role {
            title: title.to_owned(),
            organization: Some("Government of Meride".to_owned()),
            start_date: day(years.0),
            end_date: day(years.1),
            evidence: None,
        }],
        identity_key: full_key(name).expect("a full name"),
        keys: names
            .flat_map(|name| [identity_key(name), full_key(name)])
            .flatten()
            .collect(),
    }
}

/// A server that knows two presidents and a senator of one surname.
async fn server() -> TestServer {
    let server = TestServer::start().await;
    let people = [
        person(
            "Vera Borg",
            &["V. Borg"],
            "President of Meride",
            (2005, 2009),
        ),
        person("Ida Borg", &[], "President of Meride", (2013, 2017)),
        person(
            "Ann Maria Borg",
            &["Ann Borg"],
            "United States Senator",
            (2005, 2030),
        ),
    ];
    let store = server.database.as_ref().expect("a database").store();
    store.register(&people).await.expect("register");
    store.register(&people).await.expect("register again");
    server
}

fn dated(text: &str, year: i32) -> Document {
    let day = chrono::NaiveDate::from_ymd_opt(year, 6, 1).expect("a day");
    Document {
        text: text.to_owned(),
        publish_time: Some(Timestamp {
            seconds: day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp(),
            nanos: 0,
        }),
        ..Document::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_offices_mean_those_of_the_register() {
    let server = server().await;
    server
        .ingest(dated("Ann B. Borg said it rained.", 2016))
        .await;
    server
        .ingest(dated("President Borg said it rained.", 2006))
        .await;
    server
        .ingest(dated("President Borg said it snowed.", 2016))
        .await;
    server
        .ingest(dated("Senator Borg said it froze.", 2016))
        .await;
    // Neither a surname alone nor an office that nobody of the name held means anybody.
    server.ingest(dated("Borg said it thawed.", 2016)).await;
    server
        .ingest(dated("President Borg said it blew.", 2011))
        .await;
    for (name, claims) in [("Vera Borg", 1), ("Ida Borg", 1), ("Ann Maria Borg", 2)] {
        let actor = actor(&server, name).await;
        assert_eq!(actor.claim_count, claims, "{name}");
        assert_eq!(actor.gender_basis(), GenderBasis::Register);
        assert_eq!(
            actor
                .roles
                .iter()
                .filter(|role| !role.start_date.is_empty())
                .count(),
            1
        );
    }
    let unknown = actors(&server).await;
    assert_eq!(
        unknown
            .iter()
            .filter(|actor| actor.display_name == "Borg")
            .count(),
        2
    );
}

async fn resolve(
    server: &TestServer,
    mention: &str,
    context: &str,
    year: i32,
) -> Vec<(String, Vec<ResolveReason>)> {
    let request = ResolveActorRequest {
        mention: mention.to_owned(),
        context: context.to_owned(),
        time: dated("", year).publish_time,
        max_candidates: 0,
    };
    let answer = server.client.resolve_actor(request).await.expect("resolve");
    let scores: Vec<f32> = answer
        .candidates
        .iter()
        .map(|candidate| candidate.score)
        .collect();
    assert!(
        scores.is_sorted_by(|a, b| a >= b)
            && scores.iter().all(|score| (0.0..=1.0).contains(score)),
        "{scores:?}"
    );
    let told = answer.candidates.into_iter().map(|candidate| {
        let reasons: Vec<ResolveReason> = candidate.reasons().collect();
        assert!(!reasons.is_empty());
        (candidate.actor.expect("an actor").display_name, reasons)
    });
    told.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn mentions_are_resolved_with_reasons() {
    let server = server().await;
    let first = |candidates: &[(String, Vec<ResolveReason>)]| candidates[0].clone();
    let (name, reasons) = first(&resolve(&server, "Ann Borg", "", 2016).await);
    assert_eq!(
        (name.as_str(), reasons[0]),
        ("Ann Maria Borg", ResolveReason::SameIdentity)
    );
    let (name, reasons) = first(&resolve(&server, "President Borg", "", 2006).await);
    assert_eq!(name, "Vera Borg");
    assert!(
        reasons.contains(&ResolveReason::OfficeAtTime)
            && reasons.contains(&ResolveReason::SameSurname)
    );
    let (name, _) = first(&resolve(&server, "former President Borg", "", 2012).await);
    assert_eq!(name, "Vera Borg");
    let (name, reasons) =
        first(&resolve(&server, "Borg", "the United States Senator left", 2016).await);
    assert_eq!(name, "Ann Maria Borg");
    assert!(reasons.contains(&ResolveReason::RoleInContext));
    let (name, reasons) = first(&resolve(&server, "Vera Borgg", "", 2016).await);
    assert_eq!(
        (name.as_str(), reasons[0]),
        ("Vera Borg", ResolveReason::SimilarName)
    );
    assert_eq!(resolve(&server, "Zacharias Quint", "", 2016).await, []);
    assert_eq!(resolve(&server, "%", "", 2016).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_searched_by_parts_of_names_and_by_organization() {
    let server = server().await;
    let found = async |query: &str, organization: &str| {
        let request = ListActorsRequest {
            query: query.to_owned(),
            organization: organization.to_owned(),
            ..ListActorsRequest::default()
        };
        let page = server.client.list_actors(request).await.expect("list");
        page.actors
            .into_iter()
            .map(|actor| actor.display_name)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("maria", "").await, ["Ann Maria Borg"]);
    assert_eq!(found("marria", "").await, ["Ann Maria Borg"]);
    assert_eq!(
        found("", "government of MERIDE").await,
        ["Ann Maria Borg", "Ida Borg", "Vera Borg"]
    );
    assert_eq!(found("vera", "government of meride").await, ["Vera Borg"]);
    assert!(found("", "Acme").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_finds_its_people_under_the_keys_of_earlier_versions() {
    let server = TestServer::start().await;
    let store = server.database.as_ref().expect("a database").store();
    let mut one = person(
        "Vesna D. Borg",
        &["Vesna Borg"],
        "President of Meride",
        (2005, 2009),
    );
    one.identity_key = "vesna d borg".to_owned();
    store
        .register(std::slice::from_ref(&one))
        .await
        .expect("register");
    one.identity_key = "vesna borg".to_owned();
    store.register(&[one]).await.expect("register again");
    server.ingest_text("Vesna D. Borg said it rained.").await;
    server.ingest_text("Vesna Borg said it snowed.").await;
    assert_eq!(actors(&server).await.len(), 1);
}
