//! How Postgres finds propositions and the former texts of articles: along indexes.

use sqlx::{AssertSqlSafe, PgConnection};

use crate::lists::plans::{faults, many, plan};

/// One article in ten was corrected five times.
const FILL: &str = "INSERT INTO article_revisions (article_id, revision, content_key, authors, text, text_sha256, blocks, engine_name, \
                                    engine_version, extract_time, extract_duration_us, create_time, claims, requested_by, reason) \
     SELECT a.id, r.n, sha256((a.id::text || r.n)::bytea), '{}', a.text, a.text_sha256, '[]', 'rules', '1', a.extract_time, 1, \
            a.create_time, '[]', 'somebody', '' \
     FROM articles a, generate_series(1, 5) r (n) WHERE a.id::text LIKE '%0'; \
     UPDATE articles a SET revision = 6 WHERE a.id::text LIKE '%0'; \
     ANALYZE";

const PROPOSITION: &str = "'00000002-0000-7000-8000-000000000064'";
const CLAIMS: &str =
    "ARRAY['00000002-0000-7000-8000-000000000064', '00000002-0000-7000-8000-000000000065']::uuid[]";
const ACTORS: &str = "ARRAY['00000000-0000-7000-8000-000000000007']::uuid[]";
const ARTICLE: &str = "'00000001-0000-7000-8000-000000000640'";

async fn filled() -> PgConnection {
    let mut connection = many().await;
    let done = sqlx::raw_sql(AssertSqlSafe(FILL)).execute(&mut connection);
    done.await.expect("rows");
    connection
}

#[tokio::test]
async fn propositions_and_revisions_are_found_along_indexes() {
    let connection = &mut filled().await;
    let place = [
        (2, "'2020-02-01'"),
        (3, "'00000002-0000-7000-8000-000000000064'"),
    ];
    for (name, given) in [
        ("claims::propositions::GET", vec![(1, PROPOSITION)]),
        (
            "claims::propositions::CLAIMS",
            vec![(1, PROPOSITION), (4, "51")],
        ),
        (
            "claims::propositions::CLAIMS",
            [&[(1, PROPOSITION), (4, "51")], &place[..]].concat(),
        ),
        ("claims::propositions::OF_CLAIMS", vec![(1, CLAIMS)]),
        ("claims::propositions::BELONGING", vec![(1, CLAIMS)]),
        ("claims::propositions::TAKE", vec![(1, "20")]),
        ("claims::propositions::ASSIGNED", vec![(1, PROPOSITION)]),
        (
            "articles::get::GET_EARLIER",
            vec![(1, ARTICLE), (2, "3"), (3, "true")],
        ),
        ("articles::revisions::LIST", vec![(1, ARTICLE), (3, "51")]),
        (
            "articles::revisions::CLAIMS",
            vec![(1, ARTICLE), (2, "3"), (4, "51")],
        ),
        (
            "articles::revisions::LIST",
            vec![(1, ARTICLE), (2, "4"), (3, "51")],
        ),
        (
            "articles::revisions::CLAIMS",
            vec![(1, ARTICLE), (2, "3"), (3, "9"), (4, "51")],
        ),
        (
            "articles::known::FIND",
            vec![(1, "'x'"), (2, "sha256('x')")],
        ),
        (
            "articles::known::ARTICLE_BY_CONTENT",
            vec![(1, "sha256('x')")],
        ),
        ("articles::known::FORMER", vec![(1, "sha256('x')")]),
        ("articles::delete::CLAIMS", vec![(1, ARTICLE)]),
        ("articles::delete::ACTORS", vec![(1, ARTICLE)]),
        ("articles::delete::HEIR", vec![(1, ARTICLE)]),
        ("articles::delete::DELETE_CLAIMS", vec![(1, ARTICLE)]),
        ("articles::delete::DELETE_ACTORS", vec![(1, ACTORS)]),
        (
            "articles::delete::DELETE_NAMES",
            vec![(1, ACTORS), (2, "'Person 7'")],
        ),
        (
            "articles::update::MOVE_CLAIMS",
            vec![(1, ARTICLE), (2, "'2020-02-01'")],
        ),
        (
            "articles::update::MOVE_APPEARANCES",
            vec![(1, ARTICLE), (2, "'2020-02-01'")],
        ),
        (
            "articles::correct::OTHER",
            vec![(1, "sha256('x')"), (2, ARTICLE)],
        ),
        (
            "articles::correct::KEEP",
            vec![(1, ARTICLE), (2, "'desk'"), (3, "''")],
        ),
    ] {
        let plan = plan(connection, name, &given).await;
        let mut found = Vec::new();
        faults(&plan, &mut found);
        assert!(found.is_empty(), "{name} {given:?}: {found:?}\n{plan:#}");
    }
}
