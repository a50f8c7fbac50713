//! How Postgres lists articles, publishers and actors: along indexes.

use super::plans::{ARTICLE, RARE_ACTOR, check, many};

#[tokio::test]
async fn lists_of_articles_and_actors_go_along_an_index() {
    let connection = &mut many().await;
    for filter in [
        vec![],
        vec![(1, "'Publisher 3'")],
        vec![(2, "'2020-02-01'"), (3, "'2020-03-01'")],
        vec![(8, "'de'")],
        vec![(9, "'RETRACTED'")],
        vec![(1, "'Publisher 3'"), (8, "'de'")],
        vec![(10, "'https://courier.example/7'")],
        vec![(11, "'cms-7'")],
        vec![(12, "'harbour ferries'")],
    ] {
        let first = [filter.as_slice(), &[(6, "51"), (7, "false")]].concat();
        check(connection, "articles::get::LIST", &first).await;
        let next = [first.as_slice(), &[(4, "'2020-03-01'"), (5, ARTICLE)]].concat();
        check(connection, "articles::get::LIST", &next).await;
    }
    check(connection, "articles::publishers::LIST", &[(2, "51")]).await;
    for filter in [
        vec![],
        vec![(1, "'person 12%'")],
        vec![(2, "'ORGANIZATION'")],
        vec![(6, "'person 123'")],
        vec![(9, "'{\"wikidata\": \"Q5\"}'")],
    ] {
        let first = [filter.as_slice(), &[(5, "51")]].concat();
        check(connection, "actors::get::LIST", &first).await;
        let next = [first.as_slice(), &[(3, "'person 5'"), (4, RARE_ACTOR)]].concat();
        check(connection, "actors::get::LIST", &next).await;
    }
}
