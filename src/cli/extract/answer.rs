use crate::api::convert::time::timestamp;
use crate::cli::input::InputDocument;
use crate::cli::table;
use crate::proto::{ActorSummary, ArticleSummary, Claim, ExtractClaimsResponse};

/// The claims of a document as rows of a table: with what is known of its article and its actors.
pub(super) fn rows(input: &InputDocument, response: ExtractClaimsResponse) -> Vec<Claim> {
    let article = article(input);
    let ExtractClaimsResponse { claims, actors, .. } = response;
    let rows = claims.into_iter().map(|claim| {
        let actor = actors.iter().find(|actor| actor.name == claim.actor);
        Claim {
            article_summary: Some(article.clone()),
            actor_summary: actor.map(|actor| ActorSummary {
                kind: actor.kind,
                gender: actor.gender,
            }),
            ..claim
        }
    });
    rows.collect()
}

fn article(input: &InputDocument) -> ArticleSummary {
    let document = &input.document;
    let known = |value: &Option<String>| value.clone().unwrap_or_default();
    ArticleSummary {
        external_id: input.id.clone(),
        title: known(&document.title),
        publisher: known(&document.publisher),
        uri: known(&document.uri),
        publish_time: document.publish_time.map(timestamp),
        language_code: known(&document.language_code),
        authors: document.authors.clone(),
        ..ArticleSummary::default()
    }
}

/// The claims of a document as a table for people.
pub(super) fn table(input: &InputDocument, response: &ExtractClaimsResponse) -> String {
    let claims = match response.claims.len() {
        0 => "no claims".to_owned(),
        1 => "1 claim".to_owned(),
        many => format!("{many} claims"),
    };
    let mut text = format!(
        "{}: {claims}\n",
        input.document.title.as_ref().unwrap_or(&input.id)
    );
    if !response.claims.is_empty() {
        text += &table::claims(&response.claims);
    }
    for diagnostic in &response.diagnostics {
        text += "\nnote: ";
        text += &diagnostic.message;
    }
    text
}
