//! The network of who speaks about whom: claims counted by source actor and mentioned actor.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::snapshot::Snapshot;
use crate::domain::{ActorId, ActorKind};
use crate::store::claims::{ClaimFilter, Conditions};
use crate::store::db::{StoreError, all, parse};

/// An actor of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkActor {
    /// The actor.
    pub id: ActorId,
    /// The actor's display name.
    pub name: String,
    /// The actor's kind.
    pub kind: ActorKind,
    /// How many claims have the actor as their source.
    pub claims: i64,
}

/// How often one actor speaks of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NetworkEdge {
    /// The actor on record.
    pub source: ActorId,
    /// The actor spoken of.
    pub target: ActorId,
    /// How many claims of the source are about the target.
    pub claims: i64,
    /// How many of them are presented as true.
    pub positive: i64,
    /// How many of them are presented as false.
    pub negative: i64,
    /// How many of them are denials.
    pub denials: i64,
    /// When the first appeared: the publication of its article or, where unknown, its ingestion.
    pub first_time: DateTime<Utc>,
    /// When the last appeared.
    pub last_time: DateTime<Utc>,
}

// A claim about two actors that were merged counts as one.
macro_rules! edges {
    () => {
        concat!(
            "SELECT c.actor_id AS source, t.id AS target, count(DISTINCT c.id) AS claims, \
               count(DISTINCT c.id) FILTER (WHERE c.polarity = 'POSITIVE') AS positive, \
               count(DISTINCT c.id) FILTER (WHERE c.polarity = 'NEGATIVE') AS negative, \
               count(DISTINCT c.id) FILTER (WHERE c.kind = 'DENIAL') AS denials, \
               min(c.sort_time) AS first_time, max(c.sort_time) AS last_time \
             FROM claims c CROSS JOIN LATERAL unnest(c.about_ids) AS b (id) JOIN actors r ON r.id = b.id \
               CROSS JOIN LATERAL (SELECT CASE WHEN r.merged_into IS NULL THEN r.id ELSE actor_root(r.id) END AS id) t \
               LEFT JOIN articles ar ON ar.id = c.article_id \
             WHERE c.actor_id IS NOT NULL AND t.id <> c.actor_id AND ",
            claim_conditions!("c.sort_time"),
            "GROUP BY 1, 2 "
        )
    };
}

const DECLARE_ACTORS: &str = concat!(
    "DECLARE actors_of_network NO SCROLL CURSOR FOR WITH edges AS (",
    edges!(),
    "), said AS (SELECT c.actor_id AS id, count(*) AS claims FROM claims c LEFT JOIN articles ar ON ar.id = c.article_id WHERE c.actor_id IS NOT NULL AND ",
    claim_conditions!("c.sort_time"),
    "GROUP BY 1) \
     SELECT a.id, a.display_name, a.kind, coalesce(s.claims, 0) AS claims \
     FROM (SELECT id FROM said UNION SELECT target FROM edges) n \
       JOIN actors a ON a.id = n.id LEFT JOIN said s ON s.id = n.id \
     ORDER BY a.id"
);

const FETCH_ACTORS: &str = "FETCH 1000 FROM actors_of_network";

const DECLARE_EDGES: &str = concat!(
    "DECLARE edges_of_network NO SCROLL CURSOR FOR ",
    edges!(),
    "ORDER BY 1, 2"
);

const FETCH_EDGES: &str = "FETCH 1000 FROM edges_of_network";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[
    ("export::network::DECLARE_ACTORS", DECLARE_ACTORS),
    ("export::network::FETCH_ACTORS", FETCH_ACTORS),
    ("export::network::DECLARE_EDGES", DECLARE_EDGES),
    ("export::network::FETCH_EDGES", FETCH_EDGES),
];

impl Snapshot {
    /// Counts the network formed by the claims that match the filter, to be read with [`Snapshot::network_actors`]
    /// and [`Snapshot::network_edges`]. May be called once per snapshot.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn count_network(&mut self, filter: &ClaimFilter) -> Result<(), StoreError> {
        // DECLARE returns no rows: the query only serves to bind the filter's parameters.
        let conditions = Conditions::of(filter, &mut self.connection).await?;
        let actors = conditions.bind::<()>(sqlx::query_as(DECLARE_ACTORS));
        actors.fetch_optional(&mut self.connection).await?;
        let edges = conditions.bind::<()>(sqlx::query_as(DECLARE_EDGES));
        edges.fetch_optional(&mut self.connection).await?;
        Ok(())
    }

    /// Returns the next actors of the network, by id: those on record and those spoken of. Empty at the end.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn network_actors(&mut self) -> Result<Vec<NetworkActor>, StoreError> {
        let rows: Vec<ActorRow> = sqlx::query_as(FETCH_ACTORS)
            .fetch_all(&mut self.connection)
            .await?;
        all(rows)
    }

    /// Returns the next edges of the network, by their actors' ids. Empty at the end.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn network_edges(&mut self) -> Result<Vec<NetworkEdge>, StoreError> {
        let rows: Vec<EdgeRow> = sqlx::query_as(FETCH_EDGES)
            .fetch_all(&mut self.connection)
            .await?;
        Ok(rows.into_iter().map(NetworkEdge::from).collect())
    }
}

#[derive(sqlx::FromRow)]
struct ActorRow {
    id: Uuid,
    display_name: String,
    kind: String,
    claims: i64,
}

impl TryFrom<ActorRow> for NetworkActor {
    type Error = StoreError;

    fn try_from(row: ActorRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ActorId(row.id),
            name: row.display_name,
            kind: parse("kind", &row.kind)?,
            claims: row.claims,
        })
    }
}

#[derive(sqlx::FromRow)]
struct EdgeRow {
    source: Uuid,
    target: Uuid,
    claims: i64,
    positive: i64,
    negative: i64,
    denials: i64,
    first_time: DateTime<Utc>,
    last_time: DateTime<Utc>,
}

impl From<EdgeRow> for NetworkEdge {
    fn from(row: EdgeRow) -> Self {
        Self {
            source: ActorId(row.source),
            target: ActorId(row.target),
            claims: row.claims,
            positive: row.positive,
            negative: row.negative,
            denials: row.denials,
            first_time: row.first_time,
            last_time: row.last_time,
        }
    }
}
