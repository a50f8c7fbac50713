//! Fact checks of claims as a file, read by a JSON-LD processor.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use onrecord::proto::{ExportClaimsRequest, ExportFormat, FactCheck};
use oxjsonld::JsonLdParser;

use super::{checked, claims, content, ferry_check, import, server};
use crate::harness::TestServer;

const TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

/// What is said of each subject: properties, those of schema.org by their names alone, and their objects.
type Graph = BTreeMap<String, Vec<(String, String)>>;

async fn export(server: &TestServer) -> Graph {
    let request = ExportClaimsRequest {
        format: ExportFormat::ClaimReview.into(),
        ..ExportClaimsRequest::default()
    };
    let pieces = server.client.export_claims(request).await.expect("a file");
    let pieces: Vec<_> = pieces.try_collect().await.expect("whole");
    assert_eq!(pieces[0].content_type, "application/ld+json");
    assert_eq!(pieces[0].file_name, "claim-reviews.jsonld");
    let file: Vec<u8> = pieces.into_iter().flat_map(|piece| piece.data).collect();
    let mut graph = Graph::new();
    for quad in JsonLdParser::new().for_slice(&file) {
        let quad = quad.expect("JSON-LD");
        let property = quad.predicate.as_str().replace("https://schema.org/", "");
        let of_subject = graph.entry(quad.subject.to_string()).or_default();
        of_subject.push((property, quad.object.to_string()));
    }
    graph
}

/// The subjects of a type.
fn of_type<'g>(graph: &'g Graph, name: &str) -> Vec<&'g String> {
    let name = format!("<https://schema.org/{name}>");
    let is = |(property, object): &(String, String)| property == TYPE && *object == name;
    let found = graph.iter().filter(|(_, said)| said.iter().any(is));
    found.map(|(subject, _)| subject).collect()
}

/// The only object of a property.
fn one<'g>(graph: &'g Graph, subject: &str, property: &str) -> &'g str {
    let said = graph[subject].iter().filter(|(own, _)| own == property);
    let objects: Vec<&str> = said.map(|(_, object)| object.as_str()).collect();
    assert_eq!(objects.len(), 1, "{subject} {property}: {objects:?}");
    objects[0]
}

fn urn(name: &str) -> String {
    let (_, id) = name.split_once('/').expect("a resource name");
    format!("<urn:uuid:{id}>")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fact_checks_of_claims_are_claim_reviews_to_a_processor() {
    let server = server().await;
    let stored = import(&server, ferry_check()).await.fact_check.expect("it");
    let graph = export(&server).await;
    let found = claims(&server, checked(true)).await;
    let claim = found.iter().find(|claim| claim.fact_checks[0].by_claimant);
    let claim = claim.expect("a claim of the claimant");

    let reviews = of_type(&graph, "ClaimReview");
    assert_eq!(reviews.len(), 1, "{graph:#?}");
    let review = |property: &str| one(&graph, reviews[0], property);
    assert_eq!(review("identifier"), format!("{:?}", stored.name));
    assert_eq!(review("url"), "\"https://checks.example/ferry\"");
    assert_eq!(
        review("claimReviewed"),
        format!("{:?}", stored.claim_reviewed)
    );
    assert_eq!(review("inLanguage"), "\"en\"");
    assert_eq!(
        review("datePublished"),
        "\"2024-05-20T09:00:00Z\"^^<https://schema.org/DateTime>"
    );
    let author = review("author");
    assert_eq!(one(&graph, author, "name"), "\"Harbour Checks\"");
    assert_eq!(one(&graph, author, TYPE), "<https://schema.org/Thing>");
    let rating = review("reviewRating");
    assert_eq!(one(&graph, rating, "alternateName"), "\"False\"");
    let number = |value: &str| format!("\"{value}\"^^<http://www.w3.org/2001/XMLSchema#integer>");
    assert_eq!(one(&graph, rating, "ratingValue"), number("1"));
    assert_eq!(one(&graph, rating, "bestRating"), number("5"));

    let item = review("itemReviewed");
    assert_eq!(item, urn(&claim.name));
    assert_eq!(one(&graph, item, TYPE), "<https://schema.org/Claim>");
    assert_eq!(one(&graph, item, "text"), format!("{:?}", content(claim)));
    assert_eq!(one(&graph, item, "author"), urn(&claim.actor));
    assert_eq!(
        one(&graph, &urn(&claim.actor), "name"),
        "\"Vera Lindqvist\""
    );
    let appearance = one(&graph, item, "appearance");
    assert_eq!(appearance, urn(&claim.article));
    assert_eq!(
        one(&graph, appearance, "url"),
        "\"https://courier.example/1\""
    );
    assert_eq!(
        one(&graph, item, "datePublished"),
        "\"2024-05-01T09:00:00Z\"^^<https://schema.org/DateTime>"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_up_for_a_claim_review() {
    let server = server().await;
    // Somebody whom no claim is by, and nobody at all.
    for (uri, claimant) in [
        ("https://a.example/1", "Ida Brandt"),
        ("https://a.example/2", ""),
    ] {
        let other = FactCheck {
            uri: uri.to_owned(),
            claimant: claimant.to_owned(),
            ..ferry_check()
        };
        import(&server, other).await;
    }
    assert_eq!(export(&server).await, Graph::new());
    let bare = FactCheck {
        uri: "https://a.example/3".to_owned(),
        claim_reviewed: ferry_check().claim_reviewed,
        claimant: "Marek Dolan".to_owned(),
        ..FactCheck::default()
    };
    import(&server, bare).await;
    let graph = export(&server).await;
    let reviews = of_type(&graph, "ClaimReview");
    assert_eq!(reviews.len(), 1);
    let said = &graph[reviews[0]];
    let mut properties: Vec<&str> = said.iter().map(|(property, _)| property.as_str()).collect();
    properties.sort_unstable();
    assert_eq!(
        properties,
        ["claimReviewed", TYPE, "identifier", "itemReviewed", "url"]
    );
}
