//! The command that mends what earlier versions stored, on a database that holds what they stored.

use onrecord::proto::{
    ActorChangeKind, Article, ListActorChangesRequest, SplitActorRequest,
    split_actor_request::Split,
};
use sqlx::{ConnectOptions, PgConnection};
use uuid::Uuid;

use super::{actor, actors, claims_of, get, known};
use crate::harness::TestServer;
use crate::process::{Ran, run};

/// Gives all claims of an article to an actor such as an earlier version made of it.
async fn misread(
    connection: &mut PgConnection,
    article: &Article,
    name: &str,
    identity_key: Option<&str>,
) -> String {
    let id: Uuid = sqlx::query_scalar(
        "INSERT INTO actors (id, display_name, sort_name, kind, identity_key) \
         VALUES (gen_random_uuid(), $1, lower($1), 'PERSON', $2) RETURNING id",
    )
    .bind(name)
    .bind(identity_key)
    .fetch_one(&mut *connection)
    .await
    .expect("an actor");
    let named = "INSERT INTO actor_names (actor_id, name, name_key) VALUES ($1, $2, lower($2))";
    let named = sqlx::query(named).bind(id).bind(name);
    named.execute(&mut *connection).await.expect("a name");
    let given = sqlx::query("UPDATE claims SET actor_id = $1 WHERE article_id = $2::uuid")
        .bind(id)
        .bind(article.name.trim_start_matches("articles/"))
        .execute(connection)
        .await
        .expect("its claims");
    assert!(given.rows_affected() > 0, "{name} has no claim");
    format!("actors/{id}")
}

fn mend(server: &TestServer, args: &[&str]) -> Ran {
    let database = server.database.as_ref().expect("a database");
    let url = database.connect.to_url_lossy().to_string();
    let ran = run(&[&["mend-actors", "--database-url", &url], args].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    ran
}

/// A server on what an earlier version stored, and the fragments among it by what they are part of.
async fn server() -> (TestServer, Vec<(String, &'static str)>) {
    let server = TestServer::start().await;
    let database = server.database.as_ref().expect("a database");
    let connection = &mut database.connection().await;
    let wholes = [
        "Ursula von der Lahn",
        "Donald Tramp",
        "Ida Brandt",
        "Lukasz Kowalski",
        "Bo Dam",
    ];
    known(&server, &wholes).await;
    let mut fragments = Vec::new();
    for (text, name, key, whole) in [
        (
            "Ursula von der Lahn came. Lahn said it rained.",
            "Lahn",
            None,
            "Ursula von der Lahn",
        ),
        (
            "Ursula von der Lahn went. Lahn said it snowed.",
            "Lahn",
            None,
            "Ursula von der Lahn",
        ),
        (
            "Donald Tramp won. President-elect Tramp said it froze.",
            "-elect Tramp",
            Some("elect tramp"),
            "Donald Tramp",
        ),
        (
            "Chief Ida Brandt said it thawed.",
            "Chief",
            None,
            "Ida Brandt",
        ),
        (
            "“It was late,” said Łukasz Kowalski.",
            "Łukasz Kowalski",
            Some("łukasz kowalski"),
            "Lukasz Kowalski",
        ),
        (
            "Bo Dam spoke. A man said it hailed. Thanking Bo Dam, he left.",
            "Thanking Bo Dam",
            Some("thanking bo dam"),
            "Bo Dam",
        ),
    ] {
        let article = server.ingest_text(text).await;
        let fragment = misread(connection, &article, name, key).await;
        fragments.push((fragment, whole));
    }
    (server, fragments)
}

#[tokio::test(flavor = "multi_thread")]
async fn fragments_are_merged_where_their_articles_leave_no_doubt() {
    let (server, fragments) = server().await;
    let database = server.database.as_ref().expect("a database");
    let before = (database.rows().await, actors(&server).await);

    let dry = mend(&server, &[]).stdout;
    for (fragment, whole) in &fragments {
        let line = dry.lines().find(|line| line.contains(fragment.as_str()));
        let line = line.unwrap_or_else(|| panic!("{fragment}: {dry}"));
        assert!(
            line.starts_with("would merge ") && line.contains(whole),
            "{line}"
        );
    }
    assert!(
        dry.contains("6 to be merged, 0 under another key, 0 left to people"),
        "{dry}"
    );
    assert_eq!((database.rows().await, actors(&server).await), before);

    let applied = mend(&server, &["--apply"]).stdout;
    assert!(applied.contains("6 merged"), "{applied}");
    for (fragment, whole) in &fragments {
        let one = actor(&server, whole).await;
        assert_eq!(
            get(&server, fragment).await.merged_into,
            one.name,
            "{whole}"
        );
        let request = ListActorChangesRequest {
            parent: fragment.clone(),
            ..ListActorChangesRequest::default()
        };
        let told = server
            .client
            .list_actor_changes(request)
            .await
            .expect("list");
        let told = &told.changes[0];
        assert_eq!(told.kind(), ActorChangeKind::Merge);
        assert_eq!(told.requested_by, "onrecord mend-actors");
        assert!(!told.reason.is_empty());
    }
    let ursula = actor(&server, "Ursula von der Lahn").await;
    assert_eq!(claims_of(&server, &ursula).await.len(), 2);
    assert!(mend(&server, &["--apply"]).stdout.contains(" 0 merged"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_undo_is_not_done_again() {
    let (server, fragments) = server().await;
    mend(&server, &["--apply"]);
    for (fragment, whole) in &fragments {
        let request = SplitActorRequest {
            name: actor(&server, whole).await.name,
            split: Some(Split::MergedActor(fragment.clone())),
            requested_by: "archive desk".to_owned(),
            ..SplitActorRequest::default()
        };
        server.client.split_actor(request).await.expect("split");
        assert_eq!(get(&server, fragment).await.claim_count, 1, "{whole}");
    }
    let again = mend(&server, &["--apply"]).stdout;
    assert!(again.contains(" 0 merged, 0 under another key"), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_plain_is_left_to_people() {
    let server = TestServer::start().await;
    let database = server.database.as_ref().expect("a database");
    let connection = &mut database.connection().await;
    known(&server, &["Ursula von der Lahn", "Peter Lahn"]).await;
    for (text, name, key) in [
        // Two of the name; nobody of the name; nobody at all.
        (
            "Ursula von der Lahn met Peter Lahn. Lahn said it rained.",
            "Lahn",
            None,
        ),
        ("Rehn said it rained.", "Rehn", None),
        ("Ann Lee said it rained.", "-elect", None),
    ] {
        let article = server.ingest_text(text).await;
        misread(connection, &article, name, key).await;
    }
    let article = server.ingest_text("Łukasz Nowak said it rained.").await;
    sqlx::query(
        "UPDATE actors SET identity_key = 'łukasz nowak' WHERE display_name = 'Łukasz Nowak'",
    )
    .execute(&mut *connection)
    .await
    .expect("the key of an earlier version");
    let article = article.name;

    let dry = mend(&server, &[]).stdout;
    assert!(
        dry.contains("\"Łukasz Nowak\": would be found under \"lukasz nowak\""),
        "{dry}"
    );
    let left: Vec<&str> = dry
        .lines()
        .filter(|line| line.starts_with("left "))
        .collect();
    assert!(
        left.len() == 1 && left[0].contains("\"-elect\": it is no whole name"),
        "{dry}"
    );
    let applied = mend(&server, &["--apply"]).stdout;
    assert!(
        applied.contains(" 0 merged, 1 under another key, 1 left to people"),
        "{applied}"
    );

    // Articles find it under the new key, and there is nothing left to do.
    server.ingest_text("Lukasz Nowak said it snowed.").await;
    let one = actor(&server, "Łukasz Nowak").await;
    let claims = claims_of(&server, &one).await;
    assert!(claims.len() == 2 && claims.iter().any(|claim| claim.article == article));
    let again = mend(&server, &["--apply"]).stdout;
    assert!(
        again.contains(" 0 merged, 0 under another key, 1 left"),
        "{again}"
    );
}
