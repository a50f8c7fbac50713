use chrono_tz::Tz;

use super::check::Check;
use crate::api::wire::status::Reason;
use crate::domain::Document;
use crate::proto;

/// Longest title, in bytes.
pub const MAX_TITLE: usize = 2_000;
/// Longest address, in bytes.
pub const MAX_URI: usize = 2_000;
/// Longest id of a caller's own, in bytes.
pub const MAX_EXTERNAL_ID: usize = 500;
/// Longest name of a publisher, in bytes.
pub const MAX_PUBLISHER: usize = 500;
const MAX_AUTHORS: usize = 100;
const MAX_AUTHOR: usize = 500;
/// Longest language code, in bytes.
pub const MAX_LANGUAGE_CODE: usize = 35;
/// Longer than any time zone name.
const MAX_TIME_ZONE: usize = 100;

impl Check {
    /// Parses a required document whose text is at most `max_text` bytes long.
    pub fn document(&mut self, document: Option<proto::Document>, max_text: usize) -> Document {
        let Some(mut document) = document else {
            self.fail("document", Reason::RequiredFieldMissing, "is required");
            return Document::default();
        };
        self.article_text("document.text", &document.text, max_text);
        let text = std::mem::take(&mut document.text);
        Document {
            text,
            ..self.metadata("document", document)
        }
    }

    /// Parses all of a document but its text.
    pub fn metadata(&mut self, within: &str, document: proto::Document) -> Document {
        let field = |name: &str| format!("{within}.{name}");
        let title = self.optional_text(&field("title"), document.title, MAX_TITLE);
        let uri = self.optional_text(&field("uri"), document.uri, MAX_URI);
        let publisher = self.optional_text(&field("publisher"), document.publisher, MAX_PUBLISHER);
        self.authors(&field("authors"), &document.authors);
        let language_code = self.language_code(&field("language_code"), document.language_code);
        let publish_time = document
            .publish_time
            .and_then(|time| self.timestamp(&field("publish_time"), time));
        let time_zone = self.time_zone(&field("time_zone"), document.time_zone);
        let external_id = document.external_id;
        let external_id = self.optional_text(&field("external_id"), external_id, MAX_EXTERNAL_ID);
        Document {
            text: String::new(),
            title,
            uri,
            publisher,
            authors: document.authors,
            language_code,
            publish_time,
            time_zone,
            external_id,
        }
    }

    /// Checks an article's text: required, and at most `max_bytes` long.
    pub fn article_text(&mut self, field: &str, text: &str, max_bytes: usize) {
        if text.is_empty() {
            self.fail(field, Reason::RequiredFieldMissing, "is required");
        } else if text.len() > max_bytes {
            let description = format!("is {} bytes long, at most {max_bytes} are read", text.len());
            let metadata = [
                ("max_bytes", max_bytes.to_string()),
                ("actual_bytes", text.len().to_string()),
            ];
            self.fail_with(field, Reason::TextTooLarge, description, metadata);
        } else if let Some(at) = text.find('\0') {
            self.fail(
                field,
                Reason::NulCharacter,
                format!("holds U+0000 at byte {at}"),
            );
        }
    }

    /// Checks the names of an article's authors.
    pub fn authors(&mut self, field: &str, authors: &[String]) {
        if authors.len() > MAX_AUTHORS {
            let description = format!(
                "holds {} names, at most {MAX_AUTHORS} are allowed",
                authors.len()
            );
            self.fail(field, Reason::InvalidField, description);
        }
        for (index, author) in authors.iter().take(MAX_AUTHORS).enumerate() {
            let field = format!("{field}[{index}]");
            if author.is_empty() {
                self.fail(&field, Reason::InvalidField, "is empty");
            } else {
                self.text(&field, author, MAX_AUTHOR);
            }
        }
    }

    /// Parses an optional BCP 47 tag.
    pub fn language_code(&mut self, field: &str, code: String) -> Option<String> {
        let code = self.optional_text(field, code, MAX_LANGUAGE_CODE)?;
        if is_language_tag(&code) {
            return Some(code);
        }
        self.fail(
            field,
            Reason::InvalidField,
            "is no BCP 47 tag such as \"en\" or \"en-GB\"",
        );
        None
    }

    fn time_zone(&mut self, field: &str, name: String) -> Option<Tz> {
        let name = self.optional_text(field, name, MAX_TIME_ZONE)?;
        let zone = name.parse().ok();
        if zone.is_none() {
            let description = "is no IANA time zone such as \"Europe/Berlin\"";
            self.fail(field, Reason::InvalidField, description);
        }
        zone
    }
}

/// Returns whether a code has the form of a BCP 47 tag: a language of 2 to 8 letters (or the `x` and `i` of private
/// tags), then subtags of 1 to 8 letters and digits, separated by hyphens. Whether the subtags are registered is not
/// checked.
fn is_language_tag(code: &str) -> bool {
    let mut subtags = code.split('-');
    let Some(language) = subtags.next() else {
        return false;
    };
    let private = matches!(language, "x" | "X" | "i" | "I") && code.len() > 2;
    let named =
        (2..=8).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
    (private || named)
        && subtags.all(|tag| {
            (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::is_language_tag;

    #[test]
    fn language_tags_are_told_by_their_shape() {
        for good in [
            "en",
            "en-GB",
            "zh-Hant-TW",
            "sl-rozaj-biske",
            "de-CH-1996",
            "x-mine",
        ] {
            assert!(is_language_tag(good), "{good}");
        }
        for bad in [
            "e",
            "english language",
            "en_GB",
            "en-",
            "-en",
            "12",
            "x",
            "en-toolongsubtag",
        ] {
            assert!(!is_language_tag(bad), "{bad}");
        }
    }
}
