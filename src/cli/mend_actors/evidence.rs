//! What the articles say about whom an actor's name refers to.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::{ActorId, ArticleId, Claim, Span};
use crate::store::{ActorQuery, ClaimFilter, ClaimOrder, Referent, Store, StoredActor};

use super::namesakes::alone;
use super::wording::{Part, core, is_office, is_whole, names_behind, part_of, places};

/// What the articles show a name to be.
pub(super) type Shown = Part<ActorId>;

/// Maximum number of claims examined, and of actors with one surname. With more, nothing is clear-cut.
const MAX_CLAIMS: usize = 100;
const MAX_BEARERS: usize = 100;

/// What an actor's articles show its name to be part of. Holds one text at a time in memory.
pub(super) async fn shown(store: &Store, actor: &StoredActor) -> anyhow::Result<Shown> {
    let name = &actor.display_name;
    let Some(articles) = articles(store, actor.id).await? else {
        return Ok(Part::Unknown);
    };
    let is_office = is_office(name);
    let bearers = if is_office {
        Vec::new()
    } else {
        bearers(store, actor).await?
    };
    let mut all = Vec::new();
    for (article, sources) in articles {
        let text = text_of(store, article).await?;
        let one = if is_office {
            behind(store, actor, &text, &sources).await?
        } else {
            part_of(&text, name, &bearers)
        };
        all.push(one);
    }
    Ok(agreed(all))
}

/// The common result, if all agree.
fn agreed(all: Vec<Shown>) -> Shown {
    let mut all = all.into_iter();
    let first = all.next().unwrap_or(Part::Unknown);
    all.fold(first, |agreed, one| match (agreed, one) {
        (agreed, one) if agreed == one => agreed,
        (Part::Of(_), Part::Of(_)) | (Part::OfSeveral, _) | (_, Part::OfSeveral) => Part::OfSeveral,
        _ => Part::Unknown,
    })
}

/// The text of an article; empty if it no longer exists.
pub(super) async fn text_of(store: &Store, article: ArticleId) -> anyhow::Result<String> {
    let article = store.article(article, true).await?;
    Ok(article
        .map(|article| article.document.text)
        .unwrap_or_default())
}

/// The articles in which an actor is on record, mentioned or addressed, with the source spans of its claims; `None`
/// if there are too many.
pub(super) async fn articles(
    store: &Store,
    actor: ActorId,
) -> anyhow::Result<Option<BTreeMap<ArticleId, Vec<Span>>>> {
    let on_record = ClaimFilter {
        actor: Some(actor),
        ..ClaimFilter::default()
    };
    let spoken_of = ClaimFilter {
        about: Some(actor),
        ..ClaimFilter::default()
    };
    let spoken_to = ClaimFilter {
        addressee: Some(actor),
        ..ClaimFilter::default()
    };
    let mut articles: BTreeMap<ArticleId, Vec<Span>> = BTreeMap::new();
    for filter in [on_record, spoken_of, spoken_to] {
        let page = store
            .list_claims(&filter, ClaimOrder::default(), None, MAX_CLAIMS)
            .await?;
        if page.next.is_some() {
            return Ok(None);
        }
        for claim in page.items {
            let sources = articles.entry(claim.article).or_default();
            sources.extend(source_of(&claim, actor));
        }
    }
    Ok(Some(articles))
}

fn source_of(claim: &Claim, actor: ActorId) -> Vec<Span> {
    let own = claim.actor == Some(actor);
    let passages = claim.source.iter().filter(|_| own);
    passages.map(|passage| passage.span).collect()
}

/// The other actors whose full names contain a fragment, with these names; empty if there are too many.
async fn bearers(store: &Store, actor: &StoredActor) -> anyhow::Result<Vec<(ActorId, String)>> {
    let Some(core) = core(&actor.display_name) else {
        return Ok(Vec::new());
    };
    let wanted = ActorQuery {
        name: core.to_owned(),
        keys: Vec::new(),
    };
    let found = store.search_actors(&wanted).await?;
    let ids: Vec<ActorId> = found.into_keys().filter(|id| *id != actor.id).collect();
    let mut bearers = Vec::new();
    for other in store.actors(&ids).await? {
        let names = other.aliases.iter().chain([&other.display_name]);
        let whole = names.filter(|name| is_whole(name, &actor.display_name));
        bearers.extend(whole.map(|name| (other.id, name.clone())));
    }
    if bearers.len() > MAX_BEARERS {
        bearers.clear();
    }
    Ok(bearers)
}

/// The actor whose name directly follows an office: where the office is a source, or else wherever it occurs.
async fn behind(
    store: &Store,
    actor: &StoredActor,
    text: &str,
    sources: &[Span],
) -> anyhow::Result<Shown> {
    let all = places(text, &actor.display_name);
    let own: Vec<Span> = all
        .iter()
        .copied()
        .filter(|place| sources.iter().any(|source| source.overlaps(*place)))
        .collect();
    let places = if own.is_empty() { all } else { own };
    let mut shown = Vec::new();
    for place in places {
        let names = names_behind(text, place).into_iter();
        let people: Vec<_> = names.map(|name| alone(&name, actor.kind)).collect();
        let meant = store
            .referents(&people.iter().collect::<Vec<_>>(), NaiveDate::MIN)
            .await?;
        let stored = meant.into_iter().find_map(|meant| match meant {
            Referent::Stored(id) if id != actor.id => Some(id),
            _ => None,
        });
        shown.push(stored.map_or(Part::Unknown, Part::Of));
    }
    Ok(agreed(shown))
}
