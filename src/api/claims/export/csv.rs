use tonic::Status;

use super::claims::{ClaimWriter, Row};
use crate::api::convert::csv::{ArticleCells, ClaimRow, header, row};
use crate::api::convert::time::timestamp;
use crate::proto::{ActorKind, ArticleState, Gender};
use crate::store::ArticleHead;

/// Comma-separated values with a header.
pub(super) struct Csv;

impl ClaimWriter for Csv {
    fn begin(&mut self, text: &mut String) {
        header(text);
    }

    fn claim(&mut self, claim: &Row<'_>, text: &mut String) -> Result<(), Status> {
        let actor = claim.actor;
        let written = ClaimRow {
            claim: claim.message,
            article: &cells(claim.article),
            actor_kind: actor.map_or_else(ActorKind::default, |actor| actor.kind.into()),
            actor_gender: actor
                .and_then(|actor| actor.gender)
                .map_or_else(Gender::default, Gender::from),
        };
        row(&written, text);
        Ok(())
    }

    fn end(&mut self, _: &mut String) {}
}

fn cells(article: &ArticleHead) -> ArticleCells {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    ArticleCells {
        external_id: text(&article.external_id),
        title: text(&article.title),
        publisher: text(&article.publisher),
        uri: text(&article.uri),
        publish_time: article.publish_time.map(timestamp),
        language_code: text(&article.language_code),
        authors: article.authors.clone(),
        state: ArticleState::from(article.state),
    }
}
