//! Searches over what was claimed: pages of hits, best or newest first.

use std::cmp::Reverse;
use std::collections::HashMap;

use prost::Message;
use tonic::Status;

use super::Archive;
use super::check::Check;
use super::claim_service::write_with;
use super::convert::claim::{basic, stored};
use super::convert::span::SpanWriter;
use super::facets;
use super::page_token::{ListId, Place};
use super::paging::next_page_token;
use super::status::Reason;
use crate::domain::{ActorId, Claim, ClaimId};
use crate::proto::{
    SearchClaimsRequest, SearchClaimsResponse, SearchFacet, SearchHit, SearchOrder,
};
use crate::store::{ClaimCursor, ClaimFilter, Match, Matches, SAMPLE, Store, Window, Words};
use crate::text::TextEncoding;

const MAX_QUERY: usize = 500;

/// A place among the hits of a search.
#[derive(Debug, Clone, Copy, PartialEq)]
enum HitPlace {
    /// The newest first: the place in time.
    Newest(ClaimCursor),
    /// The best first: rank and place in time, and up to where claims were ranked. Tokens of earlier versions
    /// may not say the last.
    Best(f32, ClaimCursor, Option<ClaimCursor>),
}

/// A search as it was asked for.
struct Search {
    words: Words,
    filter: ClaimFilter,
    actors: Option<Vec<ActorId>>,
    after: Option<HitPlace>,
    size: usize,
    newest_first: bool,
    facets: Vec<SearchFacet>,
}

/// A page of hits.
struct Hits {
    page: Vec<Match>,
    next: Option<HitPlace>,
}

/// Answers a search.
pub(super) async fn search(
    archive: &Archive,
    request: SearchClaimsRequest,
) -> Result<SearchClaimsResponse, Status> {
    let list_bytes = list_bytes(&request);
    let list = ListId {
        rpc: "SearchClaims",
        filter: &list_bytes,
    };
    let mut check = Check::default();
    check.required_text("query", &request.query, MAX_QUERY);
    let filter = check.claim_filter(request.filter.unwrap_or_default());
    let size = check.page_size(request.page_size);
    let order = check.enumeration::<SearchOrder>("order_by", request.order_by);
    let newest_first = order == Some(SearchOrder::PublishTime);
    let after: Option<HitPlace> = check.page_token(list, &request.page_token);
    let encoding = check.encoding(request.encoding_type);
    let facets = check.facets(&request.facets);
    check.search_text("actor_query", &request.actor_query);
    let full = check.claim_view(request.view);
    check.finish()?;
    let store = archive.store()?;
    let words = store.read_words(&request.query).await?;
    let mut check = Check::default();
    if words.is_none() {
        let description =
            "names no word to search for: it holds only very common or excluded words";
        check.fail("query", Reason::InvalidField, description);
    }
    let actors = match request.actor_query.as_str() {
        "" => None,
        name => Some(store.actors_named_like(name).await?),
    };
    let search = Search {
        words: check.finish_with(words)?,
        filter,
        actors,
        after,
        size,
        newest_first,
        facets,
    };
    let matches = search.matches(store).await?;
    let mut response = SearchClaimsResponse::default();
    if after.is_none() {
        response.match_count = i32::try_from(matches.found.len()).unwrap_or(i32::MAX);
        response.sampled = matches.end.is_some();
        response.facets = facets::count(store, &search.facets, &matches.found).await?;
    }
    let hits = search.hits(matches);
    response.next_page_token = next_page_token(list, hits.next.as_ref());
    response.hits = search.write(store, &hits.page, encoding, full).await?;
    Ok(response)
}

impl Search {
    /// The claims to choose the page from.
    async fn matches(&self, store: &Store) -> Result<Matches, Status> {
        let window = match self.after {
            None => Window::default(),
            Some(HitPlace::Newest(after)) => Window {
                after: Some(after),
                wanted: Some(self.size.min(SAMPLE) + 1),
                ..Window::default()
            },
            Some(HitPlace::Best(_, _, until)) => Window {
                until,
                ..Window::default()
            },
        };
        let with_publisher = self.facets.contains(&SearchFacet::Publisher) && self.after.is_none();
        let actors = self.actors.as_deref();
        let matches = store.find_claims(&self.words, &self.filter, actors, window, with_publisher);
        Ok(matches.await?)
    }

    fn hits(&self, matches: Matches) -> Hits {
        if self.newest_first {
            newest(matches, self.size)
        } else {
            best(matches, self.after, self.size)
        }
    }

    async fn write(
        &self,
        store: &Store,
        page: &[Match],
        encoding: TextEncoding,
        full: bool,
    ) -> Result<Vec<SearchHit>, Status> {
        let ids: Vec<ClaimId> = page.iter().map(|one| one.id).collect();
        let claims = store.claims(&ids).await?;
        let highlights = store.highlights(&ids, &self.words).await?;
        let ranks: HashMap<ClaimId, f32> = page.iter().map(|one| (one.id, one.rank)).collect();
        let hit = |claim: &Claim, writer: &SpanWriter<'_>| {
            let written = stored(claim, writer);
            let marked = highlights.get(&claim.id).into_iter().flatten();
            SearchHit {
                claim: Some(if full { written } else { basic(written) }),
                rank: ranks.get(&claim.id).copied().unwrap_or_default(),
                highlights: marked.map(|passage| writer.passage(passage)).collect(),
            }
        };
        let mut written = write_with(store, &claims, encoding, hit).await?;
        Ok(ids.iter().filter_map(|id| written.remove(id)).collect())
    }
}

/// The first of matches that come newest first.
fn newest(mut matches: Matches, size: usize) -> Hits {
    let next = if matches.found.len() > size {
        matches.found.truncate(size);
        matches.found.last().map(|last| last.place)
    } else {
        matches.end
    };
    Hits {
        page: matches.found,
        next: next.map(HitPlace::Newest),
    }
}

/// The best of the matches after a place.
fn best(matches: Matches, after: Option<HitPlace>, size: usize) -> Hits {
    let mut found = matches.found;
    // Also where nothing follows yet: what comes later must not push out what is ranked now.
    let end = matches
        .end
        .or_else(|| found.last().map(|oldest| oldest.place));
    found.sort_by_key(|hit| order(hit.rank, &hit.place));
    let (until, begin) = match after {
        Some(HitPlace::Best(rank, place, until)) => {
            let last = order(rank, &place);
            (
                until,
                found.partition_point(|one| order(one.rank, &one.place) <= last),
            )
        }
        _ => (end, 0),
    };
    let mut page = found.split_off(begin);
    let more = page.len() > size;
    page.truncate(size);
    let last = page.last().filter(|_| more);
    Hits {
        next: last.map(|last| HitPlace::Best(last.rank, last.place, until)),
        page,
    }
}

/// By rank, best first; those of one rank newest first. Ranks are not negative: their bits are ordered as they are.
fn order(rank: f32, place: &ClaimCursor) -> impl Ord + use<> {
    let article = (place.article.sort_time, place.article.id);
    (Reverse(rank.to_bits()), Reverse(article), place.ordinal)
}

impl Check {
    fn facets(&mut self, numbers: &[i32]) -> Vec<SearchFacet> {
        let mut facets = Vec::new();
        for (n, number) in numbers.iter().enumerate() {
            let field = format!("facets[{n}]");
            match self.enumeration::<SearchFacet>(&field, *number) {
                Some(SearchFacet::Unspecified) => {
                    self.fail(&field, Reason::InvalidField, "names no facet");
                }
                Some(facet) if facets.contains(&facet) => {
                    self.fail(&field, Reason::InvalidField, "stands there twice");
                }
                Some(facet) => facets.push(facet),
                None => {}
            }
        }
        facets
    }
}

/// The part of the request that a page token belongs to.
fn list_bytes(request: &SearchClaimsRequest) -> Vec<u8> {
    let list = SearchClaimsRequest {
        query: request.query.clone(),
        filter: request.filter.clone(),
        actor_query: request.actor_query.clone(),
        order_by: request.order_by,
        ..SearchClaimsRequest::default()
    };
    list.encode_to_vec()
}

/// How many bytes a place in time takes.
const CURSOR_BYTES: usize = 28;

impl Place for HitPlace {
    fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Newest(place) => place.write(bytes),
            Self::Best(rank, place, until) => {
                bytes.extend(rank.to_be_bytes());
                place.write(bytes);
                if let Some(until) = until {
                    until.write(bytes);
                }
            }
        }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.len() == CURSOR_BYTES {
            return ClaimCursor::read(bytes).map(Self::Newest);
        }
        let (rank, places) = bytes.split_first_chunk()?;
        let (place, until) = places.split_at_checked(CURSOR_BYTES)?;
        let until = match until {
            [] => None,
            bytes => Some(ClaimCursor::read(bytes)?),
        };
        let rank = f32::from_be_bytes(*rank);
        Some(Self::Best(rank, ClaimCursor::read(place)?, until))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{HitPlace, best};
    use crate::domain::{ArticleId, ClaimId};
    use crate::store::{ArticleCursor, ClaimCursor, Match, Matches};

    /// The newest first, one a day.
    fn matched(day: i64, rank: f32) -> Match {
        let article = ArticleCursor {
            sort_time: chrono::DateTime::from_timestamp(-day * 86_400, 0).expect("a time"),
            id: ArticleId(Uuid::nil()),
        };
        Match {
            id: ClaimId(Uuid::nil()),
            place: ClaimCursor {
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
        let oldest = found[2].place;
        let first = best(Matches { found, end: None }, None, 1);
        let [hit] = &first.page[..] else {
            panic!("one hit")
        };
        assert_eq!(
            first.next,
            Some(HitPlace::Best(hit.rank, hit.place, Some(oldest)))
        );
        let found = vec![
            matched(0, 0.7),
            matched(1, 0.5),
            matched(2, 0.9),
            matched(3, 0.1),
        ];
        let second = best(Matches { found, end: None }, first.next, 9);
        let ranks: Vec<f32> = second.page.iter().map(|hit| hit.rank).collect();
        assert_eq!((ranks, second.next), (vec![0.7, 0.5, 0.1], None));
    }
}
