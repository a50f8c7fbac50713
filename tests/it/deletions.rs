//! Articles that have to go: nothing of them stays but that they were deleted.

mod actors;
mod copies;
mod whole;

use onrecord::proto::{
    Article, CorrectArticleRequest, DeleteArticleRequest, Deletion, Document, EngineKind,
    IngestArticleRequest, IngestArticleResponse, ReviewAction, ReviewClaimRequest,
};
use tonic::Status;

use crate::harness::TestServer;

const BY: &str = "legal@example.org";

/// Says something that nothing else in the tests does.
fn secret() -> Document {
    Document {
        text: "“The clandestine marmalade depot burned,” said Ottoline Fenwick-Sarr, the Zembla smuggling commissioner. \
               She told Vera Lindqvist that the depot was full. “It smelled,” said Joan Whitlock, the unlicensed \
               marmalade inspector."
            .to_owned(),
        title: "Marmalade scandal unravels".to_owned(),
        uri: "https://courier.example/marmalade".to_owned(),
        publisher: "Ostbridge Courier".to_owned(),
        authors: vec!["Quentin Oblonsky".to_owned()],
        external_id: "cms-marmalade".to_owned(),
        ..Document::default()
    }
}

/// The text that the secret is corrected to.
fn corrected_text() -> String {
    let text = secret().text.replace("burned", "exploded");
    text.replace("unlicensed marmalade inspector", "inspector")
}

async fn ingest(
    server: &TestServer,
    document: Document,
    allow_deleted: bool,
) -> Result<IngestArticleResponse, Status> {
    let request = IngestArticleRequest {
        document: Some(document),
        engine: EngineKind::Rules.into(),
        request_id: String::new(),
        allow_deleted,
    };
    server.client.ingest_article(request).await
}

fn request(article: &Article) -> DeleteArticleRequest {
    DeleteArticleRequest {
        name: article.name.clone(),
        requested_by: BY.to_owned(),
        reason: "Court order 7/26".to_owned(),
        ..Default::default()
    }
}

async fn delete(server: &TestServer, request: DeleteArticleRequest) -> Deletion {
    let answer = server.client.delete_article(request).await;
    answer.expect("deleted").deletion.expect("a deletion")
}

/// Stores the secret, has one of its claims reviewed, and corrects it, so that there is something of it everywhere.
async fn store_secret(server: &TestServer) -> Article {
    let stored = ingest(server, secret(), false).await.expect("stored");
    let article = stored.article.expect("the article");
    let of_article = onrecord::proto::ClaimFilter {
        article: article.name.clone(),
        ..Default::default()
    };
    for claim in server.claims(of_article).await {
        let review = ReviewClaimRequest {
            name: claim.name,
            action: ReviewAction::Confirm.into(),
            requested_by: "desk@example.org".to_owned(),
            ..Default::default()
        };
        server.client.review_claim(review).await.expect("reviewed");
    }
    let correction = CorrectArticleRequest {
        name: article.name,
        text: corrected_text(),
        title: "Marmalade scandal deepens".to_owned(),
        engine: EngineKind::Rules.into(),
        requested_by: "desk@example.org".to_owned(),
        ..Default::default()
    };
    let corrected = server.client.correct_article(correction).await;
    corrected.expect("corrected").article.expect("the article")
}
