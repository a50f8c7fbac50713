//! Encoding articles as messages.

use std::fmt::Write as _;

use super::span::SpanWriter;
use super::time::{duration, timestamp};
use super::{engine, etag};
use crate::api::wire::names::Named;
use crate::domain::{Article, Block};
use crate::proto;
use crate::text::TextEncoding;

/// Encodes a stored article; the basic view omits text and blocks.
#[must_use]
pub fn stored(article: Article, full: bool, encoding: TextEncoding) -> proto::Article {
    let Article { document, .. } = article;
    let blocks = if full {
        blocks(
            &article.blocks,
            &document.text,
            &SpanWriter::new(&document.text, encoding),
        )
    } else {
        Vec::new()
    };
    proto::Article {
        name: article.id.resource_name(),
        uri: document.uri.unwrap_or_default(),
        title: document.title.unwrap_or_default(),
        publisher: document.publisher.unwrap_or_default(),
        authors: document.authors,
        language_code: document.language_code.unwrap_or_default(),
        publish_time: document.publish_time.map(timestamp),
        time_zone: document
            .time_zone
            .map(|zone| zone.name().to_owned())
            .unwrap_or_default(),
        text: if full { document.text } else { String::new() },
        text_sha256: hex(&article.text_sha256),
        blocks,
        state: proto::ArticleState::from(article.state).into(),
        revision: article.revision,
        duplicate_of: article
            .duplicate_of
            .map(|id| id.resource_name())
            .unwrap_or_default(),
        claim_count: article.claim_count,
        extraction: Some(proto::ExtractionRun {
            engine: Some(engine(&article.extraction.engine)),
            finish_time: Some(timestamp(article.extraction.time)),
            duration: Some(duration(article.extraction.duration)),
        }),
        create_time: Some(timestamp(article.create_time)),
        update_time: Some(timestamp(article.update_time)),
        etag: etag(article.row_version),
        retraction: article
            .retraction
            .map(|retraction| proto::ArticleRetraction {
                requested_by: retraction.requested_by,
                reason: retraction.reason,
                create_time: Some(timestamp(retraction.time)),
                caller: retraction.caller,
            }),
        external_id: document.external_id.unwrap_or_default(),
    }
}

/// Encodes blocks of `text`.
pub(super) fn blocks(blocks: &[Block], text: &str, writer: &SpanWriter<'_>) -> Vec<proto::Block> {
    blocks
        .iter()
        .map(|block| proto::Block {
            kind: proto::BlockKind::from(block.kind).into(),
            span: Some(writer.span(text, block.span)),
        })
        .collect()
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    #[test]
    fn hexadecimal_keeps_leading_zeros() {
        assert_eq!(super::hex(&[0, 10, 255]), "000aff");
    }
}
