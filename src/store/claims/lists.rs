//! Lists of claims, page by page, in each order.

use sqlx::postgres::PgArguments;
use sqlx::{PgConnection, Postgres, query::QueryAs};

use super::filter::{ClaimFilter, Conditions};
use super::position::{ClaimOrder, ClaimPosition};
use super::row::{ClaimRow, claim_columns};
use crate::domain::Claim;
use crate::store::db::{ClaimCursor, Page, Store, StoreError, all, one_more, take_page};

macro_rules! from_claims {
    () => {
        " FROM claims c LEFT JOIN articles ar ON ar.id = c.article_id WHERE "
    };
}

// Articles are ordered newest first, but the claims within an article first to last, so the position after a claim is
// not a single row comparison: `<=` bounds the index scan, and the rest drops the claims of the same article that
// were already returned.
#[rustfmt::skip]
const BY_PUBLISH_TIME: &str = concat!(
    "SELECT ",
    claim_columns!(),
    from_claims!(),
    claim_conditions!("c.sort_time"),
    "AND (", parameter!(1), "::timestamptz IS NULL OR ( \
           (c.sort_time, c.article_id) <= (", parameter!(1), ", ", parameter!(2), "::uuid) \
           AND ((c.sort_time, c.article_id) < (", parameter!(1), ", ", parameter!(2), "::uuid) OR c.ordinal > ", parameter!(3), "))) \
     ORDER BY c.sort_time DESC, c.article_id DESC, c.ordinal LIMIT ", parameter!(4)
);

// The same list, driven by the articles: for filters on articles.
#[rustfmt::skip]
const BY_ARTICLE: &str = concat!(
    "SELECT ",
    claim_columns!(),
    " FROM articles ar JOIN claims c ON c.article_id = ar.id WHERE ",
    claim_conditions!("ar.sort_time"),
    "AND (", parameter!(1), "::timestamptz IS NULL OR ( \
           (ar.sort_time, ar.id) <= (", parameter!(1), ", ", parameter!(2), "::uuid) \
           AND ((ar.sort_time, ar.id) < (", parameter!(1), ", ", parameter!(2), "::uuid) OR c.ordinal > ", parameter!(3), "))) \
     ORDER BY ar.sort_time DESC, ar.id DESC, c.ordinal LIMIT ", parameter!(4)
);

#[rustfmt::skip]
const BY_UTTERANCE_TIME: &str = concat!(
    "SELECT ",
    claim_columns!(),
    from_claims!(),
    claim_conditions!("c.sort_time"),
    "AND (", parameter!(1), "::timestamptz IS NULL OR (coalesce(c.utterance_start, c.sort_time), c.id) < (", parameter!(1), ", ", parameter!(2), "::uuid)) \
     ORDER BY coalesce(c.utterance_start, c.sort_time) DESC, c.id DESC LIMIT ", parameter!(3)
);

#[rustfmt::skip]
const BY_CONFIDENCE: &str = concat!(
    "SELECT ",
    claim_columns!(),
    from_claims!(),
    claim_conditions!("c.sort_time"),
    "AND (", parameter!(1), "::real IS NULL OR (c.confidence, c.id) < (", parameter!(1), ", ", parameter!(2), "::uuid)) \
     ORDER BY c.confidence DESC, c.id DESC LIMIT ", parameter!(3)
);

#[rustfmt::skip]
const BY_CHECK_WORTHINESS: &str = concat!(
    "SELECT ",
    claim_columns!(),
    from_claims!(),
    claim_conditions!("c.sort_time"),
    "AND (", parameter!(1), "::real IS NULL OR (coalesce(c.check_worthiness, 0::real), c.id) < (", parameter!(1), ", ", parameter!(2), "::uuid)) \
     ORDER BY coalesce(c.check_worthiness, 0::real) DESC, c.id DESC LIMIT ", parameter!(3)
);

// Begins a transaction that reads a list with a statement timeout, in a single round trip. For most filters an index
// leads to a page in milliseconds; a filter that matches few claims, contrary to the planner's estimate, is not given
// more time than this.
pub(in crate::store) const BEGIN_WITH_TIMEOUT: &str = "BEGIN; SET LOCAL statement_timeout = '1s'";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("claims::lists::BY_PUBLISH_TIME", BY_PUBLISH_TIME),
    ("claims::lists::BY_ARTICLE", BY_ARTICLE),
    ("claims::lists::BY_UTTERANCE_TIME", BY_UTTERANCE_TIME),
    ("claims::lists::BY_CONFIDENCE", BY_CONFIDENCE),
    ("claims::lists::BY_CHECK_WORTHINESS", BY_CHECK_WORTHINESS),
];

type Query = QueryAs<'static, Postgres, ClaimRow, PgArguments>;

impl Store {
    /// Returns a page of at most `size` claims after `after`, which must be a position in that order. If the
    /// planner's query takes too long, the page is read as by [`Store::scan_claims`] and may be short even though
    /// another one follows.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list_claims(
        &self,
        filter: &ClaimFilter,
        order: ClaimOrder,
        after: Option<ClaimPosition>,
        size: usize,
    ) -> Result<Page<Claim, ClaimPosition>, StoreError> {
        if order == ClaimOrder::PublishTime {
            let cursor = after.and_then(ClaimPosition::cursor);
            if let Some(page) = self.plain_list(filter, cursor, size).await {
                return page.map(|page| Page {
                    items: page.items,
                    next: page.next.map(ClaimPosition::PublishTime),
                });
            }
        }
        match self.list_as_planned(filter, order, after, size).await {
            Err(StoreError::Timeout(error)) => {
                tracing::debug!(tx = "list_claims", %error, ?filter, "list query timed out, scanning");
                self.scan_claims(filter, order, after, size).await
            }
            outcome => outcome,
        }
    }

    async fn list_as_planned(
        &self,
        filter: &ClaimFilter,
        order: ClaimOrder,
        after: Option<ClaimPosition>,
        size: usize,
    ) -> Result<Page<Claim, ClaimPosition>, StoreError> {
        let mut tx = self.pool.begin_with(BEGIN_WITH_TIMEOUT).await?;
        let conditions = Conditions::of(filter, &mut tx).await?;
        let query = match order {
            ClaimOrder::PublishTime => by_publish_time(filter, &conditions, after),
            ClaimOrder::UtteranceTime => by_utterance_time(&conditions, after),
            ClaimOrder::Confidence => by_number(sqlx::query_as(BY_CONFIDENCE), &conditions, after),
            ClaimOrder::CheckWorthiness => {
                by_number(sqlx::query_as(BY_CHECK_WORTHINESS), &conditions, after)
            }
        };
        let rows = query.bind(one_more(size)).fetch(&mut *tx);
        let page = take_page(rows, size, ClaimRow::bytes, |row| row.position(order)).await?;
        tx.commit().await?;
        Ok(Page {
            items: all(page.items)?,
            next: page.next,
        })
    }
}

/// Like [`Store::list_claims`] by publication time, but in the transaction of a connection and without a time limit.
pub(in crate::store) async fn by_publish_time_of(
    connection: &mut PgConnection,
    filter: &ClaimFilter,
    after: Option<ClaimCursor>,
    size: usize,
) -> Result<Page<Claim, ClaimCursor>, StoreError> {
    let conditions = Conditions::of(filter, connection).await?;
    let after = after.map(ClaimPosition::PublishTime);
    let rows = by_publish_time(filter, &conditions, after)
        .bind(one_more(size))
        .fetch(connection);
    let page = take_page(rows, size, ClaimRow::bytes, ClaimRow::cursor).await?;
    Ok(Page {
        items: all(page.items)?,
        next: page.next,
    })
}

fn by_publish_time(
    filter: &ClaimFilter,
    conditions: &Conditions<'_>,
    after: Option<ClaimPosition>,
) -> Query {
    let query = if is_of_articles(filter) {
        sqlx::query_as(BY_ARTICLE)
    } else {
        sqlx::query_as(BY_PUBLISH_TIME)
    };
    let after = after.and_then(ClaimPosition::cursor);
    conditions
        .bind(query)
        .bind(after.map(|position| position.article.sort_time))
        .bind(after.map(|position| position.article.id.0))
        .bind(after.map(|position| position.ordinal))
}

fn by_utterance_time(conditions: &Conditions<'_>, after: Option<ClaimPosition>) -> Query {
    let after = after.and_then(ClaimPosition::spoken);
    conditions
        .bind(sqlx::query_as(BY_UTTERANCE_TIME))
        .bind(after.map(|(time, _)| time))
        .bind(after.map(|(_, id)| id.0))
}

fn by_number(query: Query, conditions: &Conditions<'_>, after: Option<ClaimPosition>) -> Query {
    let after = after.and_then(ClaimPosition::number);
    conditions
        .bind(query)
        .bind(after.map(|(number, _)| number))
        .bind(after.map(|(_, id)| id.0))
}

/// Returns whether the filter selects by article, rather than a few claims of many articles.
pub(in crate::store) fn is_of_articles(filter: &ClaimFilter) -> bool {
    let of_articles = filter.publisher.is_some()
        || filter.language_code.is_some()
        || filter.article_state.is_some()
        || !filter.any.publishers.is_empty()
        || !filter.any.language_codes.is_empty();
    of_articles && !is_of_few_claims(filter)
}

/// Returns whether the filter selects a few claims of many articles, or a single article.
pub(in crate::store) fn is_of_few_claims(filter: &ClaimFilter) -> bool {
    filter.actor.is_some()
        || filter.article.is_some()
        || filter.about.is_some()
        || filter.addressee.is_some()
        || filter.proposition.is_some()
        || !filter.any.actors.is_empty()
}
