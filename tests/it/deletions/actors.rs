//! Actors that have to go: what they are on record with goes, and what others say stays without them.

use std::collections::BTreeMap;

use onrecord::proto::ErrorReason::{
    ActorDeleted, ActorMerged, ActorNotFound, EtagMismatch, Internal, InvalidResourceName,
    RequiredFieldMissing,
};
use onrecord::proto::{
    Actor, Article, BatchGetActorsRequest, Claim, ClaimFilter, CorrectArticleRequest,
    DeleteActorRequest, Deletion, EngineKind, GetActorRequest, GetTimelineRequest,
    ListActorsRequest, ListRevisionClaimsRequest, MergeActorsRequest, NewActor, ReviewAction,
    ReviewClaimRequest, SplitActorRequest, UpdateActorRequest, split_actor_request::Split,
};
use prost_types::FieldMask;
use sqlx::Executor;

use super::BY;
use super::whole::{audit_log, database, holding};
use crate::database::verified::verify;
use crate::harness::{TestServer, refused};
use onrecord::store::{AuditChain, AuditEntry};

/// By her, to her, about her, inside what she says, and around what she says.
const TEXT: &str = "“The clandestine marmalade depot burned,” said Ottoline Fenwick-Sarr, the Zembla smuggling commissioner. \
    Vera Lindqvist told Ottoline Fenwick-Sarr that the depot was full. \
    Ottoline Fenwick-Sarr said that Joan Whitlock had promised that fares would fall. \
    Joan Whitlock said that Ottoline Fenwick-Sarr had claimed that the vault was empty. \
    Hortensia Quill said that it rained.";

async fn actors(server: &TestServer) -> BTreeMap<String, Actor> {
    let page = server
        .client
        .list_actors(ListActorsRequest::default())
        .await;
    let actors = page.expect("list").actors.into_iter();
    actors.map(|one| (one.display_name.clone(), one)).collect()
}

async fn by(server: &TestServer, actor: &Actor) -> Vec<Claim> {
    let filter = ClaimFilter {
        actor: actor.name.clone(),
        ..ClaimFilter::default()
    };
    server.claims(filter).await
}

fn request(actor: &Actor) -> DeleteActorRequest {
    DeleteActorRequest {
        name: actor.name.clone(),
        requested_by: BY.to_owned(),
        reason: "Request 12".to_owned(),
        ..DeleteActorRequest::default()
    }
}

async fn delete(server: &TestServer, request: DeleteActorRequest) -> Deletion {
    let answer = server.client.delete_actor(request).await;
    answer.expect("deleted").deletion.expect("a deletion")
}

/// Stores the text, so that there is something of her everywhere: a former text, reviews, an alias, a merge, a split.
async fn store(server: &TestServer) -> (Article, Actor) {
    let article = server.ingest_text(TEXT).await;
    let all = actors(server).await;
    let (her, quill) = (&all["Ottoline Fenwick-Sarr"], &all["Hortensia Quill"]);
    for claim in by(server, her).await {
        review(server, &claim, ReviewAction::Confirm, "").await;
    }
    // One of hers is somebody else's, people say.
    let vault = by(server, her).await.pop().expect("a claim of hers");
    review(server, &vault, ReviewAction::Edit, &quill.name).await;
    let update = UpdateActorRequest {
        actor: Some(Actor {
            name: her.name.clone(),
            aliases: vec!["Marmalade Ottie".to_owned(), "Zelda Oblonsky".to_owned()],
            ..Actor::default()
        }),
        update_mask: Some(FieldMask {
            paths: vec!["aliases".to_owned()],
        }),
        requested_by: BY.to_owned(),
        ..UpdateActorRequest::default()
    };
    server.client.update_actor(update).await.expect("updated");
    let split = SplitActorRequest {
        name: her.name.clone(),
        split: Some(Split::NewActor(NewActor {
            display_name: "Zelda Oblonsky".to_owned(),
            aliases: Vec::new(),
            claims: vec![by(server, her).await[0].name.clone()],
        })),
        requested_by: BY.to_owned(),
        ..SplitActorRequest::default()
    };
    server.client.split_actor(split).await.expect("split");
    let zelda = actors(server).await["Zelda Oblonsky"].clone();
    let merge = MergeActorsRequest {
        name: her.name.clone(),
        sources: vec![zelda.name],
        requested_by: BY.to_owned(),
        ..MergeActorsRequest::default()
    };
    server.client.merge_actors(merge).await.expect("merged");
    let correction = CorrectArticleRequest {
        name: article.name.clone(),
        text: TEXT.replace("burned", "exploded"),
        engine: EngineKind::Rules.into(),
        requested_by: BY.to_owned(),
        ..CorrectArticleRequest::default()
    };
    let corrected = server.client.correct_article(correction).await;
    let article = corrected.expect("corrected").article.expect("the article");
    let her = actors(server).await["Ottoline Fenwick-Sarr"].clone();
    (article, her)
}

async fn review(server: &TestServer, claim: &Claim, action: ReviewAction, actor: &str) {
    let edit = action == ReviewAction::Edit;
    let review = ReviewClaimRequest {
        name: claim.name.clone(),
        action: action.into(),
        claim: edit.then(|| Claim {
            actor: actor.to_owned(),
            ..Claim::default()
        }),
        update_mask: edit.then(|| FieldMask {
            paths: vec!["actor".to_owned()],
        }),
        requested_by: BY.to_owned(),
        ..ReviewClaimRequest::default()
    };
    server.client.review_claim(review).await.expect("reviewed");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_deletion_only_texts_and_what_others_say_hold_the_name() {
    let server = TestServer::start().await;
    let (article, her) = store(&server).await;
    let hers = by(&server, &her).await;
    let before = server.claims(ClaimFilter::default()).await;
    let nested = before.iter().find(|claim| {
        hers.iter().any(|one| one.name == claim.parent_claim) && claim.actor != her.name
    });
    let nested = nested.expect("a claim inside one of hers").name.clone();

    let deletion = delete(&server, request(&her)).await;
    assert_eq!(deletion.name, her.name);
    assert_eq!(
        deletion.claim_count,
        i64::try_from(hers.len()).expect("few")
    );
    assert_eq!(deletion.requested_by, BY);
    let rows = database(&server).contents().await;
    for words in [
        "Fenwick",
        "Marmalade Ottie",
        "Oblonsky",
        "smuggling commissioner",
    ] {
        let held = holding(&rows, words);
        let texts = ["article_revisions", "articles", "claims"];
        assert!(
            held.iter().all(|table| texts.contains(&table.as_str())),
            "{words}: {held:?}"
        );
    }
    // Of her id, that people gave one of her claims to somebody else.
    let id = her.name.trim_start_matches("actors/");
    assert_eq!(
        holding(&rows, id)
            .iter()
            .filter(|table| *table != "claim_events")
            .collect::<Vec<_>>(),
        ["audit_log", "claim_reviews", "deletions"]
    );

    let after = server.claims(ClaimFilter::default()).await;
    assert_eq!(after.len(), before.len() - hers.len());
    for claim in &after {
        let old = before.iter().find(|one| one.name == claim.name);
        let old = old.expect("no claim is new");
        assert_eq!((&claim.actor, &claim.content), (&old.actor, &old.content));
        assert!(!claim.about_actors.contains(&her.name));
        assert!(!claim.addressees.iter().any(|one| one.actor == her.name));
        assert_eq!(claim.addressees.len(), old.addressees.len());
    }
    let inner = after.iter().find(|claim| claim.name == nested);
    assert_eq!(inner.expect("it stays").parent_claim, "");
    let former = ListRevisionClaimsRequest {
        parent: article.name,
        revision: 1,
        ..ListRevisionClaimsRequest::default()
    };
    let former = server.client.list_revision_claims(former).await;
    let former = former.expect("claims").claims;
    assert!(!former.is_empty() && former.iter().all(|claim| claim.actor != her.name));
    let verified = verify(database(&server));
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_loses_what_it_said_of_the_actor_and_stays_whole() {
    let server = TestServer::start().await;
    let (_, her) = store(&server).await;
    let before = audit_log(&server).await;
    delete(&server, request(&her)).await;
    let after = audit_log(&server).await;
    assert_eq!(after.len(), before.len() + 1);
    let (last, earlier) = after.split_last().expect("entries");
    assert!(last.entry.contains("DELETE_ACTOR"), "{last:?}");
    // The correction of the article is not about her.
    let kept: Vec<&AuditEntry> = earlier.iter().filter(|entry| !entry.is_erased()).collect();
    assert!(
        kept.iter()
            .any(|entry| entry.entry.contains("CORRECT_ARTICLE"))
    );
    assert!(
        kept.iter().all(|entry| !entry.entry.contains("Fenwick")),
        "{kept:?}"
    );
    let mut chain = AuditChain::default();
    for entry in &after {
        chain.follow(entry).expect("the chain holds");
    }
    chain.finish().expect("every erasure is accounted for");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_actor_says_so_and_what_people_said_can_be_withdrawn() {
    let server = TestServer::start().await;
    let (_, her) = store(&server).await;
    let quill = actors(&server).await["Hortensia Quill"].clone();
    let first = delete(&server, request(&her)).await;
    let again = DeleteActorRequest {
        etag: her.etag.clone(),
        reason: "Another".to_owned(),
        ..request(&her)
    };
    assert_eq!(delete(&server, again).await, first);
    let name = her.name.clone();
    let get = GetActorRequest { name: name.clone() };
    let fault = refused(server.client.get_actor(get), ActorDeleted, &[]).await;
    assert!(fault.metadata.contains_key("delete_time"), "{fault:?}");
    let batch = BatchGetActorsRequest {
        names: vec![quill.name.clone(), name.clone()],
    };
    refused(server.client.batch_get_actors(batch), ActorDeleted, &[]).await;
    let timeline = GetTimelineRequest {
        actor: name.clone(),
        ..GetTimelineRequest::default()
    };
    refused(server.client.get_timeline(timeline), ActorDeleted, &[]).await;
    let merge = MergeActorsRequest {
        name: quill.name.clone(),
        sources: vec![name],
        requested_by: BY.to_owned(),
        ..MergeActorsRequest::default()
    };
    refused(server.client.merge_actors(merge), ActorDeleted, &[]).await;

    // The machine had read her as the actor of this one.
    let given = by(&server, &quill).await.into_iter();
    let given = given.filter(|claim| claim.review_state() != onrecord::proto::ReviewState::Machine);
    let given: Vec<Claim> = given.collect();
    assert!(!given.is_empty());
    for claim in given {
        review(&server, &claim, ReviewAction::Withdraw, "").await;
        let claims = server.claims(ClaimFilter::default()).await;
        let now = claims.iter().find(|one| one.name == claim.name);
        assert_eq!(now.expect("the claim").actor, "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_merged_into_another_goes_with_that_one_only() {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let all = actors(&server).await;
    let (her, quill) = (&all["Ottoline Fenwick-Sarr"], &all["Hortensia Quill"]);
    let merge = MergeActorsRequest {
        name: her.name.clone(),
        sources: vec![quill.name.clone()],
        requested_by: BY.to_owned(),
        ..MergeActorsRequest::default()
    };
    server.client.merge_actors(merge).await.expect("merged");
    let merged = server.client.delete_actor(request(quill));
    refused(merged, ActorMerged, &[]).await;
    delete(&server, request(her)).await;
    let get = GetActorRequest {
        name: quill.name.clone(),
    };
    refused(server.client.get_actor(get), ActorDeleted, &[]).await;
    assert_eq!(delete(&server, request(quill)).await.claim_count, 0);
    let rows = database(&server).contents().await;
    assert!(!holding(&rows, "Quill").contains(&"actor_names".to_owned()));
    // The article still names both.
    server
        .ingest_text("Hortensia Quill said that it snowed.")
        .await;
    assert!(actors(&server).await.contains_key("Hortensia Quill"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_and_a_deletion_that_fails_half_way_change_nothing() {
    let server = TestServer::start().await;
    let (_, her) = store(&server).await;
    let hers = by(&server, &her).await.len();
    let before = database(&server).contents().await;
    let trial = DeleteActorRequest {
        validate_only: true,
        etag: her.etag.clone(),
        ..request(&her)
    };
    let would = delete(&server, trial.clone()).await;
    assert_eq!(would.claim_count, i64::try_from(hers).expect("few"));
    for validate_only in [true, false] {
        let stale = DeleteActorRequest {
            etag: "\"999\"".to_owned(),
            validate_only,
            ..trial.clone()
        };
        refused(server.client.delete_actor(stale), EtagMismatch, &[]).await;
    }
    assert_eq!(database(&server).contents().await, before);
    let mut connection = database(&server).connection().await;
    let fail = "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS \
                $$ BEGIN RAISE EXCEPTION 'no'; END $$; \
                CREATE TRIGGER fail BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION fail()";
    connection.execute(fail).await.expect("a trigger");
    refused(server.client.delete_actor(request(&her)), Internal, &[]).await;
    assert_eq!(database(&server).contents().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_to_delete_an_actor_are_named() {
    let server = TestServer::start().await;
    let call = |request| server.client.delete_actor(request);
    let empty = DeleteActorRequest::default();
    refused(call(empty), RequiredFieldMissing, &["name", "requested_by"]).await;
    let unknown = Actor {
        name: "actors/0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d".to_owned(),
        ..Actor::default()
    };
    refused(call(request(&unknown)), ActorNotFound, &[]).await;
    let bad = DeleteActorRequest {
        name: "claims/1".to_owned(),
        reason: "r".repeat(2_001),
        etag: "one".to_owned(),
        ..request(&unknown)
    };
    refused(call(bad), InvalidResourceName, &["name", "reason", "etag"]).await;
}
