use std::cmp::Reverse;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::facets::{Facet, FacetCounts, count};
use crate::domain::{ActorId, Claim, ClaimId, Passage};
use crate::service::ServiceError;
use crate::store::{ClaimCursor, ClaimFilter, Match, Matches, SAMPLE, Store, Window, Words};

/// How often a search is made while claims that it finds are deleted before they are read.
const MAX_ATTEMPTS: usize = 3;

/// A position among the hits of a search.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum HitPosition {
    /// Newest first: the position in time.
    Newest(ClaimCursor),
    /// Best first: the rank, the position in time, and how far back claims were ranked.
    Best(f32, ClaimCursor, Option<ClaimCursor>),
}

/// A full-text search over claims.
#[derive(Debug, Clone)]
pub struct SearchClaims {
    /// The query, in web search syntax.
    pub query: String,
    /// Which claims are searched.
    pub filter: ClaimFilter,
    /// Restricts the search to claims of actors with names like this.
    pub actor_query: Option<String>,
    /// The page starts after this hit.
    pub after: Option<HitPosition>,
    /// Maximum number of hits.
    pub size: usize,
    /// Order by time, newest first, instead of by rank.
    pub newest_first: bool,
    /// The facets to count on the first page.
    pub facets: Vec<Facet>,
}

/// A page of hits.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    /// The hits, in order.
    pub hits: Vec<Hit>,
    /// Where the next page begins, if there is one.
    pub next: Option<HitPosition>,
    /// How many claims match; 0 on later pages.
    pub match_count: usize,
    /// True if only the newest matches were counted and ranked.
    pub sampled: bool,
    /// The requested counts; empty on later pages.
    pub facets: Vec<FacetCounts>,
}

/// A claim that matches.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The claim.
    pub claim: Claim,
    /// The closer together the words are, and the fewer others there are, the higher the rank.
    pub rank: f32,
    /// The passages that match.
    pub highlights: Vec<Passage>,
}

/// Searches for claims.
///
/// # Errors
/// [`ServiceError::InvalidField`] where the query has no searchable word; [`ServiceError::Store`].
#[tracing::instrument(level = "debug", skip_all)]
pub async fn search_claims(store: &Store, search: &SearchClaims) -> Result<Hits, ServiceError> {
    let words = store.read_words(&search.query).await?;
    let words = words.ok_or_else(|| ServiceError::InvalidField {
        field: "query",
        description: "names no word to search for: it holds only very common or excluded words"
            .to_owned(),
    })?;
    let actors = match &search.actor_query {
        None => None,
        Some(name) => Some(store.actors_named_like(name).await?),
    };
    // A claim that is deleted between being found and being read would leave a gap: what is found then is another page.
    for _ in 1..MAX_ATTEMPTS {
        let (hits, is_whole) = search.attempt(store, &words, actors.as_deref()).await?;
        if is_whole {
            return Ok(hits);
        }
    }
    let (hits, _) = search.attempt(store, &words, actors.as_deref()).await?;
    Ok(hits)
}

/// The matches on a page.
struct MatchPage {
    matches: Vec<Match>,
    next: Option<HitPosition>,
}

impl SearchClaims {
    /// Finds a page and reads it; false if not all claims that were found could be read.
    async fn attempt(
        &self,
        store: &Store,
        words: &Words,
        actors: Option<&[ActorId]>,
    ) -> Result<(Hits, bool), ServiceError> {
        let matches = self.matches(store, words, actors).await?;
        let mut hits = Hits::default();
        if self.after.is_none() {
            hits.match_count = matches.found.len();
            hits.sampled = matches.end.is_some();
            hits.facets = count(store, &self.facets, &matches.found).await?;
        }
        let page = self.page(matches);
        hits.next = page.next;
        hits.hits = read(store, &page.matches, words).await?;
        let is_whole = hits.hits.len() == page.matches.len();
        Ok((hits, is_whole))
    }

    /// The claims from which the page is chosen.
    async fn matches(
        &self,
        store: &Store,
        words: &Words,
        actors: Option<&[ActorId]>,
    ) -> Result<Matches, ServiceError> {
        let window = match self.after {
            None => Window::default(),
            Some(HitPosition::Newest(after)) => Window {
                after: Some(after),
                wanted: Some(self.size.min(SAMPLE) + 1),
                ..Window::default()
            },
            Some(HitPosition::Best(_, _, until)) => Window {
                until,
                ..Window::default()
            },
        };
        let with_publisher = self.facets.contains(&Facet::Publisher) && self.after.is_none();
        let matches = store.find_claims(words, &self.filter, actors, window, with_publisher);
        Ok(matches.await?)
    }

    fn page(&self, matches: Matches) -> MatchPage {
        if self.newest_first {
            newest(matches, self.size)
        } else {
            best(matches, self.after, self.size)
        }
    }
}

/// The hits with their claims, but those deleted in the meantime.
async fn read(store: &Store, page: &[Match], words: &Words) -> Result<Vec<Hit>, ServiceError> {
    let ids: Vec<ClaimId> = page.iter().map(|one| one.id).collect();
    let claims = store.claims(&ids).await?;
    let mut highlights = store.highlights(&ids, words).await?;
    let mut claims: HashMap<ClaimId, Claim> =
        claims.into_iter().map(|claim| (claim.id, claim)).collect();
    let hits = page.iter().filter_map(|one| {
        Some(Hit {
            claim: claims.remove(&one.id)?,
            rank: one.rank,
            highlights: highlights.remove(&one.id).unwrap_or_default(),
        })
    });
    Ok(hits.collect())
}

/// The first page of matches that are ordered newest first.
fn newest(mut matches: Matches, size: usize) -> MatchPage {
    let next = if matches.found.len() > size {
        matches.found.truncate(size);
        matches.found.last().map(|last| last.position)
    } else {
        matches.end
    };
    MatchPage {
        matches: matches.found,
        next: next.map(HitPosition::Newest),
    }
}

/// The best of the matches after a position.
fn best(matches: Matches, after: Option<HitPosition>, size: usize) -> MatchPage {
    let mut found = matches.found;
    // Set even when nothing follows yet: later arrivals must not displace what has been ranked.
    let end = matches
        .end
        .or_else(|| found.last().map(|oldest| oldest.position));
    found.sort_by_key(|hit| order(hit.rank, &hit.position));
    let (until, begin) = match after {
        Some(HitPosition::Best(rank, position, until)) => {
            let last = order(rank, &position);
            (
                until,
                found.partition_point(|one| order(one.rank, &one.position) <= last),
            )
        }
        _ => (end, 0),
    };
    let mut page = found.split_off(begin);
    let more = page.len() > size;
    page.truncate(size);
    let last = page.last().filter(|_| more);
    MatchPage {
        next: last.map(|last| HitPosition::Best(last.rank, last.position, until)),
        matches: page,
    }
}

/// Orders by rank, best first, then newest first. Ranks are not negative, so their bits sort as the numbers do.
fn order(rank: f32, position: &ClaimCursor) -> impl Ord + use<> {
    let article = (position.article.sort_time, position.article.id);
    (Reverse(rank.to_bits()), Reverse(article), position.ordinal)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{HitPosition, best};
    use crate::domain::{ArticleId, ClaimId};
    use crate::store::{ArticleCursor, ClaimCursor, Match, Matches};

    /// Matches one day apart, newest first.
    fn matched(day: i64, rank: f32) -> Match {
        let article = ArticleCursor {
            sort_time: chrono::DateTime::from_timestamp(-day * 86_400, 0).expect("a time"),
            id: ArticleId(Uuid::nil()),
        };
        Match {
            id: ClaimId(Uuid::nil()),
            position: ClaimCursor {
                article,
                ordinal: 0,
            },
            rank,
            actor: None,
            kind: None,
            publisher: None,
        }
    }

    #[test]
    fn later_pages_rank_as_far_back_as_the_first() {
        let found = vec![matched(1, 0.5), matched(2, 0.9), matched(3, 0.1)];
        let oldest = found[2].position;
        let first = best(Matches { found, end: None }, None, 1);
        let [hit] = &first.matches[..] else {
            panic!("one hit")
        };
        assert_eq!(
            first.next,
            Some(HitPosition::Best(hit.rank, hit.position, Some(oldest)))
        );
        let found = vec![
            matched(0, 0.7),
            matched(1, 0.5),
            matched(2, 0.9),
            matched(3, 0.1),
        ];
        let second = best(Matches { found, end: None }, first.next, 9);
        let ranks: Vec<f32> = second.matches.iter().map(|hit| hit.rank).collect();
        assert_eq!((ranks, second.next), (vec![0.7, 0.5, 0.1], None));
    }
}
