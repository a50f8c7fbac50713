//! Watches of some claims only.

use onrecord::proto::{ClaimChangeKind, ClaimFilter, EncodingType, QuoteType, WatchClaimsRequest};

use super::{Watch, request};
use crate::harness::{NEWS, TestServer};

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_holds_for_what_comes_changes_and_goes() {
    let server = TestServer::start().await;
    let direct = ClaimFilter {
        quote_type: QuoteType::Direct.into(),
        ..ClaimFilter::default()
    };
    let watch = Watch::begin(&server, request("", Some(direct.clone()))).await;
    let mut watch = watch.expect("watch");
    server.ingest_text(NEWS).await;
    let fitting = server.claims(direct).await;
    let all = server.claims(ClaimFilter::default()).await;
    assert!(!fitting.is_empty() && fitting.len() < all.len());
    for claim in &fitting {
        let created = (ClaimChangeKind::Created, claim.name.clone());
        assert_eq!(watch.change().await, created);
    }

    let other = all
        .iter()
        .find(|claim| claim.quote_type() == QuoteType::Indirect)
        .expect("an indirect one");
    let (one, other) = (&fitting[0].name, &other.name);
    let database = server.database.as_ref().expect("a database");
    let mut connection = database.connection().await;
    let mut set = async |name: &str, quote_type: &str| {
        sqlx::query(
            "UPDATE claims SET quote_type = $2, row_version = row_version + 1 WHERE id = $1::uuid",
        )
        .bind(name.trim_start_matches("claims/"))
        .bind(quote_type)
        .execute(&mut connection)
        .await
        .expect("update");
    };
    for (name, quote_type, told) in [
        (other, "MIXED", None),
        (other, "DIRECT", Some(ClaimChangeKind::Updated)),
        (other, "DIRECT", Some(ClaimChangeKind::Updated)),
        (one, "INDIRECT", Some(ClaimChangeKind::Deleted)),
        (other, "MIXED", Some(ClaimChangeKind::Deleted)),
    ] {
        set(name, quote_type).await;
        if let Some(kind) = told {
            assert_eq!(watch.change().await, (kind, name.clone()), "{quote_type}");
        } else {
            watch.is_silent().await;
        }
    }
    watch.is_silent().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_come_in_the_unit_that_was_asked_for() {
    let server = TestServer::start().await;
    let utf16 = WatchClaimsRequest {
        encoding_type: EncodingType::Utf16.into(),
        ..WatchClaimsRequest::default()
    };
    let mut watch = Watch::begin(&server, utf16).await.expect("watch");
    server.ingest_text("“Ünü 😀,” said Ann Lee.").await;
    let message = watch.message().await.expect("a message");
    let content = message.claim.and_then(|claim| claim.content);
    let span = content.expect("a content").spans[0].clone();
    let units = span.text.encode_utf16().count();
    assert_eq!((span.start, usize::try_from(span.end)), (0, Ok(units)));
}
