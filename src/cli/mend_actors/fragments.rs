//! Actors whose names are fragments of other names, or include words that are not part of the name.

use chrono::NaiveDate;

use crate::domain::{ActorId, ActorKind, is_particle};
use crate::extract::{full_key, identity_key};
use crate::store::{Referent, Store, StoredActor};

use super::evidence::{articles, shown, text_of};
use super::namesakes::alone;
use super::verdict::{Verdict, named};
use super::wording::{Part, begins_sentences};

/// What is unusual about a name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Oddity {
    /// It may be complete but does not identify anybody by itself, like a surname.
    Bare,
    /// It starts or ends as no name does.
    Edge,
    /// It is the name of this other actor with an extra word before or after it.
    Holds(ActorId),
}

/// What the articles of an actor with an unusual name show it to be.
pub(super) async fn fragment(store: &Store, actor: &StoredActor) -> anyhow::Result<Verdict> {
    if !matches!(actor.kind, ActorKind::Person | ActorKind::Unknown) {
        return Ok(Verdict::Fine);
    }
    let name = &actor.display_name;
    let Some(oddity) = oddity(store, actor).await? else {
        return Ok(Verdict::Fine);
    };
    if let Oddity::Holds(other) = oddity {
        return held(store, actor, other).await;
    }
    Ok(match (shown(store, actor).await?, oddity) {
        (Part::Of(other), _) => Verdict::Is {
            other,
            why: format!("{name:?} is part of no other name in its articles"),
        },
        (Part::OfSeveral, Oddity::Edge) => Verdict::Unclear(
            "it is no whole name, and its articles have several like it".to_owned(),
        ),
        (Part::Unknown, Oddity::Edge) => {
            Verdict::Unclear("it is no whole name, and its articles do not tell whose".to_owned())
        }
        // Most people whom an article names only by surname are not another stored actor.
        _ => Verdict::Fine,
    })
}

/// In "Mispronouncing Kamala Harris", the first word is not part of the name if it only ever starts sentences and the
/// name occurs without it in the same articles.
async fn held(store: &Store, actor: &StoredActor, other: ActorId) -> anyhow::Result<Verdict> {
    let name = &actor.display_name;
    let Some(held) = store.actor(other).await? else {
        return Ok(Verdict::Fine);
    };
    let articles = articles(store, actor.id).await?.unwrap_or_default();
    let split = name
        .split_once(' ')
        .filter(|(first, _)| first.ends_with("ing"));
    let mut is_plain = split.is_some() && !articles.is_empty();
    if let Some((_, rest)) = split {
        for article in articles.into_keys() {
            let text = text_of(store, article).await?;
            is_plain &= begins_sentences(&text, name, rest);
        }
    }
    let held = named(other, &held.display_name);
    Ok(if is_plain {
        Verdict::Is {
            other,
            why: "the first word only begins sentences in its articles".to_owned(),
        }
    } else {
        Verdict::Unclear(format!("it holds the name of {held}"))
    })
}

async fn oddity(store: &Store, actor: &StoredActor) -> anyhow::Result<Option<Oddity>> {
    if has_odd_edge(&actor.display_name) {
        return Ok(Some(Oddity::Edge));
    }
    if actor.identity_key.is_none() {
        return Ok(Some(Oddity::Bare));
    }
    Ok(held_name(store, actor).await?.map(Oddity::Holds))
}

/// Returns true for "-elect Trump", "and Ann Lee", "Ann Lee -".
fn has_odd_edge(name: &str) -> bool {
    let begins = name.chars().next().is_some_and(char::is_alphanumeric);
    let ends = name
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | ')' | '!' | '’' | '\''));
    let first = name.split(' ').next().unwrap_or_default();
    let is_lower = first.chars().all(char::is_lowercase) && !is_particle(first);
    !begins || !ends || (is_lower && name.contains(' '))
}

/// The actor whose name is this one without its first or last word. After a known forename, further words are
/// considered part of the name.
async fn held_name(store: &Store, actor: &StoredActor) -> anyhow::Result<Option<ActorId>> {
    let name = &actor.display_name;
    let words = name.split(' ').count();
    if words < 3 || identity_key(name) != full_key(name) {
        return Ok(None);
    }
    let parts = [name.split_once(' '), name.rsplit_once(' ')];
    let [Some((_, end)), Some((begin, _))] = parts else {
        return Ok(None);
    };
    let parts = [end, begin].map(|part| alone(part, actor.kind));
    let meant = store
        .referents(&[&parts[0], &parts[1]], NaiveDate::MIN)
        .await?;
    let other = meant.into_iter().find_map(|meant| match meant {
        Referent::Stored(id) if id != actor.id => Some(id),
        _ => None,
    });
    Ok(other)
}

#[cfg(test)]
mod tests {
    use super::has_odd_edge;

    #[test]
    fn names_begin_and_end_as_names_do() {
        for name in [
            "-elect Trump",
            "and Ann Lee",
            "Ann Lee -",
            "“Ann Lee",
            "’s Lee",
        ] {
            assert!(has_odd_edge(name), "{name}");
        }
        for name in [
            "Ann Lee",
            "van den Broek",
            "50 Cent",
            "Donald Trump Jr.",
            "Yahoo!",
            "will.i.am",
        ] {
            assert!(!has_odd_edge(name), "{name}");
        }
    }
}
