//! What people say of who is on record.

use onrecord::proto::{
    Actor, Claim, ClaimFilter, ClaimKind, ListActorsRequest, MergeActorsRequest, NewActor,
    ReviewAction, ReviewClaimRequest, SplitActorRequest, split_actor_request::Split,
};
use prost_types::FieldMask;

use super::{TEXT, all, at_least, forget, reread, sure};
use crate::harness::TestServer;

const BY: &str = "desk@example.org";

async fn review(server: &TestServer, claim: &Claim, action: ReviewAction) -> Claim {
    note(server, claim, action, None).await
}

async fn edit(server: &TestServer, claim: &Claim, values: Claim, path: &str) -> Claim {
    let mask = FieldMask {
        paths: vec![path.to_owned()],
    };
    note(server, claim, ReviewAction::Edit, Some((values, mask))).await
}

async fn note(
    server: &TestServer,
    claim: &Claim,
    action: ReviewAction,
    edit: Option<(Claim, FieldMask)>,
) -> Claim {
    let (values, mask) = edit.unzip();
    let request = ReviewClaimRequest {
        name: claim.name.clone(),
        action: action.into(),
        claim: values,
        update_mask: mask,
        requested_by: BY.to_owned(),
        ..Default::default()
    };
    let answer = server.client.review_claim(request).await.expect("noted");
    answer.claim.expect("the claim")
}

/// The edit that says who is on record.
fn said_by(actor: &str) -> Claim {
    Claim {
        actor: actor.to_owned(),
        ..Claim::default()
    }
}

/// Two claims of different actors.
async fn two(server: &TestServer) -> (Claim, Claim) {
    server.ingest_text(TEXT).await;
    let claims = all(server).await;
    let one = claims[0].clone();
    let mut others = claims.into_iter();
    let other = others.find(|claim| !claim.actor.is_empty() && claim.actor != one.actor);
    (one, other.expect("somebody else"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_says_who_it_is_is_certain_until_that_is_withdrawn() {
    let server = TestServer::start().await;
    let (claim, other) = two(&server).await;
    let read = sure(&claim);
    assert!(read.is_some_and(|read| read < 1.0));
    let edited = edit(&server, &claim, said_by(&other.actor), "actor").await;
    assert_eq!(sure(&edited), Some(1.0));
    assert_eq!(
        server.claims(at_least(1.0)).await,
        std::slice::from_ref(&edited)
    );

    // What else is said of it changes nothing here, and reading the article again neither.
    let denial = Claim {
        kind: other.kind,
        ..Claim::default()
    };
    edit(&server, &claim, denial, "kind").await;
    let confirmed = review(&server, &claim, ReviewAction::Confirm).await;
    assert_eq!(sure(&confirmed), Some(1.0));
    let article = claim.article.as_str();
    reread(&server, article).await;
    assert_eq!(server.claims(at_least(1.0)).await, [confirmed]);

    let nobody = edit(&server, &claim, said_by(""), "actor").await;
    assert_eq!((nobody.actor.as_str(), sure(&nobody)), ("", None));
    let withdrawn = review(&server, &claim, ReviewAction::Withdraw).await;
    assert_eq!((&withdrawn.actor, sure(&withdrawn)), (&claim.actor, read));
    assert!(server.claims(at_least(1.0)).await.is_empty());
    let again = reread(&server, article).await;
    assert!(!again.updated_claims.contains(&claim.name));
}

#[tokio::test(flavor = "multi_thread")]
async fn agreement_is_no_word_on_the_actor_but_naming_the_same_one_is() {
    let server = TestServer::start().await;
    let (claim, _) = two(&server).await;
    for action in [ReviewAction::Confirm, ReviewAction::Reject] {
        assert_eq!(sure(&review(&server, &claim, action).await), sure(&claim));
    }
    let question = Claim {
        kind: ClaimKind::Question.into(),
        ..Claim::default()
    };
    let edited = edit(&server, &claim, question, "kind").await;
    assert_eq!(sure(&edited), sure(&claim));
    let same = edit(&server, &claim, said_by(&claim.actor), "actor").await;
    assert_eq!((&same.actor, sure(&same)), (&claim.actor, Some(1.0)));
    assert_ne!(same.etag, edited.etag);
    let withdrawn = review(&server, &claim, ReviewAction::Withdraw).await;
    assert_eq!(sure(&withdrawn), sure(&claim));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_known_is_not_known_after_a_withdrawal() {
    let server = TestServer::start().await;
    let (claim, other) = two(&server).await;
    forget(&server).await;
    let edited = edit(&server, &claim, said_by(&other.actor), "actor").await;
    assert_eq!(sure(&edited), Some(1.0));
    let withdrawn = review(&server, &claim, ReviewAction::Withdraw).await;
    assert_eq!((&withdrawn.actor, sure(&withdrawn)), (&claim.actor, None));
}

/// A server of the version before takes the actor and leaves the number.
#[tokio::test(flavor = "multi_thread")]
async fn without_an_actor_there_is_no_confidence() {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let database = server.database.as_ref().expect("a database");
    let taken = sqlx::query("UPDATE claims SET actor_id = NULL")
        .execute(&mut database.connection().await)
        .await;
    taken.expect("an update");
    assert!(all(&server).await.iter().all(|claim| sure(claim).is_none()));
    assert!(server.claims(at_least(f32::MIN_POSITIVE)).await.is_empty());
}

async fn actor(server: &TestServer, name: &str) -> Actor {
    let request = ListActorsRequest {
        display_name_prefix: name.to_owned(),
        ..Default::default()
    };
    let mut page = server.client.list_actors(request).await.expect("list");
    page.actors.remove(0)
}

async fn merge(server: &TestServer, into: &Actor, source: &Actor) {
    let request = MergeActorsRequest {
        name: into.name.clone(),
        sources: vec![source.name.clone()],
        requested_by: BY.to_owned(),
        ..Default::default()
    };
    server.client.merge_actors(request).await.expect("merged");
}

async fn split(server: &TestServer, from: &Actor, split: Split) -> Option<Actor> {
    let request = SplitActorRequest {
        name: from.name.clone(),
        split: Some(split),
        requested_by: BY.to_owned(),
        ..Default::default()
    };
    let answer = server.client.split_actor(request).await.expect("split");
    answer.split_actor
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_was_split_off_is_certain_until_a_merge_brings_it_back() {
    let server = TestServer::start().await;
    let (claim, _) = two(&server).await;
    let before = all(&server).await;
    let one = actor(&server, &claim.actor_display_name).await;
    let new = NewActor {
        display_name: "Ann Lee (singer)".to_owned(),
        aliases: Vec::new(),
        claims: vec![claim.name.clone()],
    };
    let other = split(&server, &one, Split::NewActor(new)).await;
    let other = other.expect("an actor");
    for _ in 0..2 {
        let certain = server.claims(at_least(1.0)).await;
        assert_eq!((certain.len(), &certain[0].actor), (1, &other.name));
        assert_eq!(certain[0].name, claim.name);
        reread(&server, &claim.article).await;
    }
    merge(&server, &one, &other).await;
    let after = all(&server).await;
    let said = |claims: &[Claim]| -> Vec<(String, Option<f32>)> {
        let pairs = claims
            .iter()
            .map(|claim| (claim.actor.clone(), sure(claim)));
        pairs.collect()
    };
    assert_eq!(said(&after), said(&before));
}

#[tokio::test(flavor = "multi_thread")]
async fn merges_and_their_undoing_leave_it() {
    let server = TestServer::start().await;
    let (claim, other) = two(&server).await;
    let before: Vec<Option<f32>> = all(&server).await.iter().map(sure).collect();
    let into = actor(&server, &claim.actor_display_name).await;
    let source = actor(&server, &other.actor_display_name).await;
    merge(&server, &into, &source).await;
    let merged = all(&server).await;
    assert_eq!(merged.iter().map(sure).collect::<Vec<_>>(), before);
    let of_one = ClaimFilter {
        actor: into.name.clone(),
        ..at_least(f32::MIN_POSITIVE)
    };
    assert!(
        server
            .claims(of_one)
            .await
            .iter()
            .any(|one| one.name == other.name)
    );
    split(&server, &into, Split::MergedActor(source.name.clone())).await;
    let parted = all(&server).await;
    assert_eq!(parted.iter().map(sure).collect::<Vec<_>>(), before);
}
