//! How Postgres counts: along indexes, never through a whole table.

use crate::lists::plans::{FILTER, faults, many, plan};

const ACTORS: &str = "ARRAY['00000000-0000-7000-8000-000000000002'::uuid]";
const ACTOR: &str = "'00000000-0000-7000-8000-000000000002'";
const MONTH: [(usize, &str); 2] = [(6, "'2020-02-01'"), (7, "'2020-03-01'")];

async fn check(shapes: &[(&str, Vec<(usize, &str)>)]) {
    let connection = &mut many().await;
    for (name, given) in shapes {
        let plan = plan(connection, name, given).await;
        let mut found = Vec::new();
        faults(&plan, &mut found);
        // What is counted may be sorted for it.
        found.retain(|fault| fault.starts_with("reads all"));
        assert!(found.is_empty(), "{name} {given:?}: {found:?}\n{plan:#}");
    }
}

#[tokio::test]
async fn counts_read_only_what_they_count() {
    let mut shapes = Vec::new();
    for (statement, group) in [
        ("stats::sourcing::OF_CLAIMS", "'ACTOR'"),
        ("stats::sourcing::OF_CLAIMS", "'GENDER'"),
        ("stats::sourcing::OF_CLAIMS", "'SOURCE_CLASS'"),
        ("stats::sourcing::OF_CLAIMS", "'KIND'"),
        ("stats::sourcing::OF_CLAIMS", "'MONTH'"),
        ("stats::sourcing::OF_ARTICLES", "'PUBLISHER'"),
    ] {
        let group = [(FILTER + 1, group), (FILTER + 4, "51")];
        for filter in [&MONTH[..], &[(16, "'Publisher 39'")]] {
            shapes.push((statement, [filter, &group].concat()));
        }
        shapes.push((
            "stats::sourcing::OF_CLAIMS",
            [&[(1, ACTOR)][..], &group].concat(),
        ));
        let next = [(FILTER + 2, "7"), (FILTER + 3, "'x'")];
        shapes.push((statement, [&MONTH[..], &group, &next].concat()));
    }
    check(&shapes).await;
}

#[tokio::test]
async fn timelines_read_only_the_actor() {
    let shapes = [
        vec![(1, ACTORS), (4, "'month'"), (5, "100000")],
        vec![
            (1, ACTORS),
            (2, "'2020-02-01'"),
            (3, "'2020-03-01'"),
            (4, "'day'"),
            (5, "100000"),
        ],
    ];
    let shapes = shapes.map(|given| ("stats::timeline::COUNT", given));
    check(&shapes).await;
}
