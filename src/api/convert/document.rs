//! Encoding documents as requests.

use super::time::timestamp;
use crate::domain::Document;
use crate::proto::{self, IngestArticleRequest};

/// The request that ingests a document.
#[must_use]
pub fn request(document: Document, request_id: String) -> IngestArticleRequest {
    let document = proto::Document {
        text: document.text,
        title: document.title.unwrap_or_default(),
        uri: document.uri.unwrap_or_default(),
        publisher: document.publisher.unwrap_or_default(),
        authors: document.authors,
        language_code: document.language_code.unwrap_or_default(),
        publish_time: document.publish_time.map(timestamp),
        time_zone: document
            .time_zone
            .map(|zone| zone.name().to_owned())
            .unwrap_or_default(),
        external_id: document.external_id.unwrap_or_default(),
    };
    IngestArticleRequest {
        document: Some(document),
        request_id,
        ..IngestArticleRequest::default()
    }
}
