//! Looking over the actors.

use chrono::NaiveDate;
use onrecord::store::{Referent, Store, StoreError};

use super::new_article;

/// Calls every function that finds out what is to be mended.
pub async fn actors_to_check(store: &Store) -> Result<(), StoreError> {
    let page = store.actors_to_check(None, 1).await?;
    let rest = store.actors_to_check(Some(page[0].id), 100).await?;
    let keyed = rest.iter().find(|actor| actor.identity_key.is_some());
    let keyed = keyed.expect("an actor with a key");
    assert!(!store.were_split(keyed.id, keyed.id).await?);
    let mut read = new_article(&format!("{} slept.", keyed.display_name), None).extraction;
    let mut one = read.actors.remove(0);
    one.identity_key.clone_from(&keyed.identity_key);
    let meant = store.referents(&[&one], NaiveDate::MIN).await?;
    assert_eq!(meant, [Referent::Stored(keyed.id)]);
    let key = keyed.identity_key.as_deref().expect("a key");
    assert!(!store.rekey_actor(keyed.id, "another", None).await?);
    assert!(store.rekey_actor(keyed.id, key, Some("new key")).await?);
    assert!(store.rekey_actor(keyed.id, "new key", Some(key)).await?);
    Ok(())
}
