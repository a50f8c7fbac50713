//! Matching: has this been claimed before?

use std::collections::{HashMap, HashSet};

use super::matcher::{Matched, Matcher};
use crate::domain::{ArticleId, Claim, ClaimId};
use crate::matching::{DatedText, Depth, PairRelation};
use crate::service::ServiceError;
use crate::store::{ClaimFilter, Store};

/// A text to compare with stored claims.
#[derive(Debug, Clone)]
pub struct MatchClaims {
    /// The text.
    pub text: String,
    /// Which claims it is compared with.
    pub filter: ClaimFilter,
    /// Maximum number of matches.
    pub max_results: usize,
    /// Whether to compare by words alone or by meaning too.
    pub depth: Depth,
}

/// The claims most similar to a text.
#[derive(Debug, Clone)]
pub struct MatchedClaims {
    /// The most similar first.
    pub matches: Vec<(Matched, Claim)>,
    /// Of the claims that repeat the text, the one published first.
    pub first: Option<Claim>,
    /// How many articles repeat it; copies of an article count once.
    pub repeating_articles: usize,
}

/// Finds the claims most similar to a text.
///
/// # Errors
/// [`ServiceError::Store`], [`ServiceError::Lost`].
#[tracing::instrument(level = "debug", skip_all)]
pub async fn match_claims(
    store: &Store,
    matcher: &Matcher,
    request: MatchClaims,
) -> Result<MatchedClaims, ServiceError> {
    let query = DatedText {
        text: request.text,
        published: None,
    };
    let found = matcher.find(store, query, &request.filter, None, request.depth);
    let found = found.await?;
    let first = first(&found);
    let shown = &found[..request.max_results.min(found.len())];
    let ids: HashSet<ClaimId> = shown.iter().map(|one| one.id).chain(first).collect();
    let claims = store.claims(&Vec::from_iter(ids)).await?;
    let claims: HashMap<ClaimId, Claim> =
        claims.into_iter().map(|claim| (claim.id, claim)).collect();
    // Claims deleted in the meantime are left out.
    let with_claims = shown
        .iter()
        .filter_map(|one| Some((*one, claims.get(&one.id)?.clone())));
    Ok(MatchedClaims {
        matches: with_claims.collect(),
        first: first.and_then(|id| claims.get(&id).cloned()),
        repeating_articles: repeating_articles(&found),
    })
}

fn repeating(found: &[Matched]) -> impl Iterator<Item = &Matched> {
    let repeats = |one: &&Matched| matches!(one.relation, Some((PairRelation::Repeats, _)));
    found.iter().filter(repeats)
}

/// Of the claims that repeat the text, the one published first.
fn first(found: &[Matched]) -> Option<ClaimId> {
    let position = |one: &&Matched| {
        let article = one.position.article;
        (article.sort_time, article.id, one.position.ordinal)
    };
    repeating(found).min_by_key(position).map(|one| one.id)
}

fn repeating_articles(found: &[Matched]) -> usize {
    let articles: HashSet<ArticleId> = repeating(found).map(|one| one.original).collect();
    articles.len()
}
