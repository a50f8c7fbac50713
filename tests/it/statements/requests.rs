use std::time::Duration;

use onrecord::domain::ActorId;
use onrecord::domain::{ArticleId, ClaimId, ReviewAction};
use onrecord::store::{
    ActorFilter, ActorUpdate, Changed, Retract, Retracted, Review, Reviewed, Store, StoreError,
    WriteRequest,
};

use super::claims;

fn request(method: &'static str, hash: u8) -> WriteRequest {
    WriteRequest {
        caller: "key:desk".to_owned(),
        method,
        id: "one".to_owned(),
        hash: [hash; 32],
    }
}

fn confirm(claim: ClaimId) -> Review {
    Review {
        claim,
        action: ReviewAction::Confirm,
        values: std::collections::BTreeMap::new(),
        actor: None,
        requested_by: "somebody".to_owned(),
        caller: String::new(),
        reason: String::new(),
        row_version: None,
    }
}

/// Makes a write once, refuses another with its id, forgets one that failed, and prunes.
pub(super) async fn once(store: &Store) -> Result<(), StoreError> {
    let claim = claims(store, onrecord::store::ClaimOrder::default(), None).await?;
    let review = confirm(claim.items[0].id);
    let sent = request("ReviewClaim", 1);
    let first = store.review_claim(&review, Some(&sent)).await?;
    assert!(matches!(first, Reviewed::Noted(_)), "{first:?}");
    assert_eq!(store.review_claim(&review, Some(&sent)).await?, first);
    assert!(store.made_before::<i64>(Some(&sent)).await?.is_some());
    let other = request("ReviewClaim", 2);
    let refused = store.review_claim(&review, Some(&other)).await;
    assert!(matches!(refused, Err(StoreError::RequestIdReused)));

    let nothing = Retract {
        id: ArticleId(uuid::Uuid::nil()),
        requested_by: "somebody".to_owned(),
        caller: String::new(),
        reason: String::new(),
        row_version: None,
    };
    let sent = request("RetractArticle", 1);
    let missing = store.retract_article(&nothing, Some(&sent)).await?;
    assert_eq!(missing, Retracted::NotFound);
    assert_eq!(store.made_before::<()>(Some(&sent)).await?, None);
    store.remember_nothing(Some(&sent), ()).await?;
    assert_eq!(store.made_before::<()>(Some(&sent)).await?, Some(()));

    trial(store).await?;
    store.prune_write_requests(Duration::ZERO).await?;
    assert_eq!(store.made_before::<()>(Some(&sent)).await?, None);
    Ok(())
}

async fn trial(store: &Store) -> Result<(), StoreError> {
    let actors = store.list_actors(&ActorFilter::default(), None, 1).await?;
    let id: ActorId = actors.items[0].id;
    let update = ActorUpdate {
        id,
        display_name: Some("Tried".to_owned()),
        kind: None,
        aliases: None,
        external_ids: None,
        requested_by: "somebody".to_owned(),
        caller: String::new(),
        reason: String::new(),
        row_version: None,
        validate_only: true,
    };
    let Changed::Done(tried) = store.update_actor(&update, None).await? else {
        panic!("it could be updated")
    };
    assert_eq!(tried.display_name, "Tried");
    assert_eq!(store.actor(id).await?, Some(actors.items[0].clone()));
    Ok(())
}
