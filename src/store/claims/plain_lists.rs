//! Lists of claims of one actor, article, class of source or kind, or of all, by publication time: most of what is
//! asked for. An index leads to each page whoever or whatever it is of, so Postgres plans them once, and a page is a
//! single statement.

use sqlx::postgres::PgArguments;
use sqlx::{Postgres, query::QueryAs};
use uuid::Uuid;

use super::filter::ClaimFilter;
use super::row::{ClaimRow, claim_columns};
use crate::domain::Claim;
use crate::store::db::{ClaimCursor, Page, Store, StoreError, all, one_more, take_page};

// Bounds that are not given are infinite, so that the index can be read between them with one plan. There is one upper
// bound: of two, Postgres may begin to read at the wider one. Otherwise as `lists::BY_PUBLISH_TIME`.
macro_rules! plain_list {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            claim_columns!(),
            " FROM claims c WHERE ",
            $condition,
            " AND c.sort_time >= coalesce($2, '-infinity'::timestamptz) \
              AND (c.sort_time, c.article_id) <= (coalesce($3, 'infinity'::timestamptz), $4::uuid) \
              AND ((c.sort_time, c.article_id) < (coalesce($3, 'infinity'::timestamptz), $4::uuid) OR c.ordinal > $5) \
            ORDER BY c.sort_time DESC, c.article_id DESC, c.ordinal LIMIT $6"
        )
    };
}

// Its first parameter only keeps the others in their places.
const OF_ALL: &str = plain_list!("$1::text IS NULL");
const OF_ACTOR: &str = plain_list!("c.actor_id = $1::uuid");
const OF_ARTICLE: &str = plain_list!("c.article_id = $1::uuid");
const OF_SOURCE_CLASS: &str = plain_list!("c.source_class = $1::text");
const OF_KIND: &str = plain_list!("c.kind = $1::text");

type Query = QueryAs<'static, Postgres, ClaimRow, PgArguments>;

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("claims::plain_lists::OF_ALL", OF_ALL),
    ("claims::plain_lists::OF_ACTOR", OF_ACTOR),
    ("claims::plain_lists::OF_ARTICLE", OF_ARTICLE),
    ("claims::plain_lists::OF_SOURCE_CLASS", OF_SOURCE_CLASS),
    ("claims::plain_lists::OF_KIND", OF_KIND),
];

impl Store {
    /// Returns a page by publication time if the filter is a plain one, or else `None`.
    pub(super) async fn plain_list(
        &self,
        filter: &ClaimFilter,
        after: Option<ClaimCursor>,
        size: usize,
    ) -> Option<Result<Page<Claim, ClaimCursor>, StoreError>> {
        let query = query(filter)?;
        let (time, article, ordinal) = match after {
            Some(ClaimCursor { article, ordinal }) => {
                (Some(article.sort_time), article.id.0, Some(ordinal))
            }
            // Before all articles of that time.
            None => (filter.end_time, Uuid::nil(), None),
        };
        let rows = query
            .bind(filter.start_time)
            .bind(time)
            .bind(article)
            .bind(ordinal)
            .bind(one_more(size))
            .fetch(&self.planned_once);
        let page = take_page(rows, size, ClaimRow::bytes, ClaimRow::cursor).await;
        Some(page.and_then(|page| {
            Ok(Page {
                items: all(page.items)?,
                next: page.next,
            })
        }))
    }
}

/// The statement for this filter, with what the list is of; `None` if it has other conditions besides times.
fn query(filter: &ClaimFilter) -> Option<Query> {
    let rest = ClaimFilter {
        actor: None,
        article: None,
        source_class: None,
        kind: None,
        start_time: None,
        end_time: None,
        ..filter.clone()
    };
    if rest != ClaimFilter::default() {
        return None;
    }
    let ClaimFilter {
        actor,
        article,
        source_class,
        kind,
        ..
    } = filter;
    match (actor, article, source_class, kind) {
        (None, None, None, None) => Some(sqlx::query_as(OF_ALL).bind(None::<String>)),
        (Some(actor), None, None, None) => Some(sqlx::query_as(OF_ACTOR).bind(actor.0)),
        (None, Some(article), None, None) => Some(sqlx::query_as(OF_ARTICLE).bind(article.0)),
        (None, None, Some(class), None) => {
            Some(sqlx::query_as(OF_SOURCE_CLASS).bind(class.to_string()))
        }
        (None, None, None, Some(kind)) => Some(sqlx::query_as(OF_KIND).bind(kind.to_string())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::query;
    use crate::domain::{ActorId, ClaimKind};
    use crate::store::ClaimFilter;

    #[test]
    fn a_filter_with_two_conditions_or_another_one_is_not_plain() {
        let mut filter = ClaimFilter::default();
        assert!(query(&filter).is_some());
        filter.actor = Some(ActorId(Uuid::nil()));
        filter.start_time = Some(chrono::Utc::now());
        assert!(query(&filter).is_some());
        filter.kind = Some(ClaimKind::Assertion);
        assert!(query(&filter).is_none());
        let filter = ClaimFilter {
            min_confidence: 0.5,
            ..ClaimFilter::default()
        };
        assert!(query(&filter).is_none());
    }
}
