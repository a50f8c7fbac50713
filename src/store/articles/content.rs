//! Determining whether two articles have the same content.

use sha2::{Digest, Sha256};

use crate::domain::Document;
use crate::matching::Signature;

/// Identifies an article: documents with equal URI, publisher and text are the same one. Lengths are hashed too, so
/// that no two different triples produce the same sequence of bytes.
pub(super) fn content_key(document: &Document) -> [u8; 32] {
    let mut hash = Sha256::new();
    let parts = [
        document.uri.as_deref().unwrap_or_default(),
        document.publisher.as_deref().unwrap_or_default(),
        &document.text,
    ];
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Computes the signature of a text on a blocking thread, since long texts take a while.
pub(super) async fn signature(text: &str) -> Signature {
    let text = text.to_owned();
    let made = tokio::task::spawn_blocking(move || Signature::of(&text)).await;
    // This fails only on a panic or at shutdown; an empty signature resembles none.
    made.unwrap_or_else(|_| Signature::of(""))
}

#[cfg(test)]
mod tests {
    use super::content_key;
    use crate::domain::Document;

    fn document(uri: &str, publisher: &str, text: &str) -> Document {
        Document {
            uri: Some(uri.into()),
            publisher: Some(publisher.into()),
            text: text.into(),
            ..Document::default()
        }
    }

    #[test]
    fn uri_publisher_and_text_make_the_article() {
        let key = content_key(&document("u", "p", "t"));
        let retitled = Document {
            title: Some("new".into()),
            ..document("u", "p", "t")
        };
        assert_eq!(content_key(&retitled), key);
        for other in [
            document("u2", "p", "t"),
            document("u", "p2", "t"),
            document("u", "p", "t2"),
        ] {
            assert_ne!(content_key(&other), key);
        }
        assert_ne!(
            content_key(&document("ab", "c", "t")),
            content_key(&document("a", "bc", "t"))
        );
    }
}
