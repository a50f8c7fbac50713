use futures_util::TryStreamExt;
use onrecord::client::Client;
use onrecord::proto::{ClaimFilter, Document, IngestArticleRequest, ListClaimsRequest};

/// Stores an article and lists what it reports, one claim per line.
pub async fn example(server: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let client = Client::connect(server.to_owned()).await?;
    let document = Document {
        text: "“The bridge is safe,” said Ann Lee, the mayor of Ostbridge.".to_owned(),
        publisher: "Ostbridge Courier".to_owned(),
        ..Document::default()
    };
    let request = IngestArticleRequest {
        document: Some(document),
        ..Default::default()
    };
    let article = client
        .ingest_article(request)
        .await?
        .article
        .unwrap_or_default();

    let filter = ClaimFilter {
        article: article.name,
        ..Default::default()
    };
    let request = ListClaimsRequest {
        filter: Some(filter),
        ..Default::default()
    };
    let claims: Vec<_> = client.all_claims(request).try_collect().await?;
    Ok(claims
        .into_iter()
        .map(|claim| {
            format!(
                "{}: {}",
                claim.actor_display_name,
                claim.content.unwrap_or_default().text
            )
        })
        .collect())
}
