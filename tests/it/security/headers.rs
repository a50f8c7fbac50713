//! What stands in the header `authorization`, whoever wrote it.

use onrecord::proto::ErrorReason;
use onrecord::server::Scope;

use super::calls::{KeyFile, call, refusal};
use crate::harness::TestServer;

const RPC: &str = "/onrecord.v1.ExtractionService/ExtractClaims";

#[tokio::test(flavor = "multi_thread")]
async fn only_one_bearer_token_is_a_credential() {
    let mut file = KeyFile::new();
    let key = file.add("desk", &[Scope::Extract]);
    let server = TestServer::launch(None, file.options()).await;
    let channel = server.channel().await;
    let good = format!("Bearer {key}");
    for value in [
        good.as_str(),
        &format!("bearer {key}"),
        &format!("BEARER   {key} "),
    ] {
        assert_eq!(
            refusal(&call(&channel, RPC, &[value]).await),
            None,
            "{value}"
        );
    }
    let long = format!("Bearer {}", "a".repeat(15_000));
    let dots = format!("Bearer {}", "a.".repeat(5_000));
    for values in [
        &[""][..],
        &["Bearer"],
        &["Bearer "],
        &["Bearer  "],
        &[&key],
        &[&format!("Basic {key}")],
        &[&format!("Bearer {key} {key}")],
        &[&format!("Bearer {key},{key}")],
        &[&format!("Bearer {key}'--")],
        &[&format!("Bearer {key}%00")],
        &["Bearer ' OR '1'='1"],
        &["Bearer ${jndi:ldap://127.0.0.1/a}"],
        &["Bearer ../../../../etc/passwd"],
        &["Bearer $(id)"],
        &["Bearer {{7*7}}"],
        &["Bearer *"],
        &["Bearer certificate"],
        &["Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."],
        &["Bearer .."],
        &[&long],
        &[&dots],
        &[&good, &good],
        &[&good, "Bearer x"],
    ] {
        let outcome = call(&channel, RPC, values).await;
        let fault = refusal(&outcome).unwrap_or_else(|| panic!("{values:?}: {outcome:?}"));
        assert_eq!(fault.reason, ErrorReason::Unauthenticated, "{values:?}");
        let message = outcome.expect_err("refused").message().to_owned();
        assert!(!message.contains(&key), "{message}");
    }
}
