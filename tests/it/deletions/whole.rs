use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::TryStreamExt;
use onrecord::matching::Depth;
use onrecord::proto::ErrorReason::{
    ArticleDeleted, ArticleNotFound, ContentDeleted, EtagMismatch, Internal, InvalidField,
    InvalidResourceName, RequiredFieldMissing,
};
use onrecord::proto::{
    Article, ClaimChangeKind, ClaimFilter, DeleteArticleRequest, Document, GetArticleRequest,
    ReviewAction, ReviewClaimRequest, WatchClaimsRequest,
};
use onrecord::server::ServerOptions;
use onrecord::store::{AuditChain, AuditEntry};
use sqlx::Executor;

use super::{BY, corrected_text, delete, ingest, request, secret, store_secret};
use crate::database::verified::verify;
use crate::harness::{Database, NEWS, TestServer, refused};

/// How long a message may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Three words in a row, of the text, a former text, both headlines, and what is known of people.
const PHRASES: [&str; 7] = [
    "clandestine marmalade depot",
    "marmalade depot burned",
    "marmalade depot exploded",
    "Marmalade scandal unravels",
    "Marmalade scandal deepens",
    "Zembla smuggling commissioner",
    // Of somebody whom others quote, and only in the former text.
    "unlicensed marmalade inspector",
];
/// What else points to it.
const NAMES: [&str; 4] = [
    "Fenwick",
    "Oblonsky",
    "cms-marmalade",
    "courier.example/marmalade",
];

/// The tables that hold such words.
pub(super) fn holding(contents: &BTreeMap<String, String>, words: &str) -> Vec<String> {
    let words = words.to_lowercase();
    let holding = contents
        .iter()
        .filter(|(_, rows)| rows.to_lowercase().contains(&words));
    holding.map(|(table, _)| table.clone()).collect()
}

/// A server that assigns claims to propositions.
async fn server() -> TestServer {
    let database = Database::create().await;
    let options = ServerOptions {
        propositions: Some(Depth::Words),
        ..TestServer::options()
    };
    let mut server = TestServer::launch(Some(database.store()), options).await;
    server.database = Some(database);
    server
}

pub(super) fn database(server: &TestServer) -> &Database {
    server.database.as_ref().expect("a database")
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_deletion_no_row_of_any_table_holds_words_of_the_article() {
    let server = server().await;
    server.ingest_text(NEWS).await;
    server.ingest_text("“It snows,” said Vera Lindqvist.").await;
    server.ingest_text("“It rains,” said Joan Whitlock.").await;
    let others = server.claims(ClaimFilter::default()).await;
    let article = store_secret(&server).await;
    let before = database(&server).contents().await;
    for words in PHRASES.iter().chain(&NAMES) {
        assert!(!holding(&before, words).is_empty(), "{words}");
    }
    let words = [
        "clandestine marmalade depot",
        "scandal unravels",
        "Fenwick",
        "unlicensed marmalade inspector",
    ];
    let held = words.map(|words| holding(&before, words)).concat();
    for table in [
        "articles",
        "claims",
        "article_revisions",
        "audit_log",
        "actors",
        "actor_names",
        "actor_roles",
    ] {
        assert!(held.contains(&table.to_owned()), "{table}: {held:?}");
    }

    let deletion = delete(&server, request(&article)).await;
    assert_eq!(deletion.claim_count, article.claim_count);
    assert_eq!(deletion.name, article.name);
    assert_eq!(deletion.requested_by, BY);
    let after = database(&server).contents().await;
    for words in PHRASES.iter().chain(&NAMES) {
        assert_eq!(holding(&after, words), Vec::<String>::new(), "{words}");
    }
    // The others have lost nothing.
    assert_eq!(server.claims(ClaimFilter::default()).await, others);
    for name in ["Vera Lindqvist", "Joan Whitlock"] {
        assert!(holding(&after, name).contains(&"actor_names".to_owned()));
    }
    let verified = verify(database(&server));
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

pub(super) async fn audit_log(server: &TestServer) -> Vec<AuditEntry> {
    let store = database(server).store();
    let entries = store.audit_log().try_collect().await;
    entries.expect("the log")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_loses_the_words_and_stays_whole() {
    let server = TestServer::start().await;
    let article = store_secret(&server).await;
    let before = audit_log(&server).await;
    delete(&server, request(&article)).await;
    let after = audit_log(&server).await;
    assert_eq!(after.len(), before.len() + 1);
    let (last, erased) = after.split_last().expect("entries");
    assert!(erased.iter().all(AuditEntry::is_erased), "{erased:?}");
    assert!(last.entry.contains("DELETE_ARTICLE"), "{last:?}");
    assert!(last.entry.contains("Court order 7/26"), "{last:?}");
    let mut chain = AuditChain::default();
    for entry in &after {
        chain.follow(entry).expect("the chain holds");
    }
    chain.finish().expect("every erasure is accounted for");

    // What is done behind the service's back is refused, or shows.
    let mut connection = database(&server).connection().await;
    for change in [
        "UPDATE audit_log SET entry = '{}' WHERE seq = 1",
        "UPDATE audit_log SET entry = '', hash = sha256('x') WHERE seq = 1",
        "DELETE FROM audit_log",
    ] {
        connection.execute(change).await.expect_err(change);
    }
    let behind = "UPDATE audit_log SET entry = '' WHERE seq = (SELECT max(seq) FROM audit_log)";
    connection.execute(behind).await.expect("erased");
    let mut chain = AuditChain::default();
    for entry in audit_log(&server).await {
        chain.follow(&entry).expect("by itself it may be");
    }
    chain.finish().expect_err("nobody accounts for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_says_what_would_go_and_changes_nothing() {
    let server = TestServer::start().await;
    let article = store_secret(&server).await;
    let before = database(&server).contents().await;
    let trial = DeleteArticleRequest {
        validate_only: true,
        etag: article.etag.clone(),
        ..request(&article)
    };
    let would = delete(&server, trial.clone()).await;
    assert_eq!(would.claim_count, article.claim_count);
    for validate_only in [true, false] {
        let stale = DeleteArticleRequest {
            etag: "\"999\"".to_owned(),
            validate_only,
            ..trial.clone()
        };
        let call = server.client.delete_article(stale);
        refused(call, EtagMismatch, &[]).await;
    }
    assert_eq!(database(&server).contents().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_says_so_and_does_not_come_back_unasked() {
    let server = TestServer::start().await;
    let article = store_secret(&server).await;
    let deletion = delete(&server, request(&article)).await;
    let again = DeleteArticleRequest {
        reason: "Another".to_owned(),
        etag: article.etag.clone(),
        ..request(&article)
    };
    assert_eq!(delete(&server, again).await, deletion);
    let get = GetArticleRequest {
        name: article.name.clone(),
        ..Default::default()
    };
    let fault = refused(server.client.get_article(get), ArticleDeleted, &[]).await;
    assert!(fault.metadata.contains_key("delete_time"), "{fault:?}");

    let corrected = Document {
        text: corrected_text(),
        ..secret()
    };
    for document in [secret(), corrected] {
        let call = ingest(&server, document, false);
        let fault = refused(call, ContentDeleted, &[]).await;
        assert_eq!(fault.metadata["name"], article.name);
    }
    let stored = ingest(&server, secret(), true).await.expect("stored");
    assert!(stored.created);
    assert_ne!(stored.article.expect("an article").name, article.name);
    let known = ingest(&server, secret(), false).await.expect("known");
    assert!(!known.created);
}

/// Checks that who watches with this filter is told of the end of at least so many claims.
async fn check_told(server: &TestServer, filter: ClaimFilter, article: &Article, least: i64) {
    let mut client = server.claim_service().await;
    let request = WatchClaimsRequest {
        filter: Some(filter),
        ..Default::default()
    };
    let watch = client.watch_claims(request).await;
    let mut watch = watch.expect("watch").into_inner();
    let mut next = async || {
        let message = tokio::time::timeout(PATIENCE, watch.message()).await;
        let message = message.expect("a message in time").expect("a message");
        message.expect("it goes on")
    };
    assert_eq!(next().await.claim, None);
    delete(server, super::request(article)).await;
    let mut gone = 0;
    while gone < least {
        let message = next().await;
        let kind = message.kind();
        if let Some(claim) = message.claim {
            assert_eq!(kind, ClaimChangeKind::Deleted);
            assert_eq!(claim.content, None, "{claim:?}");
            gone += 1;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn watchers_are_told_that_its_claims_are_gone_whatever_goes_with_them() {
    let server = TestServer::start().await;
    let article = store_secret(&server).await;
    let of_publisher = ClaimFilter {
        publisher: secret().publisher,
        ..Default::default()
    };
    let told = article.claim_count;
    check_told(&server, of_publisher, &article, told).await;

    // The actor is deleted with the article.
    let again = ingest(&server, secret(), true).await.expect("stored");
    let article = again.article.expect("the article");
    let claims = server.claims(ClaimFilter::default()).await;
    let addressee = claims
        .iter()
        .find_map(|claim| claim.addressees.first())
        .expect("somebody is told something");
    let to_her = ClaimFilter {
        addressee_actor: addressee.actor.clone(),
        ..Default::default()
    };
    check_told(&server, to_her, &article, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_of_claims_that_a_later_reading_dropped_goes_too() {
    let server = TestServer::start().await;
    let article = ingest(&server, secret(), false).await.expect("stored");
    let article = article.article.expect("the article");
    let claims = server.claims(ClaimFilter::default()).await;
    for action in [ReviewAction::Confirm, ReviewAction::Withdraw] {
        let review = ReviewClaimRequest {
            name: claims[0].name.clone(),
            action: action.into(),
            requested_by: BY.to_owned(),
            reason: "Xylophone memorandum leaked".to_owned(),
            ..Default::default()
        };
        server.client.review_claim(review).await.expect("reviewed");
    }
    let mut connection = database(&server).connection().await;
    let dropped = "DELETE FROM claims WHERE review_state = 'MACHINE' AND ordinal = 0";
    connection.execute(dropped).await.expect("as by a reading");
    let before = database(&server).contents().await;
    let held = holding(&before, "xylophone memorandum");
    assert_eq!(held, ["audit_log", "claim_reviews"]);
    delete(&server, request(&article)).await;
    let after = database(&server).contents().await;
    assert_eq!(
        holding(&after, "xylophone memorandum"),
        Vec::<String>::new()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_fails_half_way_leaves_everything() {
    let server = TestServer::start().await;
    let article = store_secret(&server).await;
    let mut connection = database(&server).connection().await;
    let fail = "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS \
                $$ BEGIN RAISE EXCEPTION 'no'; END $$; \
                CREATE TRIGGER fail BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION fail()";
    connection.execute(fail).await.expect("a trigger");
    let before = database(&server).contents().await;
    let call = server.client.delete_article(request(&article));
    refused(call, Internal, &[]).await;
    assert_eq!(database(&server).contents().await, before);
    connection
        .execute("DROP TRIGGER fail ON audit_log")
        .await
        .expect("dropped");
    delete(&server, request(&article)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_to_delete_are_named() {
    let server = TestServer::start().await;
    let article = store_secret(&server).await;
    let call = |request| server.client.delete_article(request);
    let empty = DeleteArticleRequest::default();
    refused(call(empty), RequiredFieldMissing, &["name", "requested_by"]).await;
    let bad = DeleteArticleRequest {
        name: "claims/1".to_owned(),
        reason: "r".repeat(2_001),
        etag: "one".to_owned(),
        ..request(&article)
    };
    refused(call(bad), InvalidResourceName, &["name", "reason", "etag"]).await;
    let long = DeleteArticleRequest {
        requested_by: "x".repeat(501),
        ..request(&article)
    };
    refused(call(long), InvalidField, &["requested_by"]).await;
    let unknown = DeleteArticleRequest {
        name: "articles/0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d".to_owned(),
        ..request(&article)
    };
    refused(call(unknown), ArticleNotFound, &[]).await;
}

/// A deletion waits for whoever is storing claims of the same people, and the other way round.
#[tokio::test(flavor = "multi_thread")]
async fn articles_of_the_same_people_are_stored_while_others_are_deleted() {
    let server = TestServer::start().await;
    let text = |n: usize| {
        format!(
            "“Lot {n} is sold,” said Ottoline Fenwick-Sarr. Tom Pell told her that it was late."
        )
    };
    let deleting = async {
        for n in 0..12 {
            let article = server.ingest_text(&text(n)).await;
            delete(&server, request(&article)).await;
        }
    };
    let storing = async {
        for n in 100..112 {
            server.ingest_text(&text(n)).await;
        }
    };
    tokio::join!(deleting, storing);
    let verified = verify(database(&server));
    assert_eq!(verified.code, Some(0), "{verified:?}");
    assert_eq!(server.claims(ClaimFilter::default()).await.len(), 24);
}
