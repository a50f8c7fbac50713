//! Whatever the texts, every span of every claim is exact in every unit after a correction, and so are the former ones.

use futures_util::TryStreamExt;
use onrecord::proto::{
    Claim, ClaimFilter, EncodingType, EngineKind, IngestArticleRequest, ListClaimsRequest,
    ListRevisionClaimsRequest, ReviewAction,
};
use proptest::prelude::*;

use super::{correct, review, to};
use crate::harness::{ENCODINGS, Ruler, TestServer, document, for_all_async, spans_in};
use crate::spans::texts::sendable_text;

async fn now(server: &TestServer, article: &str, encoding: EncodingType) -> Vec<Claim> {
    let request = ListClaimsRequest {
        filter: Some(ClaimFilter {
            article: article.to_owned(),
            ..Default::default()
        }),
        encoding_type: encoding.into(),
        ..Default::default()
    };
    let claims = server.client.all_claims(request).try_collect().await;
    claims.expect("list")
}

async fn before(server: &TestServer, article: &str, encoding: EncodingType) -> Vec<Claim> {
    let request = ListRevisionClaimsRequest {
        parent: article.to_owned(),
        revision: 1,
        encoding_type: encoding.into(),
        ..Default::default()
    };
    let claims = server.client.all_revision_claims(request).try_collect();
    claims.await.expect("list")
}

fn check(text: &str, encoding: EncodingType, claims: &[Claim]) {
    let ruler = Ruler::new(text);
    for claim in claims {
        ruler.check(encoding, &spans_in(claim));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn spans_are_exact_after_any_correction() {
    let server = TestServer::start().await;
    // Two texts that share their middle.
    let texts = (sendable_text(), sendable_text(), sendable_text());
    let texts = texts.prop_map(|(one, other, middle)| {
        (format!("{one} {middle}"), format!("{other} {middle} {one}"))
    });
    for_all_async(60, &texts, async |(first, second)| {
        let request = IngestArticleRequest {
            document: Some(document(&first)),
            engine: EngineKind::Rules.into(),
            ..Default::default()
        };
        let stored = server.client.ingest_article(request).await.expect("stored");
        if !stored.created {
            return;
        }
        let article = stored.article.expect("an article");
        for claim in now(&server, &article.name, EncodingType::Utf8)
            .await
            .iter()
            .step_by(3)
        {
            review(&server, claim, ReviewAction::Confirm).await;
        }
        if !correct(&server, to(&article, &second)).await.corrected {
            return;
        }
        for encoding in ENCODINGS {
            check(
                &second,
                encoding,
                &now(&server, &article.name, encoding).await,
            );
            check(
                &first,
                encoding,
                &before(&server, &article.name, encoding).await,
            );
        }
    });
}
