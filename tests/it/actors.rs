//! One person is one actor: across articles, under concurrency, merged and split by hand.

mod changes;
mod concurrency;
mod errors;
mod gender;
mod mending;
mod resolution;
mod spelling;

use futures_util::TryStreamExt;
use onrecord::domain::Registered;
use onrecord::extract::{full_key, identity_key};
use onrecord::proto::{
    Actor, Claim, ClaimFilter, GetActorRequest, ListActorsRequest, MergeActorsRequest,
};

use crate::harness::TestServer;

/// All actors that others were not merged away into.
async fn actors(server: &TestServer) -> Vec<Actor> {
    let all = server.client.all_actors(ListActorsRequest::default());
    all.try_collect().await.expect("list")
}

/// The only actor of this display name.
async fn actor(server: &TestServer, display_name: &str) -> Actor {
    let all = actors(server).await;
    let mut named = all
        .into_iter()
        .filter(|actor| actor.display_name == display_name);
    let actor = named
        .next()
        .unwrap_or_else(|| panic!("no actor {display_name}"));
    assert_eq!(named.next(), None);
    actor
}

async fn get(server: &TestServer, name: &str) -> Actor {
    let request = GetActorRequest {
        name: name.to_owned(),
    };
    server
        .client
        .get_actor(request)
        .await
        .expect("get")
        .actor
        .expect("an actor")
}

async fn claims_of(server: &TestServer, actor: &Actor) -> Vec<Claim> {
    let filter = ClaimFilter {
        actor: actor.name.clone(),
        ..ClaimFilter::default()
    };
    server.claims(filter).await
}

fn merge(into: &Actor, sources: &[&Actor]) -> MergeActorsRequest {
    MergeActorsRequest {
        name: into.name.clone(),
        sources: sources.iter().map(|source| source.name.clone()).collect(),
        requested_by: "desk@example.org".to_owned(),
        reason: "the same person".to_owned(),
        ..MergeActorsRequest::default()
    }
}

/// Has the server know people of these names.
async fn known(server: &TestServer, names: &[&str]) {
    let person = |name: &&str| Registered {
        name: (*name).to_owned(),
        aliases: Vec::new(),
        gender: None,
        external_ids: std::collections::BTreeMap::new(),
        roles: Vec::new(),
        identity_key: identity_key(name).expect("a whole name"),
        keys: full_key(name).into_iter().collect(),
    };
    let people: Vec<Registered> = names.iter().map(person).collect();
    let store = server.database.as_ref().expect("a database").store();
    store.register(&people).await.expect("register");
}
