//! Has this been claimed before?

use std::collections::HashSet;

use tonic::Status;

use super::Archive;
use super::check::Check;
use super::claim_service::write;
use super::convert::relation::numbers;
use super::matcher::{Matched, Matcher};
use super::status::Reason;
use crate::domain::{ArticleId, ClaimId};
use crate::matching::{Depth, MOST_READ, Said, Standing};
use crate::proto::{ClaimMatch, MatchClaimsRequest, MatchClaimsResponse, MatchDepth};

const MAX_TEXT: usize = 2_000;
const DEFAULT_RESULTS: usize = 10;

/// Answers the claims that are like a text.
pub(super) async fn match_claims(
    archive: &Archive,
    matcher: &Matcher,
    request: MatchClaimsRequest,
) -> Result<MatchClaimsResponse, Status> {
    let mut check = Check::default();
    check.required_text("text", &request.text, MAX_TEXT);
    let filter = check.claim_filter(request.filter.unwrap_or_default());
    let wanted = check.max_results(request.max_results);
    let depth = check.match_depth(request.depth);
    let encoding = check.encoding(request.encoding_type);
    check.finish()?;
    let store = archive.store()?;
    let said = Said {
        text: request.text,
        published: None,
    };
    let found = matcher.find(store, said, &filter, None, depth).await?;
    let first = first(&found);
    let answered = &found[..wanted.min(found.len())];
    let ids: HashSet<ClaimId> = answered.iter().map(|one| one.id).chain(first).collect();
    let claims = store.claims(&Vec::from_iter(ids)).await?;
    let mut written = write(store, &claims, encoding).await?;
    let first_claim = first.and_then(|id| written.get(&id).cloned());
    let likest = answered.iter().filter_map(|one| {
        // A claim that was deleted meanwhile is left out.
        let claim = written.remove(&one.id)?;
        Some(ClaimMatch {
            claim: Some(claim),
            ..message(one)
        })
    });
    Ok(MatchClaimsResponse {
        matches: likest.collect(),
        first_claim,
        repeating_article_count: repeating_articles(&found),
    })
}

fn message(matched: &Matched) -> ClaimMatch {
    let mut message = ClaimMatch {
        score: matched.score,
        ..ClaimMatch::default()
    };
    if let Some((standing, near)) = matched.standing {
        let (relation, reason) = numbers(standing);
        message.set_relation(relation);
        message.set_contradiction_reason(reason);
        message.confidence = near;
    }
    message
}

fn repeating(found: &[Matched]) -> impl Iterator<Item = &Matched> {
    let repeats = |one: &&Matched| matches!(one.standing, Some((Standing::Repeats, _)));
    found.iter().filter(repeats)
}

/// Which of the claims that say the same was published first.
fn first(found: &[Matched]) -> Option<ClaimId> {
    let place = |one: &&Matched| {
        let article = one.place.article;
        (article.sort_time, article.id, one.place.ordinal)
    };
    repeating(found).min_by_key(place).map(|one| one.id)
}

fn repeating_articles(found: &[Matched]) -> i32 {
    let articles: HashSet<ArticleId> = repeating(found).map(|one| one.original).collect();
    i32::try_from(articles.len()).unwrap_or(i32::MAX)
}

impl Check {
    fn max_results(&mut self, number: i32) -> usize {
        match usize::try_from(number) {
            Ok(0) => DEFAULT_RESULTS,
            Ok(wanted) => wanted.min(MOST_READ),
            Err(_) => {
                let description = format!("is negative: {number}");
                self.fail("max_results", Reason::InvalidField, description);
                DEFAULT_RESULTS
            }
        }
    }

    fn match_depth(&mut self, number: i32) -> Depth {
        match self.enumeration::<MatchDepth>("depth", number) {
            Some(MatchDepth::Words) => Depth::Words,
            _ => Depth::Meaning,
        }
    }
}
