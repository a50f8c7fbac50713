use onrecord::proto::ListClaimsRequest;
use serde_json::{Value, json};

use super::http::{ask, get};
use super::{Observed, calls, management_address};
use crate::process::{Serve, wait_for};

const LIST: &str = "onrecord.v1.ClaimService/ListClaims";

async fn list(observed: &Observed) {
    let request = ListClaimsRequest::default();
    observed.client.list_claims(request).await.expect("a page");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_changed_while_the_server_runs() {
    let observed = Observed::start(&[]).await;
    let address = observed.management;
    let (status, filter) = get(address, "/log").await;
    let mut directives: Vec<&str> = filter.trim().split(',').collect();
    directives.sort_unstable();
    assert_eq!((status, directives), (200, vec!["info", "sqlx=warn"]));
    list(&observed).await;
    let debug = ask(address, "PUT", "/log", "onrecord::server=debug\n").await;
    assert_eq!(debug, (200, "onrecord::server=debug\n".to_owned()));
    list(&observed).await;
    observed.call(LIST, "OK");
    // The first was not told of.
    assert_eq!(calls(&observed.server).len(), 1);
    let (status, why) = ask(address, "PUT", "/log", "onrecord=loud").await;
    assert!(
        status == 400 && why.contains("not a log filter"),
        "{status} {why}"
    );
    assert_eq!(get(address, "/log").await.1, "onrecord::server=debug\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_ready_with_its_database_and_alive_without() {
    let observed = Observed::start(&[]).await;
    let (status, body) = get(observed.management, "/readyz").await;
    let serving = json!({
        "ready": true,
        "services": {
            "google.longrunning.Operations": "SERVING",
            "onrecord.v1.ActorService": "SERVING",
            "onrecord.v1.ArticleService": "SERVING",
            "onrecord.v1.ClaimService": "SERVING",
            "onrecord.v1.ExtractionService": "SERVING",
            "onrecord.v1.ServerService": "SERVING",
            "server": "SERVING",
        }
    });
    let body: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((status, body), (200, serving));
    assert_eq!(
        get(observed.management, "/livez").await,
        (200, "ok\n".to_owned())
    );
    assert_eq!(get(observed.management, "/elsewhere").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_said_by_readiness_alone() {
    let server = Serve::spawn(&[
        "--log-format",
        "json",
        "--management-listen",
        "127.0.0.1:0",
        "--database-url",
        "postgres://nobody@127.0.0.1:1/nothing",
    ]);
    let address = management_address(&server);
    let (status, body) = get(address, "/readyz").await;
    let body: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((status, &body["ready"]), (503, &json!(false)));
    let services = &body["services"];
    assert_eq!(services["onrecord.v1.ClaimService"], "NOT_SERVING");
    assert_eq!(services["onrecord.v1.ExtractionService"], "SERVING");
    assert_eq!(get(address, "/livez").await.0, 200);
    let (status, metrics) = get(address, "/metrics").await;
    assert_eq!(status, 200);
    assert!(
        metrics.contains("onrecord_serving{service=\"server\"} 0"),
        "{metrics}"
    );
}

#[test]
fn without_an_address_there_is_no_management_port() {
    let server = Serve::spawn(&["--database-url", "postgres://nobody@127.0.0.1:1/nothing"]);
    wait_for("the first probe", || {
        server.log().contains("not serving lookups").then_some(())
    });
    assert!(!server.log().contains("management"), "{}", server.log());
}
