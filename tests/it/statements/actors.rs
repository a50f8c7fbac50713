use std::collections::BTreeMap;

use onrecord::domain::{ActorId, ClaimKind, Registered, SourceClass};
use onrecord::store::{
    ActorFilter, ActorQuery, ActorRanking, ActorUpdate, Changed, ClaimFilter, ClaimOrder, Delete,
    Merge, Split, Store, StoreError, Unmerge,
};

use super::new_article;

/// Lists actors by their claims.
pub(super) async fn rank(store: &Store) -> Result<(), StoreError> {
    let all = ActorFilter::default();
    for ranking in [ActorRanking::ClaimCount, ActorRanking::LastClaimTime] {
        let first = store.rank_actors(&all, ranking, None, 1).await?;
        let next = store.rank_actors(&all, ranking, first.next, 1).await?;
        assert_ne!(first.items, next.items);
    }
    Ok(())
}

/// Deletes an actor after a trial.
async fn delete(store: &Store, id: ActorId) -> Result<(), StoreError> {
    for validate_only in [true, false, false] {
        let delete = Delete {
            id,
            requested_by: "somebody".to_owned(),
            caller: String::new(),
            reason: String::new(),
            row_version: None,
            validate_only,
        };
        let deleted = store.delete_actor(&delete, None).await?;
        assert!(matches!(deleted, Changed::Done(_)), "{deleted:?}");
        assert_eq!(store.actor(id).await?.is_some(), validate_only);
    }
    assert!(store.actor_deletion(id).await?.is_some());
    Ok(())
}

/// Lists claims by each of the filters that have a statement of their own.
async fn list_plainly(store: &Store, actor: ActorId) -> Result<(), StoreError> {
    let none = ClaimFilter::default;
    for filter in [
        ClaimFilter {
            actor: Some(actor),
            ..none()
        },
        ClaimFilter {
            source_class: Some(SourceClass::Named),
            ..none()
        },
        ClaimFilter {
            kind: Some(ClaimKind::Assertion),
            ..none()
        },
    ] {
        store
            .list_claims(&filter, ClaimOrder::default(), None, 10)
            .await?;
    }
    Ok(())
}

/// Calls every function of the store that changes who is who.
pub(super) async fn change(store: &Store) -> Result<(), StoreError> {
    let person = Registered {
        name: "Cy Roe".to_owned(),
        aliases: vec!["Cyrus Roe".to_owned()],
        gender: None,
        external_ids: BTreeMap::new(),
        roles: Vec::new(),
        identity_key: "cy roe".to_owned(),
        keys: vec!["cyrus roe".to_owned()],
    };
    store.register(&[person]).await?;
    store
        .ingest(&new_article("President Roe said that it rained.", None))
        .await?;
    let actors = store
        .list_actors(&ActorFilter::default(), None, 10)
        .await?
        .items;
    list_plainly(store, actors[0].id).await?;
    let ids: Vec<ActorId> = actors.iter().map(|actor| actor.id).collect();
    assert_eq!(store.actors(&ids).await?.len(), ids.len());
    let wanted = ActorQuery {
        name: "Roe".to_owned(),
        keys: vec!["cyrus roe".to_owned()],
    };
    assert!(!store.search_actors(&wanted).await?.is_empty());

    let [into, merged, ..] = ids[..] else {
        panic!("several actors are stored")
    };
    let (requested_by, reason) = ("somebody".to_owned(), String::new());
    let merge = Merge {
        into,
        sources: vec![merged],
        requested_by: requested_by.clone(),
        caller: String::new(),
        reason: reason.clone(),
        row_version: None,
        validate_only: false,
    };
    assert!(matches!(
        store.merge_actors(&merge, None).await?,
        Changed::Done(_)
    ));
    let unmerge = Unmerge {
        from: into,
        merged,
        requested_by: requested_by.clone(),
        caller: String::new(),
        reason: reason.clone(),
        row_version: None,
        validate_only: false,
    };
    let Changed::Done(undone) = store.unmerge_actor(&unmerge, None).await? else {
        panic!("the merge is undone")
    };
    assert!(undone.change.is_some());
    assert_eq!(
        store.list_actor_changes(into, None, 9).await?.items.len(),
        2
    );

    let claims = store
        .list_claims(&ClaimFilter::default(), ClaimOrder::default(), None, 100)
        .await?
        .items;
    let claim = claims
        .iter()
        .find(|claim| claim.actor.is_some())
        .expect("a claim of somebody");
    let split = Split {
        from: claim.actor.expect("an actor"),
        display_name: "Another".to_owned(),
        aliases: Vec::new(),
        claims: vec![claim.id],
        requested_by: requested_by.clone(),
        caller: String::new(),
        reason: reason.clone(),
        row_version: None,
        validate_only: false,
    };
    assert!(matches!(
        store.split_actor(&split, None).await?,
        Changed::Done(_)
    ));
    let update = ActorUpdate {
        id: into,
        display_name: None,
        kind: None,
        aliases: Some(vec!["Nobody".to_owned()]),
        external_ids: None,
        requested_by,
        caller: String::new(),
        reason,
        row_version: None,
        validate_only: false,
    };
    let updated = store.update_actor(&update, None).await?;
    assert!(matches!(updated, Changed::Done(_)), "{updated:?}");
    delete(store, into).await
}
