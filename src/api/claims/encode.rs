//! Encoding claims as messages. The articles' texts are needed only for offsets in units other than bytes.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap};

use super::context::{TEXTS_AT_ONCE, WithContext};
use crate::api::convert::claim::stored;
use crate::api::convert::span::SpanWriter;
use crate::domain::{ArticleId, Claim, ClaimId};
use crate::proto;
use crate::service::ServiceError;
use crate::service::claims::{claims_by_id, claims_not_found};
use crate::store::{MAX_ANSWER_BYTES, Store, StoreError};
use crate::text::TextEncoding;

/// Encodes the claims of `ids` in that order, repeating duplicates.
pub(super) async fn encode_by_id(
    store: &Store,
    ids: &[ClaimId],
    encoding: TextEncoding,
    context: WithContext,
) -> Result<Vec<proto::Claim>, ServiceError> {
    let read = || async {
        let claims = claims_by_id(store, ids).await?;
        encode_in_context(store, &claims, encoding, context).await
    };
    let mut found = read().await?;
    if encoding != TextEncoding::Utf8 && ids.iter().any(|id| !found.contains_key(id)) {
        // An article may have been corrected between reading the claims and reading its text.
        found = read().await?;
    }
    if let Some(error) = claims_not_found(ids, |id| found.contains_key(&id)) {
        return Err(error);
    }
    let claims = || ids.iter().filter_map(|id| found.get(id));
    let contents = claims().filter_map(|claim| claim.content.as_ref());
    if contents.map(|content| content.text.len()).sum::<usize>() > MAX_ANSWER_BYTES {
        let max_bytes = MAX_ANSWER_BYTES;
        return Err(StoreError::TooLarge { max_bytes }.into());
    }
    Ok(claims().cloned().collect())
}

/// Encodes claims as messages, with their context if it is asked for.
pub(super) async fn encode_in_context(
    store: &Store,
    claims: &[Claim],
    encoding: TextEncoding,
    context: WithContext,
) -> Result<HashMap<ClaimId, proto::Claim>, ServiceError> {
    let mut encoded = encode(store, claims, encoding).await?;
    let messages = encoded.iter_mut().map(|(id, message)| (*id, message));
    context.add(store, claims, encoding, messages).await?;
    Ok(encoded)
}

/// Encodes claims as messages.
pub(super) async fn encode(
    store: &Store,
    claims: &[impl Borrow<Claim>],
    encoding: TextEncoding,
) -> Result<HashMap<ClaimId, proto::Claim>, ServiceError> {
    encode_with(store, claims, encoding, stored).await
}

/// Applies `message` to each claim. The articles' texts are needed only for offsets in units other than bytes; a
/// claim whose article was deleted or corrected in the meantime is left out, since its offsets can no longer be
/// converted.
pub(super) async fn encode_with<T>(
    store: &Store,
    claims: &[impl Borrow<Claim>],
    encoding: TextEncoding,
    message: impl Fn(&Claim, &SpanWriter<'_>) -> T,
) -> Result<HashMap<ClaimId, T>, ServiceError> {
    let all = || claims.iter().map(Borrow::borrow);
    if encoding == TextEncoding::Utf8 {
        let writer = SpanWriter::bytes();
        return Ok(all()
            .map(|claim| (claim.id, message(claim, &writer)))
            .collect());
    }
    let articles: BTreeSet<ArticleId> = all().map(|claim| claim.article).collect();
    let articles = Vec::from_iter(articles);
    let mut written = HashMap::with_capacity(claims.len());
    for some in articles.chunks(TEXTS_AT_ONCE) {
        for (article, text) in store.article_texts(some).await? {
            let writer = SpanWriter::new(&text, encoding);
            let here = all().filter(|claim| claim.article == article);
            let here = here.filter(|claim| claim.stands_in(&text));
            written.extend(here.map(|claim| (claim.id, message(claim, &writer))));
        }
    }
    Ok(written)
}

/// Encodes those claims that belong to the article.
pub(super) fn encode_of_article(
    claims: &[Claim],
    article: ArticleId,
    writer: &SpanWriter<'_>,
) -> impl Iterator<Item = (ClaimId, proto::Claim)> {
    let here = claims.iter().filter(move |claim| claim.article == article);
    here.map(|claim| (claim.id, stored(claim, writer)))
}
