//! Merging, splitting and editing by hand.

use onrecord::proto::{
    Actor, ActorChangeKind, ActorKind, ClaimFilter, ListActorChangesRequest, NewActor,
    SplitActorRequest, UpdateActorRequest, split_actor_request::Split,
};
use prost_types::FieldMask;

use super::{actor, actors, claims_of, get, merge};
use crate::harness::TestServer;

const TEXT: &str = "Vera Lindqvist, the mayor of Ostbridge, said it rained. \
    V. Borg, the head of Acme, told Vera Lindqvist that it snowed. Ida Brandt said Vera Lindqvist and V. Borg lied.";

fn split(from: &Actor, split: Split) -> SplitActorRequest {
    SplitActorRequest {
        name: from.name.clone(),
        split: Some(split),
        requested_by: "desk@example.org".to_owned(),
        ..SplitActorRequest::default()
    }
}

async fn changes(server: &TestServer, actor: &Actor) -> Vec<(ActorChangeKind, i64, bool)> {
    let request = ListActorChangesRequest {
        parent: actor.name.clone(),
        ..ListActorChangesRequest::default()
    };
    let page = server
        .client
        .list_actor_changes(request)
        .await
        .expect("list");
    page.changes
        .iter()
        .map(|change| (change.kind(), change.moved_claim_count, change.undone))
        .collect()
}

/// What a split that undoes a merge has to bring back: everything but versions.
fn substance(actor: &Actor) -> Actor {
    Actor {
        etag: String::new(),
        ..actor.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_undoes_a_merge() {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let (stays, goes) = (
        actor(&server, "Vera Lindqvist").await,
        actor(&server, "V. Borg").await,
    );
    let before = server.claims(ClaimFilter::default()).await;

    let merged = server
        .client
        .merge_actors(merge(&stays, &[&goes]))
        .await
        .expect("merge");
    let one = merged.actor.expect("an actor");
    assert_eq!(
        (one.claim_count, one.aliases.as_slice()),
        (2, ["V. Borg".to_owned()].as_slice())
    );
    assert!(one.roles.iter().any(|role| role.title == "head"));
    assert_ne!(one.etag, stays.etag);
    assert_eq!(merged.changes.len(), 1);
    assert_eq!(merged.changes[0].requested_by, "desk@example.org");
    assert_eq!(get(&server, &goes.name).await.merged_into, stays.name);
    assert!(
        actors(&server)
            .await
            .iter()
            .all(|actor| actor.name != goes.name)
    );
    let about = server.claims(ClaimFilter::default()).await;
    let lied = about
        .iter()
        .find(|claim| claim.actor_display_name == "Ida Brandt")
        .expect("her claim");
    assert_eq!(lied.about_actors, std::slice::from_ref(&stays.name));

    let request = split(&stays, Split::MergedActor(goes.name.clone()));
    let undone = server.client.split_actor(request).await.expect("split");
    assert_eq!(
        undone.actor.as_ref().map(substance),
        Some(substance(&stays))
    );
    assert_eq!(
        undone.split_actor.as_ref().map(substance),
        Some(substance(&goes))
    );
    let after = server.claims(ClaimFilter::default()).await;
    let said = |claims: &[onrecord::proto::Claim]| {
        let said = claims.iter().map(|claim| {
            let mut about = claim.about_actors.clone();
            about.sort_unstable();
            (
                claim.name.clone(),
                claim.actor.clone(),
                claim.addressees.clone(),
                about,
            )
        });
        said.collect::<Vec<_>>()
    };
    assert_eq!(said(&after), said(&before));
    assert_eq!(
        changes(&server, &goes).await,
        [
            (ActorChangeKind::Split, 1, false),
            (ActorChangeKind::Merge, 1, true)
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_split_off_stay_where_they_were_put_and_a_merge_brings_them_back() {
    let server = TestServer::start().await;
    let article = server.ingest_text("Vera Borg said it rained.").await;
    server.ingest_text("Vera Borg said it snowed.").await;
    let one = actor(&server, "Vera Borg").await;
    let claims = claims_of(&server, &one).await;
    let theirs = claims
        .iter()
        .find(|claim| claim.article == article.name)
        .expect("a claim");
    let new = NewActor {
        display_name: "Vera Borg (singer)".to_owned(),
        aliases: vec!["V. B.".to_owned()],
        claims: vec![theirs.name.clone()],
    };
    let answer = server
        .client
        .split_actor(split(&one, Split::NewActor(new)))
        .await
        .expect("split");
    let other = answer.split_actor.expect("an actor");
    assert_eq!(
        (
            answer.actor.expect("an actor").claim_count,
            other.claim_count
        ),
        (1, 1)
    );
    assert_eq!(
        (other.kind(), other.aliases.as_slice()),
        (one.kind(), ["V. B.".to_owned()].as_slice())
    );

    // Reading the article again does not undo what somebody decided, and new articles mean the one known by the name.
    let request = onrecord::proto::ReextractArticleRequest {
        name: article.name.clone(),
        engine: onrecord::proto::EngineKind::Rules.into(),
        ..Default::default()
    };
    server
        .client
        .reextract_article(request)
        .await
        .expect("reextract");
    assert_eq!(claims_of(&server, &other).await.len(), 1);
    server.ingest_text("Vera Borg said it froze.").await;
    assert_eq!(get(&server, &one.name).await.claim_count, 2);

    server
        .client
        .merge_actors(merge(&one, &[&other]))
        .await
        .expect("merge");
    assert_eq!(get(&server, &one.name).await.claim_count, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_are_changed_as_the_mask_says() {
    let server = TestServer::start().await;
    server
        .ingest_text("Vera Borg said it rained. Borg left.")
        .await;
    let old = actor(&server, "Vera Borg").await;
    let request = UpdateActorRequest {
        actor: Some(Actor {
            display_name: "Vera B. Borg".to_owned(),
            kind: ActorKind::Organization.into(),
            aliases: vec!["Vee".to_owned(), "Vera Borg".to_owned()],
            ..old.clone()
        }),
        update_mask: Some(FieldMask {
            paths: vec!["display_name".to_owned(), "aliases".to_owned()],
        }),
        requested_by: "desk@example.org".to_owned(),
        reason: String::new(),
        ..UpdateActorRequest::default()
    };
    let new = server
        .client
        .update_actor(request.clone())
        .await
        .expect("update")
        .actor
        .expect("an actor");
    assert_eq!(
        (new.display_name.as_str(), new.kind()),
        ("Vera B. Borg", old.kind())
    );
    assert_eq!(new.aliases, ["Vee", "Vera Borg"]);
    assert_eq!(
        changes(&server, &old).await,
        [(ActorChangeKind::Update, 0, false)]
    );
    // The request carries the etag of the actor as it was.
    let stale = server
        .client
        .update_actor(request)
        .await
        .expect_err("another version");
    assert_eq!(stale.code(), tonic::Code::Aborted);
}

/// Whom the claim that somebody lied speaks of, by resource name.
async fn about(server: &TestServer) -> Vec<String> {
    let claims = server.claims(ClaimFilter::default()).await;
    let lied = claims.into_iter().find(|claim| {
        let content = claim.content.as_ref();
        content.is_some_and(|content| content.text.contains("lied"))
    });
    lied.expect("the claim").about_actors
}

#[tokio::test(flavor = "multi_thread")]
async fn merges_are_undone_one_by_one() {
    let server = TestServer::start().await;
    server
        .ingest_text("Ida Brandt said Vera Borg and Ann Lee lied.")
        .await;
    server
        .ingest_text("Vera Borg said it rained. Ann Lee said it snowed. Joan Dam said it froze.")
        .await;
    let mut all = Vec::new();
    for name in ["Joan Dam", "Vera Borg", "Ann Lee"] {
        all.push(actor(&server, name).await);
    }
    let [stays, first, second] = &all[..] else {
        panic!("three actors")
    };
    let before = about(&server).await;
    assert_eq!(before, [first.name.clone(), second.name.clone()]);
    server
        .client
        .merge_actors(merge(stays, &[first, second]))
        .await
        .expect("merge");
    assert_eq!(about(&server).await, std::slice::from_ref(&stays.name));

    let undo = |gone: &Actor| split(stays, Split::MergedActor(gone.name.clone()));
    server.client.split_actor(undo(first)).await.expect("split");
    assert_eq!(
        about(&server).await,
        [first.name.clone(), stays.name.clone()]
    );
    server
        .client
        .split_actor(undo(second))
        .await
        .expect("split");
    assert_eq!(about(&server).await, before);

    // Who is on record does not speak of himself.
    let ida = actor(&server, "Ida Brandt").await;
    server
        .client
        .merge_actors(merge(&ida, &[first]))
        .await
        .expect("merge");
    assert_eq!(about(&server).await, std::slice::from_ref(&second.name));
}
