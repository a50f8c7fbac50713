//! The network of who speaks about whom: claims counted by source actor and mentioned actor.

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
}

// A claim about two actors that were merged counts as one.
macro_rules! edges {
    () => {
        concat!(
            "SELECT c.actor_id AS source, t.id AS target, count(DISTINCT c.id) AS claims \
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
        let rows: Vec<(Uuid, Uuid, i64)> = sqlx::query_as(FETCH_EDGES)
            .fetch_all(&mut self.connection)
            .await?;
        let edges = rows
            .into_iter()
            .map(|(source, target, claims)| NetworkEdge {
                source: ActorId(source),
                target: ActorId(target),
                claims,
            });
        Ok(edges.collect())
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
