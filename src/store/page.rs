use chrono::{DateTime, Utc};

use crate::domain::{ActorId, ArticleId};

/// Part of a list, and where the next part begins.
#[derive(Debug, Clone)]
pub struct Page<T, C> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// The place after the last item; `None` when nothing follows.
    pub next: Option<C>,
}

impl<T, C> Page<T, C> {
    /// Cuts `items`, of which one more than `size` was asked for, down to `size`. The one too many tells that another
    /// page follows; `place` says where an item stands in the order.
    ///
    /// See [`one_more`] for the asking.
    pub(super) fn cut(mut items: Vec<T>, size: usize, place: impl Fn(&T) -> C) -> Self {
        let more = items.len() > size;
        items.truncate(size);
        let next = if more { items.last().map(place) } else { None };
        Self { items, next }
    }
}

/// What to give LIMIT for a page of `size` items: one too many tells that another page follows.
pub(super) fn one_more(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX).saturating_add(1)
}

/// A place among articles: publication time (ingest time where unknown), newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArticleCursor {
    /// The article's time.
    pub sort_time: DateTime<Utc>,
    /// Tells articles of one time apart.
    pub id: ArticleId,
}

/// A place among claims: articles as above, within an article in text order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimCursor {
    /// The article's place.
    pub article: ArticleCursor,
    /// The claim's place in its article.
    pub ordinal: i32,
}

/// A place among actors: by name in lower case, byte by byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActorCursor {
    /// The actor's name in lower case.
    pub sort_name: String,
    /// Tells actors of one name apart.
    pub id: ActorId,
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn a_page_points_on_only_when_something_follows() {
        let full = Page::cut(vec![1, 2, 3], 2, |item| *item);
        assert_eq!((full.items, full.next), (vec![1, 2], Some(2)));
        let last = Page::cut(vec![1, 2], 2, |item| *item);
        assert_eq!((last.items, last.next), (vec![1, 2], None));
    }
}
