use std::pin::pin;

use chrono::{DateTime, Utc};
use futures_util::{Stream, TryStreamExt};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::error::StoreError;

use crate::domain::{ActorId, ArticleId};

/// One page of a list, and where the next one begins.
#[derive(Debug, Clone)]
pub struct Page<T, C> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// The position after the last item; `None` if nothing follows.
    pub next: Option<C>,
}

/// Maximum bytes of text in one response, unless a single item exceeds it: a page ends early. Bounds the memory of a
/// call whatever the texts.
pub const MAX_ANSWER_BYTES: usize = 16 << 20;

/// Takes a page of at most `size` items from rows fetched with [`one_more`]; the extra row indicates that another
/// page follows. `bytes` returns how much text a row holds, `position` its position in the order.
pub(in crate::store) async fn take_page<R, C>(
    rows: impl Stream<Item = sqlx::Result<R>>,
    size: usize,
    bytes: impl Fn(&R) -> usize,
    position: impl Fn(&R) -> C,
) -> Result<Page<R, C>, StoreError> {
    let mut rows = pin!(rows);
    let mut items = Vec::new();
    let mut held = 0;
    while let Some(row) = rows.try_next().await? {
        held += bytes(&row);
        let full = items.len() == size || (held > MAX_ANSWER_BYTES && !items.is_empty());
        if full {
            if items.len() == size {
                // That was the last row, and its statement ends with the next look.
                rows.try_next().await?;
            }
            return Ok(Page {
                next: items.last().map(position),
                items,
            });
        }
        items.push(row);
    }
    Ok(Page { items, next: None })
}

/// Takes all rows, or [`StoreError::TooLarge`]. `bytes` returns how much text a row holds.
pub(in crate::store) async fn whole_answer<R>(
    rows: impl Stream<Item = sqlx::Result<R>>,
    bytes: impl Fn(&R) -> usize,
) -> Result<Vec<R>, StoreError> {
    let page = take_page(rows, usize::MAX, bytes, |_| ()).await?;
    match page.next {
        Some(()) => Err(StoreError::TooLarge {
            max_bytes: MAX_ANSWER_BYTES,
        }),
        None => Ok(page.items),
    }
}

/// The LIMIT for a page of `size` items: the extra row indicates that another page follows.
pub(in crate::store) fn one_more(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX).saturating_add(1)
}

/// Deserializes the text of a position. Postgres does not accept U+0000, so no stored text contains it.
///
/// # Errors
/// If it contains U+0000, or is not a string.
pub(in crate::store) fn without_nul<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.contains('\0') {
        return Err(D::Error::custom("holds U+0000"));
    }
    Ok(text)
}

/// A position among articles: by publication time (ingest time if unknown), newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleCursor {
    /// The article's time.
    pub sort_time: DateTime<Utc>,
    /// Breaks ties between articles with the same time.
    pub id: ArticleId,
}

/// A position among claims: articles as above, then text order within an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimCursor {
    /// The article's position.
    pub article: ArticleCursor,
    /// The claim's position in its article.
    pub ordinal: i32,
}

/// A position among actors: by lower-case name in byte order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorCursor {
    /// The actor's name in lower case.
    #[serde(deserialize_with = "without_nul")]
    pub sort_name: String,
    /// Breaks ties between actors with the same name.
    pub id: ActorId,
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::{MAX_ANSWER_BYTES, take_page};

    async fn check(rows: &[i32], size: usize, bytes: usize, expect: (&[i32], Option<i32>)) {
        let rows = stream::iter(rows.iter().copied().map(sqlx::Result::Ok));
        let page = take_page(rows, size, |_| bytes, |row| *row).await.unwrap();
        assert_eq!((page.items.as_slice(), page.next), expect);
    }

    #[tokio::test]
    async fn a_page_points_on_only_when_something_follows() {
        check(&[1, 2, 3], 2, 0, (&[1, 2], Some(2))).await;
        check(&[1, 2], 2, 0, (&[1, 2], None)).await;
        check(&[], 2, 0, (&[], None)).await;
    }

    #[tokio::test]
    async fn a_page_of_long_texts_ends_early_but_holds_one() {
        check(&[1, 2, 3], 9, MAX_ANSWER_BYTES / 2, (&[1, 2], Some(2))).await;
        check(&[1, 2], 9, MAX_ANSWER_BYTES + 1, (&[1], Some(1))).await;
        check(&[1], 9, MAX_ANSWER_BYTES + 1, (&[1], None)).await;
    }
}
