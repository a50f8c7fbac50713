use anyhow::{Context, bail, ensure};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value};

use crate::domain::Document;

/// What is known of an article, by the names that people give it: without regard to case, spaces and punctuation.
pub(super) type Record = Map<String, Value>;

/// A document with its id in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputDocument {
    /// The record's `id`, or else its number; for a plain file, the file's name.
    pub id: String,
    /// The document.
    pub document: Document,
}

/// A field of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Id,
    Text,
    Title,
    Uri,
    Publisher,
    Authors,
    PublishTime,
    LanguageCode,
    TimeZone,
}

/// Names of fields, ours first: those of schema.org, of news interfaces and of scrapers.
const NAMES: [(Field, &[&str]); 9] = [
    (Field::Id, &["id"]),
    (
        Field::Text,
        &[
            "text",
            "body",
            "content",
            "articlebody",
            "fulltext",
            "maintext",
        ],
    ),
    (Field::Title, &["title", "headline"]),
    (Field::Uri, &["uri", "url", "link"]),
    (
        Field::Publisher,
        &[
            "publisher",
            "publication",
            "outlet",
            "newspaper",
            "sitename",
        ],
    ),
    (Field::Authors, &["authors", "author", "byline"]),
    (
        Field::PublishTime,
        &[
            "publishtime",
            "date",
            "publishedat",
            "published",
            "datepublished",
            "datepublish",
            "publishdate",
            "publicationdate",
            "pubdate",
        ],
    ),
    (
        Field::LanguageCode,
        &["languagecode", "language", "lang", "inlanguage"],
    ),
    (Field::TimeZone, &["timezone"]),
];

/// The field that a key names, and the place of that name among the field's.
fn field(key: &str) -> Option<(Field, usize)> {
    let letters = key.chars().filter(|letter| letter.is_alphanumeric());
    let key: String = letters.flat_map(char::to_lowercase).collect();
    NAMES.iter().find_map(|(field, names)| {
        let place = names.iter().position(|name| *name == key)?;
        Some((*field, place))
    })
}

/// Whether a key names the text.
pub(super) fn is_text(key: &str) -> bool {
    matches!(field(key), Some((Field::Text, _)))
}

/// The names that a text may have.
pub(super) fn names_of_text() -> String {
    let names = NAMES.iter().find(|(field, _)| *field == Field::Text);
    names.map_or_else(String::new, |(_, names)| names.join(", "))
}

/// Makes a document of a record, which is the `number`th of its file. `unknown` is told the keys that name no field, or
/// one that another key names, whose name comes first.
pub(super) fn into_document(
    record: Record,
    number: usize,
    mut unknown: impl FnMut(&str),
) -> anyhow::Result<InputDocument> {
    let mut document = Document::default();
    let mut given: Vec<Field> = Vec::new();
    let (mut id, mut time) = (None, None);
    let mut entries: Vec<_> = record.into_iter().collect();
    entries.sort_by_key(|(key, _)| field(key).map(|(_, place)| place));
    for (key, value) in entries {
        let field = field(&key).map(|(field, _)| field);
        let Some(field) = field.filter(|field| !given.contains(field)) else {
            unknown(&key);
            continue;
        };
        if is_nothing(&value) {
            continue;
        }
        given.push(field);
        let text = |value| text_of(value).with_context(|| format!("\"{key}\""));
        match field {
            Field::Id => id = Some(text(value)?),
            Field::Text => document.text = text(value)?,
            Field::Title => document.title = Some(text(value)?),
            Field::Uri => document.uri = Some(text(value)?),
            Field::Publisher => document.publisher = Some(text(value)?),
            Field::Authors => {
                document.authors = texts_of(value).with_context(|| format!("\"{key}\""))?;
            }
            Field::PublishTime => time = Some((text(value)?, key)),
            Field::LanguageCode => document.language_code = Some(text(value)?),
            Field::TimeZone => {
                let zone = text(value)?;
                document.time_zone = Some(zone.parse().with_context(|| format!("\"{key}\""))?);
            }
        }
    }
    ensure!(
        given.contains(&Field::Text),
        "no text: none of {}",
        names_of_text()
    );
    if let Some((time, key)) = time {
        let time = parse_time(&time, document.time_zone).with_context(|| format!("\"{key}\""))?;
        document.publish_time = Some(time);
    }
    document.external_id.clone_from(&id);
    Ok(InputDocument {
        id: id.unwrap_or_else(|| number.to_string()),
        document,
    })
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// A text, a number, or the name of something that has one, as a publisher of schema.org.
fn text_of(value: Value) -> anyhow::Result<String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Object(mut object) => match object.remove("name") {
            Some(Value::String(name)) => Ok(name),
            _ => bail!("an object without a \"name\""),
        },
        _ => bail!("not a text"),
    }
}

/// Texts in an array, or in one text separated by semicolons.
fn texts_of(value: Value) -> anyhow::Result<Vec<String>> {
    match value {
        Value::Array(items) => items.into_iter().map(text_of).collect(),
        Value::String(text) => Ok(text
            .split(';')
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect()),
        other => Ok(vec![text_of(other)?]),
    }
}

/// Parses a time in RFC 3339 or RFC 2822; or one without a zone, or a date, which stands for its first moment, in this
/// time zone, by default UTC.
pub fn parse_time(text: &str, zone: Option<Tz>) -> anyhow::Result<DateTime<Utc>> {
    let text = text.trim();
    let time = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text));
    if let Ok(time) = time {
        return Ok(time.to_utc());
    }
    let local = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
    ]
    .into_iter()
    .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
    .or_else(|| Some(text.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN)));
    let local = local.with_context(|| {
        format!("\"{text}\" is neither a date such as 2024-05-03 nor a time in RFC 3339")
    })?;
    let time = zone
        .unwrap_or(Tz::UTC)
        .from_local_datetime(&local)
        .earliest();
    let time = time.with_context(|| format!("there is no \"{text}\" in the time zone"))?;
    Ok(time.to_utc())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{InputDocument, into_document, parse_time};

    fn read(record: serde_json::Value) -> (anyhow::Result<InputDocument>, Vec<String>) {
        let serde_json::Value::Object(record) = record else {
            panic!("not an object");
        };
        let mut unknown = Vec::new();
        let read = into_document(record, 4, |key| unknown.push(key.to_owned()));
        (read, unknown)
    }

    #[test]
    fn keys_are_known_by_many_names_and_others_are_told() {
        let (read, unknown) = read(json!({
            "title": "T", "articleBody": "B", "Published At": "2024-05-03", "URL": "https://a.example/",
            "publication": {"name": "The Post"}, "author": "Ann Lee; Bob Ray", "lang": "en", "mood": 1,
            "headline": "second", "id": 7, "time_zone": null,
        }));
        let InputDocument { id, document } = read.unwrap();
        assert_eq!(id, "7");
        assert_eq!(document.text, "B");
        assert_eq!(document.title.as_deref(), Some("T"));
        assert_eq!(document.uri.as_deref(), Some("https://a.example/"));
        assert_eq!(document.publisher.as_deref(), Some("The Post"));
        assert_eq!(document.authors, ["Ann Lee", "Bob Ray"]);
        assert_eq!(document.language_code.as_deref(), Some("en"));
        let time = document.publish_time.unwrap();
        assert_eq!(time.to_rfc3339(), "2024-05-03T00:00:00+00:00");
        assert_eq!(unknown, ["mood", "headline"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (record, expected) in [
            (json!({"title": "T"}), "no text: none of text, body"),
            (json!({"text": ["B"]}), "\"text\": not a text"),
            (
                json!({"text": "B", "published_at": "soon"}),
                "\"published_at\": \"soon\"",
            ),
            (json!({"text": "B", "time_zone": "Mars"}), "\"time_zone\""),
            (
                json!({"text": "B", "publisher": {}}),
                "\"publisher\": an object without",
            ),
        ] {
            let error = format!("{:#}", read(record).0.unwrap_err());
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn times_and_dates_are_read() {
        let berlin = Some(chrono_tz::Europe::Berlin);
        for (text, zone, utc) in [
            ("2024-05-03", None, "2024-05-03T00:00:00+00:00"),
            ("2024-05-03", berlin, "2024-05-02T22:00:00+00:00"),
            ("2024-05-03 10:00:00", berlin, "2024-05-03T08:00:00+00:00"),
            (
                "2024-05-03T10:00:00+02:00",
                None,
                "2024-05-03T08:00:00+00:00",
            ),
            (
                "Fri, 3 May 2024 10:00:00 +0200",
                None,
                "2024-05-03T08:00:00+00:00",
            ),
        ] {
            assert_eq!(parse_time(text, zone).unwrap().to_rfc3339(), utc, "{text}");
        }
        assert!(parse_time("03.05.2024", None).is_err());
        assert!(parse_time("2024-03-31 02:30", berlin).is_err());
    }
}
