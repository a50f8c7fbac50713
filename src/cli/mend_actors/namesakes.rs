//! Actors that other versions stored under other keys.

use crate::domain::{ActorKind, LocalActor};
use crate::extract::{full_key, identity_key};
use crate::store::{Referent, Store, StoredActor};

use super::verdict::Verdict;

/// An actor as it appears in an article that has nothing but its name.
pub(super) fn alone(name: &str, kind: ActorKind) -> LocalActor {
    LocalActor {
        display_name: name.to_owned(),
        is_named: true,
        kind,
        aliases: Vec::new(),
        roles: Vec::new(),
        gender: None,
        identity_key: identity_key(name),
        full_key: full_key(name),
    }
}

/// Whether an article with the actor's name would find a different actor today, or none.
pub(super) async fn namesake(store: &Store, actor: &StoredActor) -> anyhow::Result<Verdict> {
    let Some(from) = actor.identity_key.clone() else {
        return Ok(Verdict::Fine);
    };
    let today = alone(&actor.display_name, actor.kind);
    match &today.identity_key {
        Some(key) if *key == from => Ok(Verdict::Fine),
        Some(_) => found_today(store, actor, &today, from).await,
        // Organisations and states may be known by a single word, which no person is.
        None if actor.kind == ActorKind::Person && actor.display_name.contains(' ') => {
            Ok(Verdict::Rekey { from, to: None })
        }
        None => Ok(Verdict::Fine),
    }
}

async fn found_today(
    store: &Store,
    actor: &StoredActor,
    today: &LocalActor,
    from: String,
) -> anyhow::Result<Verdict> {
    // Without an office, the day does not matter.
    let meant = store.referents(&[today], chrono::NaiveDate::MIN).await?;
    Ok(match meant.into_iter().next() {
        Some(Referent::Stored(other)) if other != actor.id => Verdict::Is {
            other,
            why: "articles that name the one mean the other".to_owned(),
        },
        Some(Referent::New(key)) if key != from => Verdict::Rekey {
            from,
            to: Some(key),
        },
        _ => Verdict::Fine,
    })
}

/// Whether an article with a registered person's name finds the same person under a different id, because the
/// register stored the person under another key.
pub(super) async fn registered_twice(
    store: &Store,
    actor: &StoredActor,
) -> anyhow::Result<Verdict> {
    let today = alone(&actor.display_name, actor.kind);
    let meant = store.referents(&[&today], chrono::NaiveDate::MIN).await?;
    let Some(Referent::Stored(id)) = meant.into_iter().next() else {
        return Ok(Verdict::Fine);
    };
    let Some(other) = store.actor(id).await?.filter(|other| other.id != actor.id) else {
        return Ok(Verdict::Fine);
    };
    let same =
        actor.wikidata.is_some() && actor.wikidata.as_ref() == other.external_ids.get("wikidata");
    Ok(if same {
        Verdict::Is {
            other: id,
            why: "a register knows both by one id".to_owned(),
        }
    } else {
        Verdict::Fine
    })
}
