//! The audit log: what people change is in it, and what is done to the log itself shows.

use onrecord::proto::{
    Actor, ClaimFilter, CorrectArticleRequest, EngineKind, ListActorsRequest, MergeActorsRequest,
    RetractArticleRequest, ReviewAction, ReviewClaimRequest, UpdateActorRequest,
};
use prost_types::FieldMask;
use serde_json::Value;
use sqlx::{ConnectOptions, Executor};

use crate::harness::TestServer;
use crate::process::{Ran, run};

const BY: &str = "desk@example.org";

async fn audit(server: &TestServer, args: &[&str]) -> Ran {
    let database = server.database.as_ref().expect("a database");
    let url = database.connect.to_url_lossy().to_string();
    let args: Vec<String> = ["audit", "--database-url", &url]
        .iter()
        .chain(args)
        .map(ToString::to_string)
        .collect();
    let ran = tokio::task::spawn_blocking(move || {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        run(&args)
    });
    ran.await.expect("no panic")
}

/// The entries, each as JSON.
async fn entries(server: &TestServer) -> Vec<Value> {
    let ran = audit(server, &[]).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let lines = ran.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).expect(line))
        .collect()
}

async fn actors(server: &TestServer) -> Vec<Actor> {
    let page = server
        .client
        .list_actors(ListActorsRequest::default())
        .await;
    page.expect("list").actors
}

/// Makes one change of each kind, the last of which is an edit of an actor.
async fn change_everything(server: &TestServer) {
    let text = "Vera Lindqvist said it rained. V. Borg said it snowed.";
    let article = server.ingest_text(text).await;
    let claims = server.claims(ClaimFilter::default()).await;
    let review = ReviewClaimRequest {
        name: claims[0].name.clone(),
        action: ReviewAction::Confirm.into(),
        requested_by: BY.to_owned(),
        ..Default::default()
    };
    server.client.review_claim(review).await.expect("reviewed");
    let all = actors(server).await;
    let merge = MergeActorsRequest {
        name: all[0].name.clone(),
        sources: vec![all[1].name.clone()],
        requested_by: BY.to_owned(),
        ..Default::default()
    };
    server.client.merge_actors(merge).await.expect("merged");
    let correct = CorrectArticleRequest {
        name: article.name.clone(),
        text: format!("{text} Corrected."),
        engine: EngineKind::Rules.into(),
        requested_by: BY.to_owned(),
        ..Default::default()
    };
    server
        .client
        .correct_article(correct)
        .await
        .expect("corrected");
    let retract = RetractArticleRequest {
        name: article.name,
        requested_by: BY.to_owned(),
        reason: "withdrawn".to_owned(),
        ..Default::default()
    };
    server
        .client
        .retract_article(retract.clone())
        .await
        .expect("retracted");
    // What changes nothing is no entry.
    server
        .client
        .retract_article(retract)
        .await
        .expect("still retracted");
    let rename = UpdateActorRequest {
        actor: Some(Actor {
            name: all[0].name.clone(),
            display_name: "Vera L. Borg".to_owned(),
            ..Default::default()
        }),
        update_mask: Some(FieldMask {
            paths: vec!["display_name".to_owned()],
        }),
        requested_by: BY.to_owned(),
        ..Default::default()
    };
    server.client.update_actor(rename).await.expect("renamed");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_that_people_make_is_logged_with_before_and_after() {
    let server = TestServer::start().await;
    assert!(entries(&server).await.is_empty());
    change_everything(&server).await;
    let log = entries(&server).await;
    let actions: Vec<&str> = log
        .iter()
        .filter_map(|entry| entry["action"].as_str())
        .collect();
    let expected = [
        "CONFIRM_CLAIM",
        "MERGE_ACTOR",
        "CORRECT_ARTICLE",
        "RETRACT_ARTICLE",
        "UPDATE_ACTOR",
    ];
    assert_eq!(actions, expected);
    for (seq, entry) in (1..).zip(&log) {
        assert_eq!(
            (&entry["seq"], &entry["requested_by"]),
            (&seq.into(), &BY.into())
        );
        assert_ne!(entry["before"], Value::Null, "{entry}");
    }
    let [_, merged, corrected, retracted, renamed] = &log[..] else {
        panic!("five entries");
    };
    let gone = |state: &Value| {
        let actors = state.as_object().expect("actors by id").values();
        actors
            .filter(|actor| actor["merged_into"] != Value::Null)
            .count()
    };
    assert_eq!((gone(&merged["before"]), gone(&merged["after"])), (0, 1));
    assert_eq!(corrected["before"]["revision"], 1);
    assert_eq!(corrected["after"]["revision"], 2);
    assert_ne!(
        corrected["before"]["text_sha256"],
        corrected["after"]["text_sha256"]
    );
    assert_eq!(retracted["after"]["state"], "RETRACTED");
    let id = renamed["resource"]
        .as_str()
        .expect("a name")
        .trim_start_matches("actors/");
    assert_ne!(renamed["before"][id]["display_name"], "Vera L. Borg");
    assert_eq!(renamed["after"][id]["display_name"], "Vera L. Borg");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_was_tampered_with_is_found_out() {
    let server = TestServer::start().await;
    change_everything(&server).await;
    let ran = audit(&server, &["--check"]).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(
        ran.stdout.starts_with("5 entries, the last with hash "),
        "{ran:?}"
    );

    let database = server.database.as_ref().expect("a database");
    let mut connection = database.connection().await;
    for refused in [
        "UPDATE audit_log SET entry = '{}' WHERE seq = 2",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
    ] {
        let outcome = connection.execute(refused).await;
        assert!(outcome.is_err(), "{refused}");
    }
    // Whoever owns the table can get around the trigger, but not around the chain.
    connection
        .execute("ALTER TABLE audit_log DISABLE TRIGGER USER")
        .await
        .expect("owned");
    connection
        .execute("UPDATE audit_log SET entry = replace(entry, 'desk', 'nobody') WHERE seq = 2")
        .await
        .expect("changed");
    let ran = audit(&server, &["--check"]).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("entry 2 of the audit log"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_at_the_same_time_are_one_chain() {
    let server = TestServer::start().await;
    let texts = (0..8).map(|number| format!("Vera Lindqvist said bridge {number} was safe."));
    for text in texts {
        server.ingest_text(&text).await;
    }
    let claims = server.claims(ClaimFilter::default()).await;
    let reviews = claims.iter().map(|claim| {
        let review = ReviewClaimRequest {
            name: claim.name.clone(),
            action: ReviewAction::Reject.into(),
            requested_by: BY.to_owned(),
            ..Default::default()
        };
        server.client.review_claim(review)
    });
    let outcomes = futures_util::future::join_all(reviews).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(entries(&server).await.len(), 8);
}
