use onrecord::proto::RetractArticleRequest;
use sqlx::Executor;

use super::{BY, TEXT};
use crate::harness::{Database, TestServer, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn ids_are_kept_for_thirty_days() {
    let database = Database::create().await;
    let server = TestServer::with(Some(database.store())).await;
    let article = server.ingest_text(TEXT).await;
    for id in ["old", "young"] {
        let request = RetractArticleRequest {
            name: article.name.clone(),
            requested_by: BY.to_owned(),
            request_id: id.to_owned(),
            ..RetractArticleRequest::default()
        };
        server.client.retract_article(request).await.expect("done");
    }
    server.stop().await;
    let mut connection = database.connection().await;
    let age = "UPDATE write_requests SET create_time = create_time - \
               CASE request_id WHEN 'old' THEN interval '721 hours' ELSE interval '719 hours' END";
    connection.execute(age).await.expect("aged");
    let _server = TestServer::with(Some(database.store())).await;
    eventually("the old id to be pruned", async || {
        let left: Vec<String> = sqlx::query_scalar("SELECT request_id FROM write_requests")
            .fetch_all(&mut connection)
            .await
            .expect("read");
        (left == ["young"]).then_some(())
    })
    .await;
}
