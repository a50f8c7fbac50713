//! Lists of actors by their claims.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::get::{ActorFilter, ActorRow, actor_columns, actor_conditions, claim_summary, in_list};
use crate::domain::{Actor, ActorId};
use crate::store::db::{Page, Store, StoreError, all, take_page};

/// By which claims actors are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorRanking {
    /// Most claims first.
    ClaimCount,
    /// Latest claim first; those without claims come last.
    LastClaimTime,
}

/// A position in a ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ActorRank {
    /// By the number of claims, then by id.
    ClaimCount(i64, ActorId),
    /// By the time of the last claim, if there is one, then by id.
    LastClaimTime(Option<DateTime<Utc>>, ActorId),
}

// Unlike in `get::LIST`, the claims of all actors that match have to be counted.
macro_rules! ranked {
    ($rank:literal, $after:literal) => {
        concat!(
            "SELECT ",
            actor_columns!(),
            " FROM (SELECT a.*, ",
            $rank,
            " AS rank, s.claim_count, s.first_claim_time, s.last_claim_time FROM actors a",
            claim_summary!(),
            "WHERE ",
            actor_conditions!(),
            "AND ($4::uuid IS NULL OR ",
            $rank,
            " < ",
            $after,
            " OR (",
            $rank,
            " = ",
            $after,
            " AND a.id > $4)) ORDER BY rank DESC, a.id LIMIT $5) a, \
             LATERAL (SELECT a.claim_count, a.first_claim_time, a.last_claim_time) s \
             ORDER BY a.rank DESC, a.id"
        )
    };
}

const BY_CLAIM_COUNT: &str = ranked!("s.claim_count", "$3::bigint");
const BY_LAST_CLAIM_TIME: &str = ranked!(
    "coalesce(s.last_claim_time, '-infinity')",
    "coalesce($3::timestamptz, '-infinity')"
);

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("actors::ranked::BY_CLAIM_COUNT", BY_CLAIM_COUNT),
    ("actors::ranked::BY_LAST_CLAIM_TIME", BY_LAST_CLAIM_TIME),
];

impl Store {
    /// Returns a page of at most `size` actors after `after`, which must be a position in that ranking. Actors that were
    /// merged into others are left out.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn rank_actors(
        &self,
        filter: &ActorFilter,
        ranking: ActorRanking,
        after: Option<ActorRank>,
        size: usize,
    ) -> Result<Page<Actor, ActorRank>, StoreError> {
        let query = match ranking {
            ActorRanking::ClaimCount => {
                let position = after.and_then(ActorRank::claim_count);
                in_list(sqlx::query_as(BY_CLAIM_COUNT), filter, position, size)
            }
            ActorRanking::LastClaimTime => {
                let position = after.and_then(ActorRank::last_claim_time);
                in_list(sqlx::query_as(BY_LAST_CLAIM_TIME), filter, position, size)
            }
        };
        let rank = |row: &ActorRow| ActorRank::of(row, ranking);
        let page = take_page(query.fetch(&self.pool), size, |_| 0, rank).await?;
        Ok(Page {
            items: all(page.items)?,
            next: page.next,
        })
    }
}

impl ActorRank {
    fn of(row: &ActorRow, ranking: ActorRanking) -> Self {
        let id = ActorId(row.id);
        match ranking {
            ActorRanking::ClaimCount => Self::ClaimCount(row.claim_count, id),
            ActorRanking::LastClaimTime => Self::LastClaimTime(row.last_claim_time, id),
        }
    }

    /// The ranking that this is a position in.
    #[must_use]
    pub const fn ranking(self) -> ActorRanking {
        match self {
            Self::ClaimCount(..) => ActorRanking::ClaimCount,
            Self::LastClaimTime(..) => ActorRanking::LastClaimTime,
        }
    }

    const fn claim_count(self) -> Option<(i64, ActorId)> {
        match self {
            Self::ClaimCount(count, id) => Some((count, id)),
            Self::LastClaimTime(..) => None,
        }
    }

    const fn last_claim_time(self) -> Option<(Option<DateTime<Utc>>, ActorId)> {
        match self {
            Self::LastClaimTime(time, id) => Some((time, id)),
            Self::ClaimCount(..) => None,
        }
    }
}
