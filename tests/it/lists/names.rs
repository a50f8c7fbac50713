use futures_util::TryStreamExt;
use onrecord::proto::ListActorsRequest;

use super::archive::store_actors;
use crate::harness::{Database, TestServer};

/// Display names, each with an alias or two.
const NAMES: &[(&str, &[&str])] = &[
    ("50% Club", &["Fifty Percent"]),
    ("500 Club", &[]),
    ("50", &["L"]),
    ("A_B Holding", &[]),
    ("AXB Holding", &["A_B"]),
    (r"C\D Partners", &[]),
    (r"C\%D", &[]),
    ("CD Partners", &[]),
    ("Ann Lee", &["Lee", "Mayor Lee"]),
    ("ANN LEE", &[]),
    ("ann lee", &["Anna"]),
    ("Anneliese Roth", &[]),
    ("Zoë Ångström", &["ÅNGSTRÖM"]),
    ("Zoe Angstrom", &[]),
    ("Straße AG", &[]),
    ("İpek Öz", &[]),
    ("🦀 Collective", &[]),
    ("O’Brien", &["O'Brien"]),
];

async fn listed(server: &TestServer, prefix: &str, page_size: i32) -> Vec<String> {
    let request = ListActorsRequest {
        display_name_prefix: prefix.to_owned(),
        page_size,
        ..Default::default()
    };
    let actors = server.client.all_actors(request).try_collect().await;
    let actors: Vec<onrecord::proto::Actor> = actors.expect("list");
    actors.into_iter().map(|actor| actor.display_name).collect()
}

/// The same in plain Rust: without the accents of these names.
fn expected(prefix: &str) -> Vec<String> {
    let folded = |name: &str| {
        let plain = name.to_lowercase().replace('\u{307}', "");
        plain
            .replace('å', "a")
            .replace('ö', "o")
            .replace('ë', "e")
            .replace('ß', "ss")
            .replace('’', "'")
    };
    let begins = |name: &str| folded(name).starts_with(&folded(prefix));
    let mut names: Vec<String> = NAMES
        .iter()
        .filter(|(name, aliases)| begins(name) || aliases.iter().any(|alias| begins(alias)))
        .map(|(name, _)| (*name).to_owned())
        .collect();
    names.sort_by_key(|name| name.to_lowercase());
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prefix_is_taken_literally_in_either_case_and_without_accents() {
    let database = Database::create().await;
    let names = NAMES.iter().map(|(name, aliases)| {
        let aliases = aliases.iter().map(|alias| (*alias).to_owned());
        ((*name).to_owned(), aliases.collect())
    });
    store_actors(&database.store(), names).await;
    let server = TestServer::on(database).await;
    for prefix in [
        "", "5", "50", "50%", "%", "_", "a_", "A_B", "a%", "c", r"C\", r"c\d", r"C\%", r"\", "ann",
        "ANN LEE", "Ann Lee", "anna", "lee", "may", "zoë", "ZOË", "zoe", "å", "ÅNG", "ang",
        "STRASSE", "straße", "İ", "i", "🦀", "o’", "O'", "Ann Lee ", "nobody",
    ] {
        for page_size in [0, 1] {
            assert_eq!(
                listed(&server, prefix, page_size).await,
                expected(prefix),
                "{prefix:?}"
            );
        }
    }
}
