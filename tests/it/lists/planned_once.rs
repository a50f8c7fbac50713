//! How Postgres goes about the statements that it plans once, whatever they ask for.

use sqlx::Executor;

use super::plans::{check, fill};
use crate::harness::Database;

const ID: &str = "'00000001-0000-7000-8000-000000000064'";
const IDS: &str = "ARRAY['00000001-0000-7000-8000-000000000064'::uuid]";

/// The settings of the server's connections for these statements. Besides, some tables are empty here, and would be read
/// whole.
const PLANNED_ONCE: &str = "SET plan_cache_mode = force_generic_plan; SET random_page_cost = 1.1; \
                            SET enable_bitmapscan = off; SET enable_sort = off; \
                            SET enable_seqscan = off";

#[tokio::test]
async fn statements_that_are_planned_once_go_along_an_index() {
    let database = Database::create().await;
    let mut connection = database.connection().await;
    fill(&mut connection).await;
    connection.execute(PLANNED_ONCE).await.expect("settings");
    for list in [
        "OF_ALL",
        "OF_ACTOR",
        "OF_ARTICLE",
        "OF_SOURCE_CLASS",
        "OF_KIND",
    ] {
        let name = format!("claims::plain_lists::{list}");
        let of = match list {
            "OF_ALL" => "NULL",
            "OF_SOURCE_CLASS" => "'ROLE'",
            "OF_KIND" => "'DENIAL'",
            _ => ID,
        };
        check(&mut connection, &name, &[(1, of), (4, ID), (6, "51")]).await;
    }
    for (name, given) in [
        ("claims::get::GET_MANY", [(1, IDS)].as_slice()),
        ("claims::propositions::GET", &[(1, ID)]),
        ("claims::relations::OF_CLAIM", &[(1, ID)]),
        ("claims::reviews::LIST", &[(1, ID), (3, "51")]),
        ("articles::get::GET", &[(1, ID), (2, "true")]),
        (
            "articles::get::GET_EARLIER",
            &[(1, ID), (2, "1"), (3, "true")],
        ),
        ("articles::get::TEXTS", &[(1, IDS)]),
        ("actors::get::GET", &[(1, ID)]),
        ("actors::get::GET_MANY", &[(1, IDS)]),
        ("actors::changes::GET", &[(1, IDS)]),
    ] {
        check(&mut connection, name, given).await;
    }
}
