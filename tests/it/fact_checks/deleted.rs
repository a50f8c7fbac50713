//! What goes with an article, and what stays.

use onrecord::proto::{DeleteArticleRequest, DeleteFactCheckRequest};

use super::{checked, claims, fact_checks, ferry_check, import, server};

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_check_outlives_the_claims_that_it_is_matched_to() {
    let server = server().await;
    let before = import(&server, ferry_check()).await.fact_check.expect("it");
    let found = claims(&server, checked(true)).await;
    let request = DeleteArticleRequest {
        name: found[0].article.clone(),
        requested_by: "legal@example.org".to_owned(),
        ..DeleteArticleRequest::default()
    };
    server
        .client
        .delete_article(request)
        .await
        .expect("deleted");
    assert_eq!(fact_checks(&server, &[&found[0]]).await, []);
    let after = fact_checks(&server, &[]).await.remove(0);
    assert_eq!(after.claim_reviewed, before.claim_reviewed);
    let left: Vec<&str> = after.matches.iter().map(|one| one.claim.as_str()).collect();
    assert_eq!(left, [found[1].name.as_str()]);
    let id = found[0].name.replace("claims/", "");
    let contents = server.database.as_ref().expect("a database").contents();
    let contents = contents.await;
    assert!(!contents["fact_check_claims"].contains(&id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_check_can_go_and_come_back() {
    let server = server().await;
    let imported = import(&server, ferry_check()).await.fact_check.expect("it");
    let before = claims(&server, checked(true)).await;
    let request = DeleteFactCheckRequest {
        name: imported.name.clone(),
        ..DeleteFactCheckRequest::default()
    };
    server
        .client
        .delete_fact_check(request)
        .await
        .expect("gone");
    assert_eq!(claims(&server, checked(true)).await, []);
    assert_eq!(fact_checks(&server, &[]).await, []);
    let back = import(&server, ferry_check()).await.fact_check.expect("it");
    assert_ne!(back.name, imported.name);
    assert_eq!(claims(&server, checked(true)).await.len(), before.len());
}
