//! How Postgres goes about each shape of list: along an index, never through a whole table, and sorting only little.

use onrecord::domain::{Certainty, ClaimKind};
use onrecord::store::{ClaimFilter, ClaimOrder, STATEMENTS};
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::harness::Database;

const MANY: &str = include_str!("many.sql");

/// The tables that grow without end.
const LARGE: [&str; 10] = [
    "articles",
    "actors",
    "claims",
    "claim_relations",
    "article_signatures",
    "article_revisions",
    "claim_propositions",
    "unsettled_claims",
    "fact_checks",
    "fact_check_claims",
];

/// How many rows may be sorted for a page, by the planner's reckoning: of the 30,000 claims those of a rare actor.
const MAX_SORTED: f64 = 3_000.0;

const COMMON_ACTOR: &str = "'00000000-0000-7000-8000-000000000002'";
pub const RARE_ACTOR: &str = "'00000000-0000-7000-8000-0000000003e8'";
const ABOUT_COMMON: &str = "ARRAY['00000000-0000-7000-8000-000000000002'::uuid]";
const ABOUT_RARE: &str = "ARRAY['00000000-0000-7000-8000-0000000003e8'::uuid]";
const CHECKED: &str =
    "ARRAY['00000002-0000-7000-8000-000000000064', '00000002-0000-7000-8000-0000000000c8']::uuid[]";
pub const ARTICLE: &str = "'00000001-0000-7000-8000-000000000064'";

/// Parameters of a statement that are not NULL.
type Given = Vec<(usize, &'static str)>;

/// The filters of lists of claims, one by one and in combinations that are asked for.
fn claim_filters() -> Vec<Given> {
    vec![
        vec![],
        vec![(1, COMMON_ACTOR)],
        vec![(1, RARE_ACTOR)],
        vec![(2, ARTICLE)],
        vec![(3, "'ROLE'")],
        vec![(4, "'MIXED'")],
        vec![(5, "'DENIAL'")],
        vec![(6, "'2020-02-01'"), (7, "'2020-03-01'")],
        vec![(8, "0.9")],
        vec![(9, ABOUT_COMMON)],
        vec![(9, ABOUT_RARE)],
        vec![(10, ABOUT_COMMON)],
        vec![(10, ABOUT_RARE)],
        vec![(11, "'POSSIBLE'"), (12, "'NEGATIVE'")],
        vec![(13, "'2020-04-25'"), (14, "'2020-04-26'")],
        vec![(15, "'CONFIRMED'")],
        vec![(16, "'Publisher 3'")],
        vec![(16, "'Publisher 39'")],
        vec![(17, "'de'")],
        vec![(18, "'RETRACTED'")],
        vec![(19, "0.9")],
        vec![(1, COMMON_ACTOR), (19, "0.9")],
        vec![(1, COMMON_ACTOR), (20, "0.9")],
        vec![(1, COMMON_ACTOR), (5, "'DENIAL'"), (6, "'2020-02-01'")],
        vec![(1, COMMON_ACTOR), (16, "'Publisher 3'")],
        vec![(9, ABOUT_COMMON), (5, "'DENIAL'"), (17, "'en'")],
        vec![(16, "'Publisher 3'"), (5, "'DENIAL'"), (11, "'POSSIBLE'")],
        vec![(21, ABOUT_RARE)],
        vec![(22, "'{DENIAL,DEMAND}'")],
        vec![(23, "'{Publisher 3,Publisher 4}'")],
        vec![(26, "'{ASSERTION}'")],
        vec![(27, "'{Publisher 3}'"), (24, "'{en,de}'")],
        vec![(29, "'00000002-0000-7000-8000-000000000064'")],
        vec![(31, "true"), (5, "'DENIAL'")],
        vec![(33, "true"), (34, CHECKED)],
        vec![(33, "true")],
        vec![(33, "false"), (1, COMMON_ACTOR)],
    ]
}

/// How many parameters of a statement are those of its filter; its own follow.
pub const FILTER: usize = 34;

fn statement(name: &str) -> &'static str {
    let mut statements = STATEMENTS.iter().copied().flatten();
    statements.find(|(known, _)| *known == name).expect(name).1
}

/// How many parameters a statement has.
fn parameters(statement: &str) -> usize {
    let numbers = statement.split('$').skip(1);
    let numbers = numbers.filter_map(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest[..digits].parse().ok()
    });
    numbers.max().unwrap_or(0)
}

async fn run(connection: &mut PgConnection, sql: String) {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(connection);
    done.await.expect(&sql);
}

/// The plan of a statement with these parameters, as the server would have it made: anew for these very values.
pub async fn plan(connection: &mut PgConnection, name: &str, given: &[(usize, &str)]) -> Value {
    let statement = statement(name);
    let values: Vec<&str> = (1..=parameters(statement))
        .map(|number| {
            let value = given.iter().find(|(known, _)| *known == number);
            value.map_or("NULL", |(_, value)| *value)
        })
        .collect();
    run(connection, format!("PREPARE shape AS {statement}")).await;
    let explain = format!(
        "EXPLAIN (FORMAT JSON) EXECUTE shape ({})",
        values.join(", ")
    );
    let plan: Value = sqlx::query_scalar(AssertSqlSafe(explain))
        .persistent(false)
        .fetch_one(&mut *connection)
        .await
        .expect("a plan");
    run(connection, "DEALLOCATE shape".to_owned()).await;
    plan[0]["Plan"].clone()
}

/// What of a plan would take long at millions of rows.
pub fn faults(node: &Value, found: &mut Vec<String>) {
    let kind = node["Node Type"].as_str().unwrap_or_default();
    let table = node["Relation Name"].as_str().unwrap_or_default();
    if kind == "Seq Scan" && LARGE.contains(&table) {
        found.push(format!("reads all of {table}"));
    }
    let below = node["Plans"].as_array().into_iter().flatten();
    for child in below.clone() {
        let rows = child["Plan Rows"].as_f64().unwrap_or_default();
        if kind == "Sort" && rows > MAX_SORTED {
            found.push(format!("sorts {rows} rows"));
        }
        faults(child, found);
    }
}

pub async fn check(connection: &mut PgConnection, name: &str, given: &[(usize, &str)]) {
    let plan = plan(connection, name, given).await;
    let mut found = Vec::new();
    faults(&plan, &mut found);
    assert!(found.is_empty(), "{name} {given:?}: {found:?}\n{plan:#}");
}

/// Fills an empty archive.
pub async fn fill(connection: &mut PgConnection) {
    run(connection, MANY.to_owned()).await;
}

/// A connection to a filled archive, set up as the server's are.
pub async fn many() -> PgConnection {
    let database = Database::create().await;
    let mut connection = database.connection().await;
    fill(&mut connection).await;
    let as_the_server_asks = "SET plan_cache_mode = force_custom_plan; SET random_page_cost = 1.1";
    run(&mut connection, as_the_server_asks.to_owned()).await;
    connection
}

#[tokio::test]
async fn lists_of_claims_go_along_an_index() {
    let connection = &mut many().await;
    let article_place = [
        (FILTER + 1, "'2020-03-01'"),
        (FILTER + 2, ARTICLE),
        (FILTER + 3, "5"),
    ];
    let spoken_place = [(FILTER + 1, "'2020-03-01'"), (FILTER + 2, ARTICLE)];
    let number_place = [(FILTER + 1, "0.5"), (FILTER + 2, ARTICLE)];
    for filter in claim_filters() {
        let of_articles = filter.iter().any(|(number, _)| (16..=18).contains(number));
        let of_claims = filter
            .iter()
            .any(|(number, _)| [1, 2, 9, 10].contains(number));
        let by_publish_time = if of_articles && !of_claims {
            "claims::lists::BY_ARTICLE"
        } else {
            "claims::lists::BY_PUBLISH_TIME"
        };
        for (name, limit, place) in [
            (by_publish_time, FILTER + 4, &article_place[..]),
            (
                "claims::lists::BY_UTTERANCE_TIME",
                FILTER + 3,
                &spoken_place,
            ),
            ("claims::lists::BY_CONFIDENCE", FILTER + 3, &number_place),
            (
                "claims::lists::BY_CHECK_WORTHINESS",
                FILTER + 3,
                &number_place,
            ),
        ] {
            let first = [filter.as_slice(), &[(limit, "51")]].concat();
            check(connection, name, &first).await;
            check(connection, name, &[&first, place].concat()).await;
        }
    }
}

#[tokio::test]
async fn a_list_is_read_piece_by_piece_along_its_order() {
    let connection = &mut many().await;
    let old = [(13, "'2020-01-02'"), (14, "'2020-01-20'"), (17, "'de'")];
    for (name, place) in [
        (
            "claims::scans::BY_PUBLISH_TIME",
            [
                (FILTER + 1, "'2020-03-01'"),
                (FILTER + 2, ARTICLE),
                (FILTER + 3, "5"),
            ]
            .as_slice(),
        ),
        (
            "claims::scans::BY_UTTERANCE_TIME",
            &[(FILTER + 1, "'2020-03-01'"), (FILTER + 2, ARTICLE)],
        ),
        (
            "claims::scans::BY_CONFIDENCE",
            &[(FILTER + 1, "0.5"), (FILTER + 2, ARTICLE)],
        ),
        (
            "claims::scans::BY_CHECK_WORTHINESS",
            &[(FILTER + 1, "0.5"), (FILTER + 2, ARTICLE)],
        ),
    ] {
        let first = [&old[..], &[(FILTER + 4, "100")]].concat();
        check(connection, name, &first).await;
        check(connection, name, &[&first, place].concat()).await;
    }
}

#[tokio::test]
async fn pieces_make_the_whole_list() {
    let database = Database::create().await;
    fill(&mut database.connection().await).await;
    let store = database.store();
    let filter = ClaimFilter {
        kind: Some(ClaimKind::Denial),
        certainty: Some(Certainty::Possible),
        end_utterance: Some("2020-01-20T00:00:00Z".parse().expect("a time")),
        ..ClaimFilter::default()
    };
    for order in [
        ClaimOrder::PublishTime,
        ClaimOrder::UtteranceTime,
        ClaimOrder::Confidence,
        ClaimOrder::CheckWorthiness,
    ] {
        let whole = store
            .list_claims(&filter, order, None, 1_000)
            .await
            .expect("a page");
        assert!(whole.items.len() > 300 && whole.next.is_none());
        let (mut found, mut next) = (Vec::new(), None);
        loop {
            let page = store
                .scan_claims(&filter, order, next, 100)
                .await
                .expect("a page");
            found.extend(page.items);
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        assert!(found == whole.items, "{order:?}");
    }
}

// The limit is small as the table is: most of it would have to be read for more.
#[tokio::test]
async fn searches_go_along_an_index() {
    let connection = &mut many().await;
    for words in [
        "'harbour'",
        "'number'",
        "'29999'",
        "'harbour' & 'crane'",
        "'harbour' | '77'",
    ] {
        let words = format!("$${words}$$");
        for filter in claim_filters() {
            let given = [
                (FILTER + 1, words.as_str()),
                (FILTER + 2, &words),
                (FILTER + 10, "100"),
                (FILTER + 11, "true"),
            ];
            let first = [filter.as_slice(), &given].concat();
            check(connection, "search::find::FIND", &first).await;
            let next = [
                &first[..],
                &[
                    (FILTER + 4, "'2020-03-01'"),
                    (FILTER + 5, ARTICLE),
                    (FILTER + 6, "5"),
                ],
            ]
            .concat();
            check(connection, "search::find::FIND", &next).await;
            let of_months = [
                &first[..],
                &[
                    (FILTER + 12, "'{24242,24241}'"),
                    (FILTER + 13, "'2020-03-01'"),
                ],
            ]
            .concat();
            check(connection, "search::find::FIND", &of_months).await;
        }
    }
}

#[tokio::test]
async fn the_months_of_the_newest_claims_are_seen_in_an_index() {
    let connection = &mut many().await;
    check(connection, "search::find::NEWEST_MONTHS", &[]).await;
    let older = [(1, "'2020-03-01'"), (2, "'2020-02-01'")];
    check(connection, "search::find::NEWEST_MONTHS", &older).await;
}

/// Signatures of all articles with bands of their own and one that one in five has, and an answer to every other claim.
const COMPARED: &str = "INSERT INTO article_signatures (article_id, signature, bands) \
     SELECT a.id, 'x', ARRAY(SELECT hashint8(row_number() OVER (ORDER BY a.id) * 100 + n) FROM generate_series(1, 32) n) \
                       || (row_number() OVER (ORDER BY a.id) % 5) \
     FROM articles a; \
     INSERT INTO claim_relations (from_id, to_id, kind, evidence, confidence) \
     SELECT c.id, d.id, 'RESPONDS_TO', '[]', 1 FROM claims c \
       JOIN claims d ON d.article_id = c.article_id AND d.ordinal = c.ordinal + 1; \
     ANALYZE";

#[tokio::test]
async fn claims_are_compared_along_an_index() {
    let connection = &mut many().await;
    run(connection, COMPARED.to_owned()).await;
    for queries in [
        &["'29999'"][..],
        &["'harbour' & 'crane'"],
        &["'29999' | '77'", "'harbour' & 'number'"],
    ] {
        // As many as the statement takes; the others find nothing.
        let nothing = std::iter::repeat_n("'none'", 24 - queries.len());
        let queries = queries.iter().copied().chain(nothing);
        let queries: Vec<String> = queries.map(|query| format!("$${query}$$")).collect();
        let queries = format!("ARRAY[{}]::tsquery[]", queries.join(", "));
        for filter in claim_filters() {
            let given = [
                (FILTER + 1, queries.as_str()),
                (FILTER + 2, "ARRAY[$$'29999'$$, $$'harbour'$$]::tsquery[]"),
                (FILTER + 3, "ARRAY[7.5, 1]::float4[]"),
                (FILTER + 4, ARTICLE),
                (FILTER + 5, "100"),
                (FILTER + 6, "20"),
            ];
            let given = [filter.as_slice(), &given].concat();
            check(connection, "search::matches::CANDIDATES", &given).await;
        }
    }
    check(connection, "search::matches::NEWEST", &[(1, "1000")]).await;
    check(connection, "search::matches::PUBLISHED", &[(1, ARTICLE)]).await;
    let claim = "'00000002-0000-7000-8000-000000000064'";
    check(connection, "claims::relations::OF_CLAIM", &[(1, claim)]).await;
    check(connection, "claims::relations::DELETE", &[(1, ARTICLE)]).await;
    let bands = [(1, "ARRAY[1, 2, 3]::bigint[]"), (2, "500")];
    check(connection, "articles::duplicates::CANDIDATES", &bands).await;
}

#[test]
fn a_plan_that_reads_a_whole_table_is_found() {
    let plan = serde_json::json!({
        "Node Type": "Sort",
        "Plans": [{"Node Type": "Seq Scan", "Relation Name": "claims", "Plan Rows": 30_000}]
    });
    let mut found = Vec::new();
    faults(&plan, &mut found);
    assert_eq!(found, ["sorts 30000 rows", "reads all of claims"]);
}
