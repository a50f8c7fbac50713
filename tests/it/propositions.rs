//! Claims that say the same are one proposition, and no others.

mod meaning;
mod plans;

use futures_util::TryStreamExt;
use futures_util::future::join_all;
use onrecord::matching::Depth;
use onrecord::proto::ErrorReason::PropositionNotFound;
use onrecord::proto::{
    Claim, ClaimFilter, Document, EngineKind, GetPropositionRequest, IngestArticleRequest,
    ListPropositionClaimsRequest, Proposition, ReviewAction, ReviewClaimRequest,
};
use onrecord::server::ServerOptions;

use crate::harness::{Database, TestServer, eventually, refused};

const SAID: &str = "Vera Lindqvist said that the northern ferry would carry 400 cars from June.";
const AGAIN: &str = "“The northern ferry would carry 400 cars from June,” said Marek Dolan.";
const OTHER_NUMBER: &str =
    "Ida Brandt said that the northern ferry would carry 250 cars from June.";
const NEGATED: &str = "Ida Brandt said that the northern ferry would not carry 400 cars from June.";

/// A server that sets claims beside each other.
async fn server(database: &Database) -> TestServer {
    let options = ServerOptions {
        propositions: Some(Depth::Words),
        ..TestServer::options()
    };
    TestServer::launch(Some(database.store()), options).await
}

/// A server that does not.
async fn quiet(database: &Database) -> TestServer {
    TestServer::with(Some(database.store())).await
}

/// Stores an article of a day in May.
async fn ingest(server: &TestServer, day: u32, publisher: &str, text: &str) {
    let time = format!("2026-05-{day:02}T09:00:00Z");
    let request = IngestArticleRequest {
        document: Some(Document {
            text: text.to_owned(),
            publisher: publisher.to_owned(),
            publish_time: Some(time.parse().expect("a time")),
            ..Document::default()
        }),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    server.client.ingest_article(request).await.expect("stored");
}

async fn count(database: &Database, statement: &'static str) -> i64 {
    let mut connection = database.connection().await;
    let count = sqlx::query_scalar(statement).fetch_one(&mut connection);
    count.await.expect("a number")
}

/// All claims that belong to a proposition are so many, of one.
async fn assert_one_proposition(database: &Database, members: i64) {
    let different = "SELECT count(DISTINCT proposition_id) FROM claim_propositions";
    assert_eq!(count(database, different).await, 1);
    let all = "SELECT count(*) FROM claim_propositions";
    assert_eq!(count(database, all).await, members);
}

/// Waits until no claim is left to be settled.
async fn settled(database: &Database) {
    let unsettled = "SELECT count(*) FROM unsettled_claims";
    eventually("every claim to be settled", async || {
        (count(database, unsettled).await == 0).then_some(())
    })
    .await;
}

async fn proposition(server: &TestServer, name: &str) -> Proposition {
    let request = GetPropositionRequest {
        name: name.to_owned(),
        ..Default::default()
    };
    let answer = server.client.get_proposition(request).await;
    answer.expect("a proposition").proposition.expect("it")
}

/// By pages of one.
async fn claims_of(server: &TestServer, name: &str) -> Vec<Claim> {
    let request = ListPropositionClaimsRequest {
        parent: name.to_owned(),
        page_size: 1,
        ..Default::default()
    };
    let claims = server.client.all_proposition_claims(request).try_collect();
    claims.await.expect("list")
}

/// All claims, the earliest first.
async fn claims(server: &TestServer) -> Vec<Claim> {
    let mut claims = server.claims(ClaimFilter::default()).await;
    claims.reverse();
    claims
}

async fn review(server: &TestServer, claim: &str, action: ReviewAction) {
    let request = ReviewClaimRequest {
        name: claim.to_owned(),
        action: action.into(),
        requested_by: "desk@example.org".to_owned(),
        ..Default::default()
    };
    server.client.review_claim(request).await.expect("noted");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_again_is_one_proposition() {
    let database = Database::create().await;
    let server = server(&database).await;
    ingest(&server, 3, "Courier", SAID).await;
    settled(&database).await;
    assert_eq!(claims(&server).await[0].proposition, "");
    ingest(&server, 1, "Radio", AGAIN).await;
    ingest(&server, 5, "Courier", &format!("{SAID} It rained.")).await;
    ingest(
        &server,
        6,
        "Courier",
        "Vera Lindqvist said that it was safe.",
    )
    .await;
    ingest(
        &server,
        7,
        "Radio",
        "Vera Lindqvist said that it was safe. Yes.",
    )
    .await;
    settled(&database).await;

    let claims = claims(&server).await;
    let name = claims[0].proposition.clone();
    assert!(name.starts_with("propositions/"), "{name}");
    let names: Vec<&str> = claims.iter().map(|one| one.proposition.as_str()).collect();
    assert_eq!(names, [&name[..], &name, &name, "", ""]);
    let of_it = ClaimFilter {
        proposition: name.clone(),
        ..Default::default()
    };
    let mut filtered = server.claims(of_it).await;
    filtered.reverse();
    assert_eq!(filtered, claims[..3]);
    let found = proposition(&server, &name).await;
    assert_eq!(found.first_claim.as_ref(), Some(&claims[0]));
    assert_eq!(found.last_claim.as_ref(), Some(&claims[2]));
    let counts = (found.claim_count, found.article_count);
    assert_eq!(
        (counts, found.actor_count, found.publisher_count),
        ((3, 3), 2, 2)
    );
    assert_eq!(claims_of(&server, &name).await, claims[..3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_contradicts_is_another_proposition() {
    let database = Database::create().await;
    let server = server(&database).await;
    for (day, text) in [(1, SAID), (2, NEGATED), (3, OTHER_NUMBER), (4, AGAIN)] {
        ingest(&server, day, "Courier", text).await;
    }
    settled(&database).await;
    let claims = claims(&server).await;
    let names: Vec<&str> = claims.iter().map(|one| one.proposition.as_str()).collect();
    let name = names[0];
    assert_ne!(name, "");
    assert_eq!(names, [name, "", "", name]);
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_of_one_story_count_once() {
    let database = Database::create().await;
    let server = server(&database).await;
    let story = format!(
        "{SAID} The harbour board met on Monday in the old customs house to talk about the new quay. Two of its \
         members had asked for a longer one. The board will meet again in the autumn, when the first plans are to be \
         shown to the public, and a decision is expected before the end of the year."
    );
    for (day, publisher) in [(1, "Agency"), (2, "Courier"), (3, "Radio")] {
        ingest(&server, day, publisher, &story).await;
    }
    ingest(&server, 4, "Radio", AGAIN).await;
    settled(&database).await;
    let claims = claims(&server).await;
    let found = proposition(&server, &claims[0].proposition).await;
    let counts = (
        found.claim_count,
        found.article_count,
        found.publisher_count,
    );
    assert_eq!(counts, (4, 2, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_or_rejected_does_not_count() {
    let database = Database::create().await;
    let server = server(&database).await;
    for (day, text) in [(1, SAID), (2, AGAIN)] {
        ingest(&server, day, "Courier", text).await;
    }
    settled(&database).await;
    let claims = claims(&server).await;
    let name = &claims[0].proposition;
    review(&server, &claims[0].name, ReviewAction::Reject).await;
    let found = proposition(&server, name).await;
    assert_eq!(found.claim_count, 1);
    assert_eq!(found.first_claim.as_ref(), Some(&claims[1]));
    let mut connection = database.connection().await;
    let deleted = sqlx::query("DELETE FROM articles").execute(&mut connection);
    deleted.await.expect("deleted");
    let request = GetPropositionRequest {
        name: name.clone(),
        ..Default::default()
    };
    let call = server.client.get_proposition(request);
    let fault = refused(call, PropositionNotFound, &[]).await;
    assert_eq!(&fault.metadata["name"], name);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_servers_make_one_proposition() {
    let database = Database::create().await;
    let servers = [server(&database).await, server(&database).await];
    let writes = (1..=24).map(|day| {
        let server = &servers[usize::try_from(day % 2).expect("0 or 1")];
        async move { ingest(server, day, &format!("Courier {day}"), SAID).await }
    });
    join_all(writes).await;
    settled(&database).await;
    assert_one_proposition(&database, 24).await;
}

// More often than candidates are looked at.
const SAY_AGAIN: &str = "INSERT INTO claims (id, article_id, ordinal, sort_time, actor_id, source, cue, content, \
                           quote_type, confidence, engine_name, engine_version) \
     SELECT gen_random_uuid(), c.article_id, n, c.sort_time, c.actor_id, c.source, c.cue, c.content, c.quote_type, \
            c.confidence, c.engine_name, c.engine_version \
     FROM (SELECT * FROM claims LIMIT 1) c, generate_series(1, 230) n";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_hundreds_of_times_is_one_proposition() {
    let database = Database::create().await;
    ingest(&quiet(&database).await, 1, "Courier", SAID).await;
    let mut connection = database.connection().await;
    let filled = sqlx::query(SAY_AGAIN).execute(&mut connection);
    filled.await.expect("filled");
    let _server = server(&database).await;
    settled(&database).await;
    assert_one_proposition(&database, 231).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposition_grows_on_when_its_founder_is_rejected() {
    let database = Database::create().await;
    let server = server(&database).await;
    for (day, text) in [(1, SAID), (2, AGAIN)] {
        ingest(&server, day, "Courier", text).await;
    }
    settled(&database).await;
    let name = claims(&server).await[0].proposition.clone();
    review(
        &server,
        &name.replace("propositions", "claims"),
        ReviewAction::Reject,
    )
    .await;
    ingest(&server, 3, "Radio", &format!("{SAID} It rained.")).await;
    settled(&database).await;
    assert_eq!(claims(&server).await[2].proposition, name);
    assert_eq!(proposition(&server, &name).await.claim_count, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_is_rejected_no_more_is_set_beside_others() {
    let database = Database::create().await;
    let quiet = quiet(&database).await;
    for (day, text) in [(1, SAID), (2, AGAIN)] {
        ingest(&quiet, day, "Courier", text).await;
    }
    let rejected = claims(&quiet).await[0].name.clone();
    review(&quiet, &rejected, ReviewAction::Reject).await;
    let server = server(&database).await;
    settled(&database).await;
    assert_eq!(claims(&server).await[0].proposition, "");
    review(&server, &rejected, ReviewAction::Withdraw).await;
    settled(&database).await;
    let claims = claims(&server).await;
    assert_ne!(claims[0].proposition, "");
    assert_eq!(claims[0].proposition, claims[1].proposition);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_is_postponed_is_left_for_a_day() {
    let database = Database::create().await;
    ingest(&quiet(&database).await, 1, "Courier", SAID).await;
    let store = database.store();
    let taken = store.take_unassigned(1).await.expect("a claim");
    store.postpone(taken[0]).await.expect("postponed");
    let left =
        "SELECT count(*) FROM unsettled_claims WHERE taken_until > now() + interval '23 hours'";
    assert_eq!(count(&database, left).await, 1);
}
