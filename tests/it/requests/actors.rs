use onrecord::proto::ErrorReason::EtagMismatch;
use onrecord::proto::{
    Actor, ClaimFilter, MergeActorsRequest, NewActor, SplitActorRequest, UpdateActorRequest,
    split_actor_request::Split,
};
use prost_types::FieldMask;

use super::{BY, ID, Requests, STALE, TEXT, all_actors, check};
use crate::harness::TestServer;

pub(super) fn rename(actor: &Actor, display_name: &str) -> UpdateActorRequest {
    UpdateActorRequest {
        actor: Some(Actor {
            name: actor.name.clone(),
            display_name: display_name.to_owned(),
            etag: actor.etag.clone(),
            ..Actor::default()
        }),
        update_mask: Some(FieldMask {
            paths: vec!["display_name".to_owned()],
        }),
        requested_by: BY.to_owned(),
        request_id: ID.to_owned(),
        ..UpdateActorRequest::default()
    }
}

pub(super) fn merge(into: &Actor, source: &Actor) -> MergeActorsRequest {
    MergeActorsRequest {
        name: into.name.clone(),
        sources: vec![source.name.clone()],
        requested_by: BY.to_owned(),
        etag: into.etag.clone(),
        request_id: ID.to_owned(),
        ..MergeActorsRequest::default()
    }
}

pub(super) fn split(from: &Actor, split: Split) -> SplitActorRequest {
    SplitActorRequest {
        name: from.name.clone(),
        requested_by: BY.to_owned(),
        etag: from.etag.clone(),
        request_id: ID.to_owned(),
        split: Some(split),
        ..SplitActorRequest::default()
    }
}

/// A new actor with one of an actor's claims.
pub(super) async fn new_actor(server: &TestServer, from: &Actor) -> Split {
    let theirs = ClaimFilter {
        actor: from.name.clone(),
        ..ClaimFilter::default()
    };
    Split::NewActor(NewActor {
        display_name: "Vera the Younger".to_owned(),
        claims: vec![server.claims(theirs).await.remove(0).name],
        ..NewActor::default()
    })
}

/// A server that knows Ida Brandt and Vera Lindqvist.
pub(super) async fn server() -> (TestServer, [Actor; 2]) {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let actors = all_actors(&server).await.try_into().expect("two actors");
    (server, actors)
}

async fn check_split(server: &TestServer, request: SplitActorRequest) {
    let stale = SplitActorRequest {
        etag: STALE.to_owned(),
        ..request.clone()
    };
    let other = SplitActorRequest {
        reason: "Another".to_owned(),
        ..request.clone()
    };
    let requests = Requests {
        failing: (stale, EtagMismatch),
        request,
        other,
    };
    let call = async |request| server.client.split_actor(request).await;
    let (answer, grown) = Box::pin(check(server, requests, call)).await;
    assert!(answer.change.is_some() && answer.split_actor.is_some());
    assert_eq!((grown["actor_changes"], grown["audit_log"]), (1, 1));
    assert_eq!(grown["write_requests"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_is_made_once() {
    let (server, [ida, _]) = server().await;
    let mut stale = rename(&ida, "Ida B.");
    stale.actor.as_mut().expect("an actor").etag = STALE.to_owned();
    let requests = Requests {
        failing: (stale, EtagMismatch),
        request: rename(&ida, "Ida B."),
        other: rename(&ida, "Ida C."),
    };
    let call = async |request| server.client.update_actor(request).await;
    let (answer, grown) = Box::pin(check(&server, requests, call)).await;
    assert_eq!(answer.actor.expect("an actor").display_name, "Ida B.");
    assert_eq!((grown["actor_changes"], grown["audit_log"]), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_and_its_undoing_are_made_once() {
    let (server, [ida, vera]) = server().await;
    let request = merge(&ida, &vera);
    let requests = Requests {
        failing: (
            MergeActorsRequest {
                etag: STALE.to_owned(),
                ..request.clone()
            },
            EtagMismatch,
        ),
        request: request.clone(),
        other: MergeActorsRequest {
            reason: "Another".to_owned(),
            ..request
        },
    };
    let call = async |request| server.client.merge_actors(request).await;
    let (answer, grown) = Box::pin(check(&server, requests, call)).await;
    assert_eq!(answer.changes.len(), 1);
    assert_eq!(answer.changes[0].moved_claim_count, vera.claim_count);
    assert_eq!((grown["actor_changes"], grown["audit_log"]), (1, 1));

    // Another RPC may have the same id.
    let merged = answer.actor.expect("an actor");
    let undo = split(&merged, Split::MergedActor(vera.name));
    check_split(&server, undo).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_actor_is_split_off_once() {
    let (server, [_, vera]) = server().await;
    let new = new_actor(&server, &vera).await;
    check_split(&server, split(&vera, new)).await;
    assert_eq!(all_actors(&server).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_answers_with_what_is_there_now() {
    let (server, [ida, vera]) = server().await;
    let request = merge(&ida, &vera);
    let merged = server.client.merge_actors(request.clone()).await;
    let merged = merged.expect("merged");
    let mut renaming = rename(&ida, "Ida B.");
    renaming.actor.as_mut().expect("an actor").etag.clear();
    let renamed = server.client.update_actor(renaming).await.expect("renamed");
    let undo = SplitActorRequest {
        etag: String::new(),
        ..split(&ida, Split::MergedActor(vera.name))
    };
    let split = server.client.split_actor(undo).await.expect("undone");

    let again = server.client.merge_actors(request).await.expect("before");
    assert_eq!(again.actor, split.actor);
    let name = |actor: Option<Actor>| actor.expect("an actor").display_name;
    assert_eq!(name(again.actor), name(renamed.actor));
    // The change of then, which was undone since.
    let mut changes = merged.changes;
    assert!(!changes[0].undone);
    changes[0].undone = true;
    assert_eq!(again.changes, changes);
    assert_eq!(all_actors(&server).await.len(), 2);
}
