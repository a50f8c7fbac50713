use onrecord::proto::ErrorReason::{ActorMerged, EtagMismatch};
use onrecord::proto::{
    CorrectArticleRequest, MergeActorsRequest, SplitActorRequest, UpdateActorRequest,
    UpdateArticleRequest, split_actor_request::Split,
};
use tonic::Status;

use super::actors::{merge, new_actor, rename, split};
use super::articles::{correct, retitle};
use super::{STALE, TEXT, actors, articles, database};
use crate::harness::{TestServer, refused};

/// Tries a request, which has to change nothing, not even what is known of its id, and then carries it out.
async fn tried<R, A>(
    server: &TestServer,
    [trial, request]: [R; 2],
    call: impl AsyncFn(R) -> Result<A, Status>,
) -> [A; 2] {
    let before = database(server).contents().await;
    let would = call(trial).await.expect("it could be done");
    assert_eq!(database(server).contents().await, before);
    let done = call(request).await.expect("done");
    assert_ne!(database(server).contents().await, before);
    [would, done]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_and_a_merge_can_be_tried() {
    let (server, [ida, vera]) = actors::server().await;
    let request = rename(&ida, "Ida B.");
    let trial = UpdateActorRequest {
        validate_only: true,
        ..request.clone()
    };
    let call = async |request| server.client.update_actor(request).await;
    let [would, done] = tried(&server, [trial, request], call).await;
    assert_eq!(would, done);

    let ida = done.actor.expect("an actor");
    let request = merge(&ida, &vera);
    let trial = MergeActorsRequest {
        validate_only: true,
        ..request.clone()
    };
    let stale = MergeActorsRequest {
        etag: STALE.to_owned(),
        ..trial.clone()
    };
    refused(server.client.merge_actors(stale), EtagMismatch, &[]).await;
    let call = async |request| server.client.merge_actors(request).await;
    let [mut would, done] = tried(&server, [trial.clone(), request], call).await;
    assert_eq!(would.actor, done.actor);
    let moved = vera.claim_count;
    assert_eq!(would.changes[0].moved_claim_count, moved);
    would.changes[0].create_time = done.changes[0].create_time;
    assert_eq!(would.changes, done.changes);
    let again = MergeActorsRequest {
        etag: String::new(),
        ..trial
    };
    refused(server.client.merge_actors(again), ActorMerged, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn splits_can_be_tried() {
    let (server, [ida, vera]) = actors::server().await;
    let call = async |request| server.client.split_actor(request).await;
    let trial = |request: &SplitActorRequest| SplitActorRequest {
        validate_only: true,
        ..request.clone()
    };
    let request = split(&vera, new_actor(&server, &vera).await);
    let [would, done] = tried(&server, [trial(&request), request], call).await;
    assert_eq!(would.actor, done.actor);
    let [would, done] = [would, done].map(|split| split.split_actor.expect("an actor"));
    assert_eq!(
        (would.display_name, would.claim_count),
        (done.display_name, done.claim_count)
    );
    assert_ne!(would.name, done.name);

    let merged = server.client.merge_actors(merge(&ida, &vera)).await;
    let merged = merged.expect("merged").actor.expect("an actor");
    let request = SplitActorRequest {
        request_id: "undo".to_owned(),
        ..split(&merged, Split::MergedActor(vera.name))
    };
    let [would, done] = tried(&server, [trial(&request), request], call).await;
    assert_eq!(
        (would.actor, would.split_actor),
        (done.actor, done.split_actor)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_can_be_tried() {
    let (server, article) = articles::server().await;
    let text = TEXT.replace("It was not", "It is here");
    let request = correct(&article, &format!("{text} “Yes,” said Tom Pell."));
    let trial = CorrectArticleRequest {
        validate_only: true,
        ..request.clone()
    };
    let idle = CorrectArticleRequest {
        text: TEXT.to_owned(),
        ..trial.clone()
    };
    let before = database(&server).contents().await;
    let nothing = server.client.correct_article(idle).await.expect("nothing");
    assert!(!nothing.corrected);
    assert_eq!(database(&server).contents().await, before);

    let call = async |request| server.client.correct_article(request).await;
    let [would, done] = tried(&server, [trial, request], call).await;
    assert!(would.corrected);
    assert_eq!(would.deleted_claims, done.deleted_claims);
    assert_eq!(would.updated_claims, done.updated_claims);
    assert_eq!(would.unchanged_claim_count, done.unchanged_claim_count);
    assert_eq!(would.created_claims.len(), done.created_claims.len());
    let [would, done] = [would, done].map(|one| one.article.expect("an article"));
    assert_eq!(
        (
            would.revision,
            would.text_sha256,
            would.claim_count,
            would.etag
        ),
        (done.revision, done.text_sha256, done.claim_count, done.etag)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_of_an_article_can_be_tried() {
    let (server, article) = articles::server().await;
    let request = retitle(&article, "Ferry full");
    let trial = UpdateArticleRequest {
        validate_only: true,
        ..request.clone()
    };
    let call = async |request| server.client.update_article(request).await;
    let [would, done] = tried(&server, [trial, request], call).await;
    let [would, done] = [would, done].map(|one| one.article.expect("an article"));
    assert_eq!((would.title, would.etag), (done.title, done.etag));
}
