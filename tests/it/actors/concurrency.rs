//! Many at once: ingests of articles about one new person, and merges beside them.

use futures_util::future::join_all;
use onrecord::proto::ClaimFilter;
use tokio::sync::Semaphore;

use super::{actor, actors, claims_of, get, merge};
use crate::harness::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_articles_at_once_about_somebody_new_make_one_actor() {
    let server = TestServer::start().await;
    let names = ["Vera Lindqvist", "Vera B. Lindqvist", "Véra Lindqvist"];
    let texts: Vec<String> = (0..100)
        .map(|n| {
            format!(
                "“Pier {n} is safe,” said {}. Lindqvist added that pier {n} was old.",
                names[n % 3]
            )
        })
        .collect();
    join_all(texts.iter().map(|text| server.ingest_text(text))).await;
    let all = actors(&server).await;
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].claim_count, 200);
    assert!(all[0].aliases.contains(&"Lindqvist".to_owned()));
}

/// After how many ingests the merge begins.
const MERGED_AFTER: u32 = 10;

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_beside_ingests_loses_no_claim() {
    let server = TestServer::start().await;
    server.ingest_text("Vera Lindqvist said it rained.").await;
    server.ingest_text("Vera Borg said it rained.").await;
    let (stays, goes) = (
        actor(&server, "Vera Lindqvist").await,
        actor(&server, "Vera Borg").await,
    );
    let texts: Vec<String> = (0..60)
        .map(|n| {
            let name = ["Vera Lindqvist", "Vera Borg"][n % 2];
            format!("{name} said that pier {n} was safe. Ida Brandt claimed that {name} was wrong.")
        })
        .collect();
    let stored = Semaphore::new(0);
    let ingests = join_all(texts.iter().map(async |text| {
        server.ingest_text(text).await;
        stored.add_permits(1);
    }));
    let merged = async {
        // Some are stored and the others under way.
        let some = stored.acquire_many(MERGED_AFTER).await;
        some.expect("never closed").forget();
        server
            .client
            .merge_actors(merge(&stays, &[&goes]))
            .await
            .expect("merge")
    };
    tokio::join!(ingests, merged);
    server.ingest_text("Vera Borg said it snowed.").await;

    let all = server.claims(ClaimFilter::default()).await;
    assert_eq!(all.len(), 2 + 2 * 60 + 1);
    assert!(
        all.iter()
            .all(|claim| !claim.actor.is_empty() && claim.actor != goes.name)
    );
    assert!(
        all.iter()
            .all(|claim| !claim.about_actors.contains(&goes.name))
    );
    assert_eq!(claims_of(&server, &stays).await.len(), 2 + 60 + 1);
    let about = all
        .iter()
        .filter(|claim| claim.about_actors.contains(&stays.name));
    assert_eq!(about.count(), 60);
    let gone = get(&server, &goes.name).await;
    assert_eq!((gone.merged_into, gone.claim_count), (stays.name, 0));
}
