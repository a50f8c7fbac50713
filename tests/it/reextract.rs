//! Articles that are read again: which claims stay, come and go, and that the answer says so.

mod conflicts;
mod reviewed;

use std::collections::{BTreeMap, HashSet};

use futures_util::TryStreamExt;
use onrecord::proto::{
    Actor, Article, Claim, ClaimFilter, EngineKind, ExtractClaimsRequest, ListActorsRequest,
    ListClaimsRequest, PartConfidence, ReextractArticleRequest, ReextractArticleResponse, Span,
};
use sqlx::AssertSqlSafe;

use crate::harness::{NEWS, TestServer, document};

/// The article of all tests, with a speaker whose name alone identifies nobody.
fn text() -> String {
    format!("{NEWS}\n“It was a long wait,” said Quimby. Quimby added that it was over.\n")
}

async fn reextract(
    server: &TestServer,
    article: &Article,
    engine: EngineKind,
) -> ReextractArticleResponse {
    let request = ReextractArticleRequest {
        name: article.name.clone(),
        engine: engine.into(),
        ..Default::default()
    };
    let answer = server.client.reextract_article(request).await;
    answer.expect("read again")
}

/// All claims, by pages of three.
async fn claims(server: &TestServer) -> Vec<Claim> {
    let request = ListClaimsRequest {
        page_size: 3,
        ..Default::default()
    };
    let claims = server.client.all_claims(request).try_collect().await;
    claims.expect("list")
}

async fn actors(server: &TestServer) -> Vec<Actor> {
    let actors = server.client.all_actors(ListActorsRequest::default());
    actors.try_collect().await.expect("list")
}

async fn rows(server: &TestServer) -> BTreeMap<String, i64> {
    server.database.as_ref().expect("a database").rows().await
}

/// Changes rows behind the service's back. `$1` is the id in this resource name.
async fn change(server: &TestServer, name: &str, statement: &str) {
    let mut connection = server
        .database
        .as_ref()
        .expect("a database")
        .connection()
        .await;
    let id = name.rsplit('/').next().expect("an id");
    let done = sqlx::query(AssertSqlSafe(statement.replace("$1", "$1::uuid")))
        .bind(id)
        .execute(&mut connection)
        .await;
    assert_eq!(done.expect(statement).rows_affected(), 1, "{statement}");
}

type Identity = [Vec<Span>; 3];

/// What a claim is known by.
fn identity(claim: &Claim) -> Identity {
    [
        claim
            .source
            .as_ref()
            .map_or_else(Vec::new, |source| source.spans.clone()),
        claim
            .cue
            .as_ref()
            .map_or_else(Vec::new, |cue| cue.spans.clone()),
        claim
            .content
            .as_ref()
            .map_or_else(Vec::new, |content| content.spans.clone()),
    ]
}

/// Checks that the claims of the only article are in order: numbered and sorted by where they begin, none twice, each
/// parent one of them, and as many as the article says.
async fn check_in_order(server: &TestServer, article: &Article) {
    let claims = claims(server).await;
    assert_eq!(i64::try_from(claims.len()), Ok(article.claim_count));
    let begin = |claim: &Claim| {
        identity(claim)
            .iter()
            .flatten()
            .map(|span| span.start)
            .min()
    };
    assert!(claims.is_sorted_by_key(begin));
    let identities: Vec<Identity> = claims.iter().map(identity).collect();
    for (place, identity) in identities.iter().enumerate() {
        assert!(
            !identities[..place].contains(identity),
            "{identity:?} is there twice"
        );
    }
    let names: HashSet<&str> = claims.iter().map(|claim| claim.name.as_str()).collect();
    for claim in &claims {
        let parent = claim.parent_claim.as_str();
        assert!(parent.is_empty() || names.contains(parent), "{claim:?}");
    }
    let mut connection = server
        .database
        .as_ref()
        .expect("a database")
        .connection()
        .await;
    let ordinals: Vec<i32> = sqlx::query_scalar("SELECT ordinal FROM claims ORDER BY ordinal")
        .fetch_all(&mut connection)
        .await
        .expect("the ordinals");
    assert!(ordinals.into_iter().eq((0..).take(claims.len())));
}

/// Checks that the answer tells just what became of the claims that were there.
fn check_told(before: &[Claim], answer: &ReextractArticleResponse, after: &[Claim]) {
    let reviewed = |claim: &&Claim| claim.review_state != 1;
    let find = |claims: &[Claim], name: &str| claims.iter().find(|c| c.name == name).cloned();
    let names = |claims: Vec<&Claim>| -> Vec<String> {
        claims.into_iter().map(|claim| claim.name.clone()).collect()
    };
    let machine = || after.iter().filter(|claim| !reviewed(claim));
    let created = machine().filter(|claim| find(before, &claim.name).is_none());
    assert_eq!(answer.created_claims, names(created.collect()));
    let deleted = before
        .iter()
        .filter(|claim| find(after, &claim.name).is_none());
    assert_eq!(answer.deleted_claims, names(deleted.collect()));
    let known = || machine().filter_map(|claim| Some((claim, find(before, &claim.name)?)));
    let updated = known().filter(|(claim, earlier)| claim.etag != earlier.etag);
    assert_eq!(
        answer.updated_claims,
        names(updated.map(|(claim, _)| claim).collect())
    );
    let unchanged = known().filter(|(claim, earlier)| *claim == earlier).count();
    assert_eq!(Ok(answer.unchanged_claim_count), i64::try_from(unchanged));
    let kept = after.iter().filter(reviewed).count();
    assert_eq!(Ok(answer.kept_claim_count), i64::try_from(kept));
    for (claim, earlier) in known() {
        assert_eq!(identity(claim), identity(&earlier));
        assert_eq!(claim.create_time, earlier.create_time);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_engine_again_changes_nothing_but_the_run() {
    let server = TestServer::start().await;
    let first = server.ingest_text(&text()).await;
    let before = (
        claims(&server).await,
        actors(&server).await,
        rows(&server).await,
    );
    assert!(before.1.iter().any(|actor| actor.display_name == "Quimby"));

    let answer = reextract(&server, &first, EngineKind::Rules).await;
    check_told(&before.0, &answer, &before.0);
    assert_eq!(answer.unchanged_claim_count, first.claim_count);
    let article = answer.article.expect("the article");
    assert_ne!(article.etag, first.etag);
    assert!(
        article.update_time.map(|time| (time.seconds, time.nanos))
            > first.update_time.map(|time| (time.seconds, time.nanos))
    );
    let runs = [&first, &article].map(|article| article.extraction.clone().expect("a run"));
    assert_eq!(runs[0].engine, runs[1].engine);
    assert_eq!(runs[1].engine, answer.engine);
    assert_ne!(runs[0].finish_time, runs[1].finish_time);
    let same = Article {
        extraction: first.extraction.clone(),
        update_time: first.update_time,
        etag: first.etag.clone(),
        ..article
    };
    assert_eq!(same, first);
    let after = (
        claims(&server).await,
        actors(&server).await,
        rows(&server).await,
    );
    assert_eq!(after, before);
    assert_eq!(server.ingest_text(&text()).await.name, first.name);
}

/// Everything that is read of a claim, without names.
fn said(claim: &Claim) -> Claim {
    Claim {
        name: String::new(),
        article: String::new(),
        actor: String::new(),
        parent_claim: String::new(),
        addressees: Vec::new(),
        about_actors: Vec::new(),
        review_state: 0,
        create_time: None,
        etag: String::new(),
        ..claim.clone()
    }
}

/// What a claim of ExtractClaims says, but for an actor without a name, who is not stored.
fn said_as(local: &Claim, stored: &Claim) -> Claim {
    let mut local = said(local);
    if stored.actor.is_empty() {
        local.actor_display_name.clear();
        let parts = local.part_confidence.map(|parts| PartConfidence {
            actor: None,
            ..parts
        });
        local.part_confidence = parts.filter(|parts| *parts != PartConfidence::default());
    }
    local
}

#[tokio::test(flavor = "multi_thread")]
async fn the_claims_are_those_of_the_engine_asked_for() {
    let server = TestServer::start().await;
    let first = server.ingest_text(&text()).await;
    let mut before = claims(&server).await;
    for engine in [
        EngineKind::Unspecified,
        EngineKind::Rules,
        EngineKind::Model,
    ] {
        let answer = reextract(&server, &first, engine).await;
        let after = claims(&server).await;
        check_told(&before, &answer, &after);
        let article = answer.article.expect("the article");
        check_in_order(&server, &article).await;
        assert_eq!(article.extraction.expect("a run").engine, answer.engine);

        let request = ExtractClaimsRequest {
            document: Some(document(text())),
            engine: engine.into(),
            ..Default::default()
        };
        let read = server.client.extract_claims(request).await.expect("read");
        assert_eq!(read.engine, answer.engine);
        let pairs = read.claims.iter().zip(&after);
        let expect: Vec<Claim> = pairs
            .map(|(local, stored)| said_as(local, stored))
            .collect();
        assert_eq!(after.iter().map(said).collect::<Vec<_>>(), expect);
        before = after;
    }
    for actor in actors(&server).await {
        let theirs = before.iter().filter(|claim| claim.actor == actor.name);
        assert_eq!(i64::try_from(theirs.count()), Ok(actor.claim_count));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_in_another_way_is_told_apart() {
    let server = TestServer::start().await;
    let article = server.ingest_text(&text()).await;
    let whole = claims(&server).await;
    // One that was not found, one that is not there, and one that was read in another way.
    change(&server, &whole[0].name, "DELETE FROM claims WHERE id = $1").await;
    let cut = "UPDATE claims SET cue = '[]', cue_lemma = NULL WHERE id = $1";
    change(&server, &whole[1].name, cut).await;
    let doubted = "UPDATE claims SET confidence = 0, kind = NULL WHERE id = $1";
    change(&server, &whole[6].name, doubted).await;

    let before = claims(&server).await;
    let answer = reextract(&server, &article, EngineKind::Rules).await;
    let after = claims(&server).await;
    check_told(&before, &answer, &after);
    assert_eq!(answer.created_claims.len(), 2);
    assert_eq!(answer.updated_claims, [whole[6].name.clone()]);
    assert_eq!(answer.deleted_claims, [whole[1].name.clone()]);
    let spans = |claims: &[Claim]| claims.iter().map(said).collect::<Vec<_>>();
    assert_eq!(spans(&after), spans(&whole));
    check_in_order(&server, &answer.article.expect("the article")).await;

    let filter = ClaimFilter {
        article: article.name,
        ..Default::default()
    };
    assert_eq!(server.claims(filter).await, after);
}
