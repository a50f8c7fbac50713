//! Claims that are found by their meaning, where the database has pgvector.

use onrecord::proto::{MatchClaimsRequest, MatchDepth};

use super::{ingest, server, settled};
use crate::harness::{Database, TestServer};

/// Of the same meaning and without a word in common.
const SAID: &str = "Marek Dolan said that the vessel takes four hundred automobiles.";
const ASKED: &str = "There is room for 400 cars aboard this ship";

async fn found(server: &TestServer, depth: MatchDepth) -> usize {
    let request = MatchClaimsRequest {
        text: ASKED.to_owned(),
        depth: depth.into(),
        ..Default::default()
    };
    let answer = server.client.match_claims(request).await.expect("matches");
    answer.matches.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_word_in_common_a_claim_is_found_where_vectors_are_kept() {
    let database = Database::create().await;
    let store = database.store();
    let server = server(&database).await;
    ingest(&server, 1, "Courier", SAID).await;
    settled(&database).await;
    let kept = store.keeps_embeddings().await.expect("an answer");
    assert_eq!(found(&server, MatchDepth::Meaning).await, usize::from(kept));
    assert_eq!(found(&server, MatchDepth::Words).await, 0);
    // A server that is migrated again goes on as before.
    store.migrate().await.expect("migrated");
    let still = store.keeps_embeddings().await.expect("an answer");
    assert_eq!(still, kept);
}
