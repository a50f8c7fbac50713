//! The claims that a claim stands in a relation to, in its own article and in others.

use std::collections::HashSet;

use futures_util::TryStreamExt;
use onrecord::proto::ErrorReason::{
    ClaimNotFound, InvalidEnumValue, InvalidField, InvalidPageSize, InvalidPageToken,
    InvalidResourceName, PageTokenFilterMismatch, RequiredFieldMissing,
};
use onrecord::proto::{
    Claim, ClaimFilter, EncodingType, EngineKind, ListRelatedClaimsRequest,
    ReextractArticleRequest, RelatedClaim, Relation,
};
use sqlx::Executor;

use super::{SAID, article, server};
use crate::harness::{Ruler, TestServer, refused};

const ID: &str = "01890000-0000-7000-8000-000000000000";

const TEXT: &str = "🦀 Ann Lee said the old harbor bridge would close in May.\n\n\
    Bo Dam replied that the bridge was sound.\n\n\
    The old harbor bridge would close in May, Lee said.\n";

fn of(claim: &Claim) -> ListRelatedClaimsRequest {
    ListRelatedClaimsRequest {
        parent: claim.name.clone(),
        ..ListRelatedClaimsRequest::default()
    }
}

async fn related(server: &TestServer, request: ListRelatedClaimsRequest) -> Vec<RelatedClaim> {
    let all = server.client.all_related_claims(request).try_collect();
    all.await.expect("related claims")
}

/// The type and the ends of a relation.
fn ends(one: &RelatedClaim) -> (Relation, String, String) {
    let relation = one.relation.as_ref().expect("a relation");
    (
        relation.r#type(),
        relation.from.clone(),
        relation.to.clone(),
    )
}

async fn claims(server: &TestServer, article: &str) -> Vec<Claim> {
    let filter = ClaimFilter {
        article: article.to_owned(),
        ..ClaimFilter::default()
    };
    server.claims(filter).await
}

#[tokio::test(flavor = "multi_thread")]
async fn relations_of_an_article_are_stored_and_follow_its_claims() {
    let server = TestServer::start().await;
    let article = server.ingest(article(TEXT, 0)).await;
    let said = claims(&server, &article.name).await;
    let name = |n: usize| said[n].name.clone();
    let request = ListRelatedClaimsRequest {
        encoding_type: EncodingType::Utf16.into(),
        ..of(&said[0])
    };
    let found = related(&server, request).await;
    let answer = (Relation::RespondsTo, name(1), name(0));
    let repetition = (Relation::Repeats, name(2), name(0));
    assert_eq!(
        found.iter().map(ends).collect::<Vec<_>>(),
        [answer.clone(), repetition]
    );
    let relation = found[0].relation.as_ref().expect("a relation");
    assert!(relation.evidence.contains("Ann Lee") && relation.evidence.contains("replied"));
    Ruler::new(TEXT).check(EncodingType::Utf16, &relation.evidence_spans);
    assert_eq!(found[1].claim.as_ref().expect("a claim").name, name(2));
    assert_eq!(
        related(&server, of(&said[1]))
            .await
            .iter()
            .map(ends)
            .collect::<Vec<_>>(),
        [answer]
    );

    let read_again = || ReextractArticleRequest {
        name: article.name.clone(),
        engine: EngineKind::Rules.into(),
        ..Default::default()
    };
    server
        .client
        .reextract_article(read_again())
        .await
        .expect("read again");
    assert_eq!(related(&server, of(&said[0])).await.len(), 2);
    // The second claim is what another reading had found: it goes, and its relation with it.
    let mut connection = server
        .database
        .as_ref()
        .expect("a database")
        .connection()
        .await;
    let id = said[1].name.trim_start_matches("claims/");
    let other = format!(
        "UPDATE claims SET content = jsonb_set(content, '{{0,start}}', '70') WHERE id = '{id}'"
    );
    connection
        .execute(sqlx::AssertSqlSafe(other))
        .await
        .expect("another content");
    server
        .client
        .reextract_article(read_again())
        .await
        .expect("read again");
    let found = related(&server, of(&said[0])).await;
    assert!(found.len() == 2 && found.iter().all(|one| ends(one).1 != name(1)));
    let gone = server.client.list_related_claims(of(&said[1]));
    refused(gone, ClaimNotFound, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_of_other_articles_repeat_and_contradict() {
    let server = server().await;
    let all = server.claims(ClaimFilter::default()).await;
    let said = |words: &str, by: &str| {
        let found = all.iter().find(|claim| {
            let content = &claim.content.as_ref().expect("a content").text;
            claim.actor_display_name == by && content.contains(words)
        });
        found.unwrap_or_else(|| panic!("{words} by {by}"))
    };
    let claim = said("400 cars", "Ann Lee");
    let found = related(&server, of(claim)).await;
    let listed: Vec<_> = found.iter().map(ends).collect();
    let later = |relation, other: &Claim| (relation, other.name.clone(), claim.name.clone());
    // Newest first: all were published after it.
    assert_eq!(
        listed,
        [
            later(Relation::Repeats, said("would carry 400", "Ida Brandt")),
            later(Relation::Contradicts, said("not carry", "Marek Dolan")),
            later(Relation::Contradicts, said("250 cars", "Ann Lee")),
            later(Relation::Repeats, said("will carry 400", "Ida Brandt")),
        ],
        "{SAID:?}"
    );
    let repeats = ListRelatedClaimsRequest {
        types: vec![Relation::Repeats.into()],
        page_size: 1,
        ..of(claim)
    };
    let found = related(&server, repeats).await;
    assert_eq!(found.len(), 2);
    let pages = ListRelatedClaimsRequest {
        page_size: 1,
        ..of(claim)
    };
    let walked: Vec<_> = related(&server, pages).await.iter().map(ends).collect();
    assert_eq!(walked, listed);
    assert_eq!(walked.iter().collect::<HashSet<_>>().len(), walked.len());
    let answers = ListRelatedClaimsRequest {
        types: vec![Relation::RespondsTo.into()],
        ..of(claim)
    };
    assert!(related(&server, answers).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_are_refused() {
    let server = server().await;
    let named = |name: &str| ListRelatedClaimsRequest {
        parent: name.to_owned(),
        ..ListRelatedClaimsRequest::default()
    };
    let known = || named(&format!("claims/{ID}"));
    for (request, reason, field) in [
        (named(""), RequiredFieldMissing, "parent"),
        (named("claims/local-1"), InvalidResourceName, "parent"),
        (
            ListRelatedClaimsRequest {
                types: vec![0],
                ..known()
            },
            InvalidField,
            "types[0]",
        ),
        (
            ListRelatedClaimsRequest {
                types: vec![1, 1],
                ..known()
            },
            InvalidField,
            "types[1]",
        ),
        (
            ListRelatedClaimsRequest {
                types: vec![3],
                ..known()
            },
            InvalidEnumValue,
            "types[0]",
        ),
        (
            ListRelatedClaimsRequest {
                page_size: -1,
                ..known()
            },
            InvalidPageSize,
            "page_size",
        ),
        (
            ListRelatedClaimsRequest {
                page_token: "AAAA".into(),
                ..known()
            },
            InvalidPageToken,
            "page_token",
        ),
    ] {
        let call = server.client.list_related_claims(request);
        refused(call, reason, &[field]).await;
    }
    refused(
        server.client.list_related_claims(known()),
        ClaimNotFound,
        &[],
    )
    .await;

    let claim = &server.claims(ClaimFilter::default()).await[0];
    let page = ListRelatedClaimsRequest {
        page_size: 1,
        ..of(claim)
    };
    let page = server
        .client
        .list_related_claims(page)
        .await
        .expect("a page");
    let other = ListRelatedClaimsRequest {
        types: vec![Relation::Repeats.into()],
        page_token: page.next_page_token,
        ..of(claim)
    };
    let call = server.client.list_related_claims(other);
    refused(call, PageTokenFilterMismatch, &["page_token"]).await;
}
