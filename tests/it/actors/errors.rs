//! What is refused, and how.

use onrecord::proto::{
    Actor, MergeActorsRequest, NewActor, ResolveActorRequest, SplitActorRequest,
    UpdateActorRequest, split_actor_request::Split,
};
use prost_types::FieldMask;
use tonic::Status;
use tonic_types::StatusExt;

use super::{actor, merge};
use crate::harness::TestServer;

/// The reason, and the fields that are named.
fn told(status: &Status) -> (String, Vec<String>) {
    let reason = status
        .get_details_error_info()
        .expect("an ErrorInfo")
        .reason;
    let bad = status
        .get_details_bad_request()
        .map(|bad| bad.field_violations)
        .unwrap_or_default();
    (
        reason,
        bad.into_iter().map(|violation| violation.field).collect(),
    )
}

fn check(status: &Status, reason: &str, fields: &[&str]) {
    let (found, named) = told(status);
    assert_eq!(
        (found.as_str(), named),
        (reason, fields.iter().map(ToString::to_string).collect()),
        "{status:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_name_their_fields() {
    let server = TestServer::with(None).await;
    let client = &server.client;
    let empty = client
        .merge_actors(MergeActorsRequest::default())
        .await
        .unwrap_err();
    check(
        &empty,
        "REQUIRED_FIELD_MISSING",
        &["name", "sources", "requested_by"],
    );
    let name = "actors/0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d".to_owned();
    let itself = MergeActorsRequest {
        name: name.clone(),
        sources: vec![name.clone(), "actors/local-1".to_owned(), name.clone()],
        requested_by: "x".repeat(201),
        reason: "\0".to_owned(),
        etag: "7".to_owned(),
        ..MergeActorsRequest::default()
    };
    let itself = client.merge_actors(itself).await.unwrap_err();
    let fields = [
        "sources[1]",
        "sources[2]",
        "sources[0]",
        "requested_by",
        "reason",
        "etag",
    ];
    check(&itself, "INVALID_RESOURCE_NAME", &fields);

    let nothing = client
        .split_actor(SplitActorRequest::default())
        .await
        .unwrap_err();
    check(
        &nothing,
        "REQUIRED_FIELD_MISSING",
        &["name", "split", "requested_by"],
    );
    let new = SplitActorRequest {
        name: name.clone(),
        split: Some(Split::NewActor(NewActor::default())),
        requested_by: "me".to_owned(),
        ..SplitActorRequest::default()
    };
    let new = client.split_actor(new).await.unwrap_err();
    check(
        &new,
        "REQUIRED_FIELD_MISSING",
        &["new_actor.display_name", "new_actor.claims"],
    );

    let update = UpdateActorRequest {
        actor: Some(Actor {
            name,
            ..Actor::default()
        }),
        update_mask: Some(FieldMask {
            paths: vec!["kind".to_owned(), "claim_count".to_owned()],
        }),
        requested_by: "me".to_owned(),
        reason: String::new(),
        ..UpdateActorRequest::default()
    };
    let update = client.update_actor(update).await.unwrap_err();
    check(
        &update,
        "REQUIRED_FIELD_MISSING",
        &["actor.kind", "update_mask.paths[1]"],
    );

    let resolve = ResolveActorRequest {
        max_candidates: -1,
        ..ResolveActorRequest::default()
    };
    let resolve = client.resolve_actor(resolve).await.unwrap_err();
    check(
        &resolve,
        "REQUIRED_FIELD_MISSING",
        &["mention", "max_candidates"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_refused_and_changes_nothing() {
    let server = TestServer::start().await;
    server
        .ingest_text("Vera Borg said it rained. Ida Brandt said it snowed. Ann Lee said it froze.")
        .await;
    let (borg, brandt, lee) = (
        actor(&server, "Vera Borg").await,
        actor(&server, "Ida Brandt").await,
        actor(&server, "Ann Lee").await,
    );
    let client = &server.client;
    let ghost = Actor {
        name: "actors/0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d".to_owned(),
        ..Actor::default()
    };
    check(
        &client
            .merge_actors(merge(&borg, &[&brandt, &ghost]))
            .await
            .unwrap_err(),
        "ACTOR_NOT_FOUND",
        &[],
    );
    let stale = MergeActorsRequest {
        etag: "\"99\"".to_owned(),
        ..merge(&borg, &[&brandt])
    };
    check(
        &client.merge_actors(stale).await.unwrap_err(),
        "ETAG_MISMATCH",
        &[],
    );

    let split = |from: &Actor, split| SplitActorRequest {
        name: from.name.clone(),
        split: Some(split),
        requested_by: "me".to_owned(),
        ..SplitActorRequest::default()
    };
    let not_merged = client
        .split_actor(split(&borg, Split::MergedActor(brandt.name.clone())))
        .await;
    check(&not_merged.unwrap_err(), "ACTOR_NOT_MERGED", &[]);
    let foreign = super::claims_of(&server, &lee).await;
    let new = NewActor {
        display_name: "X".to_owned(),
        claims: vec![foreign[0].name.clone()],
        aliases: Vec::new(),
    };
    check(
        &client
            .split_actor(split(&borg, Split::NewActor(new)))
            .await
            .unwrap_err(),
        "CLAIM_NOT_FOUND",
        &[],
    );
    assert_eq!(
        super::actors(&server).await,
        [lee.clone(), brandt.clone(), borg.clone()]
    );

    client
        .merge_actors(merge(&borg, &[&brandt]))
        .await
        .expect("merge");
    check(
        &client
            .merge_actors(merge(&lee, &[&brandt]))
            .await
            .unwrap_err(),
        "ACTOR_MERGED",
        &[],
    );
    check(
        &client
            .merge_actors(merge(&brandt, &[&lee]))
            .await
            .unwrap_err(),
        "ACTOR_MERGED",
        &[],
    );
    // A chain is undone from its end.
    client
        .merge_actors(merge(&lee, &[&borg]))
        .await
        .expect("merge");
    let middle = client
        .split_actor(split(&borg, Split::MergedActor(brandt.name.clone())))
        .await;
    check(&middle.unwrap_err(), "ACTOR_MERGED", &[]);
    client
        .split_actor(split(&lee, Split::MergedActor(borg.name.clone())))
        .await
        .expect("split");
    client
        .split_actor(split(&borg, Split::MergedActor(brandt.name.clone())))
        .await
        .expect("split");
    for actor in [&lee, &brandt, &borg] {
        assert_eq!(super::claims_of(&server, actor).await.len(), 1);
    }
}
