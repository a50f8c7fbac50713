use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::Args;
use serde::Deserialize;

use crate::domain::Document;

/// Where documents come from.
#[derive(Debug, Clone, Args)]
pub(super) struct Input {
    /// Files to read, `-` for standard input. A file is one article, or one article per line if its name ends in
    /// .jsonl or .ndjson
    #[arg(value_name = "FILE", default_value = "-")]
    files: Vec<PathBuf>,

    /// Treat every file as JSON lines: {"id", "text", "title"?, "date"? or "publish_time"?, "publisher"?, "uri"?,
    /// "authors"?, "language_code"?, "time_zone"?}
    #[arg(long)]
    jsonl: bool,
}

/// A document with its id in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InputDocument {
    /// The line's `id`, or else its number; for a plain file, the file's name.
    pub id: String,
    /// The document.
    pub document: Document,
}

/// The documents of an input, in order; one that cannot be read is an error item.
pub(super) type Documents = Box<dyn Iterator<Item = anyhow::Result<InputDocument>> + Send>;

impl Input {
    /// Iterates over the documents in order, reading lazily. A file that cannot be opened or read yields an error in
    /// its place, and the next file follows.
    pub(super) fn documents(&self) -> Documents {
        let jsonl = self.jsonl;
        Box::new(self.files.clone().into_iter().flat_map(move |path| {
            let lines = jsonl || is_json_lines(&path);
            documents_of(&path, lines).unwrap_or_else(|error| Box::new(std::iter::once(Err(error))))
        }))
    }

    /// Returns whether every file contains JSON lines.
    pub(super) fn is_json_lines(&self) -> bool {
        self.jsonl || self.files.iter().all(|path| is_json_lines(path))
    }
}

fn documents_of(path: &Path, jsonl: bool) -> anyhow::Result<Documents> {
    let name = path.display().to_string();
    let mut reader: Box<dyn BufRead + Send> = if path == Path::new("-") {
        Box::new(BufReader::new(io::stdin()))
    } else {
        let file = File::open(path).with_context(|| format!("cannot open {name}"))?;
        Box::new(BufReader::new(file))
    };
    if jsonl {
        return Ok(json_lines(name, reader));
    }
    let mut text = String::new();
    reader
        .read_to_string(&mut text)
        .with_context(|| format!("cannot read {name}"))?;
    let document = Document {
        text,
        ..Document::default()
    };
    Ok(Box::new(std::iter::once(Ok(InputDocument {
        id: name,
        document,
    }))))
}

fn is_json_lines(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "jsonl" || extension == "ndjson")
}

pub(super) fn json_lines(name: String, reader: Box<dyn BufRead + Send>) -> Documents {
    // A persistent read error would repeat forever: stop at the first.
    let mut broken = false;
    let lines = reader.lines().take_while(move |line| {
        let was_broken = broken;
        broken = line
            .as_ref()
            .is_err_and(|error| error.kind() != io::ErrorKind::InvalidData);
        !was_broken
    });
    let numbered = lines.enumerate();
    let filled =
        numbered.filter(|(_, line)| line.as_ref().map_or(true, |line| !line.trim().is_empty()));
    Box::new(filled.map(move |(index, line)| {
        let number = index + 1;
        let place = || format!("{name}, line {number}");
        let line: Line = serde_json::from_str(&line.with_context(place)?).with_context(place)?;
        line.into_document(number).with_context(place)
    }))
}

/// A document as a line of JSON. Other fields are ignored, so that annotated corpora can be read unchanged.
#[derive(Deserialize)]
struct Line {
    id: Option<serde_json::Value>,
    text: String,
    title: Option<String>,
    publish_time: Option<String>,
    date: Option<String>,
    publisher: Option<String>,
    #[serde(alias = "url")]
    uri: Option<String>,
    #[serde(default)]
    authors: Vec<String>,
    language_code: Option<String>,
    time_zone: Option<String>,
}

impl Line {
    fn into_document(self, number: usize) -> anyhow::Result<InputDocument> {
        let id = match self.id {
            Some(serde_json::Value::String(id)) => id,
            Some(other) => other.to_string(),
            None => number.to_string(),
        };
        let time = self
            .publish_time
            .or(self.date)
            .filter(|time| !time.is_empty());
        let zone = self.time_zone.filter(|zone| !zone.is_empty());
        Ok(InputDocument {
            id,
            document: Document {
                text: self.text,
                title: self.title,
                uri: self.uri,
                publisher: self.publisher,
                authors: self.authors,
                language_code: self.language_code,
                publish_time: time.as_deref().map(parse_time).transpose()?,
                time_zone: zone
                    .map(|zone| zone.parse().context("time_zone"))
                    .transpose()?,
            },
        })
    }
}

/// Parses an RFC 3339 time, or a date, which stands for its first moment in UTC.
fn parse_time(text: &str) -> anyhow::Result<DateTime<Utc>> {
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Ok(date.and_time(NaiveTime::MIN).and_utc());
    }
    let time = DateTime::parse_from_rfc3339(text)
        .with_context(|| format!("\"{text}\" is neither a date nor a time in RFC 3339"))?;
    Ok(time.to_utc())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::{InputDocument, json_lines, parse_time};

    fn read(lines: &'static str) -> Vec<anyhow::Result<InputDocument>> {
        json_lines("x.jsonl".into(), Box::new(Cursor::new(lines))).collect()
    }

    #[test]
    fn a_line_is_a_document() {
        let documents = read(
            "{\"id\":7,\"text\":\"t\",\"date\":\"2024-05-03\",\"time_zone\":\"Europe/Berlin\"}\n\n{\"text\":\"u\"}",
        );
        let first = documents[0].as_ref().unwrap();
        assert_eq!(first.id, "7");
        assert_eq!(
            first.document.publish_time.unwrap().to_rfc3339(),
            "2024-05-03T00:00:00+00:00"
        );
        assert_eq!(documents[1].as_ref().unwrap().id, "3");
    }

    #[test]
    fn a_bad_line_is_named_and_the_next_is_read() {
        let documents = read("{\"text\":\n{\"text\":\"t\",\"date\":\"soon\"}\n{\"text\":\"ok\"}");
        for (index, place) in [(0, "x.jsonl, line 1"), (1, "x.jsonl, line 2")] {
            let error = format!("{:#}", documents[index].as_ref().unwrap_err());
            assert!(error.contains(place), "{error}");
        }
        assert!(documents[2].is_ok());
    }

    #[test]
    fn times_and_dates_are_read() {
        for (text, utc) in [
            ("2024-05-03", "2024-05-03T00:00:00+00:00"),
            ("2024-05-03T10:00:00+02:00", "2024-05-03T08:00:00+00:00"),
        ] {
            assert_eq!(parse_time(text).unwrap().to_rfc3339(), utc);
        }
        assert!(parse_time("03.05.2024").is_err());
    }

    /// Checks that the lines of a file are documents or errors, and that what follows them is read all the same.
    fn check_file(mut file: Vec<u8>) {
        let filled = |line: &&[u8]| !line.trim_ascii().is_empty();
        let most = file.split(|byte| *byte == b'\n').filter(filled).count();
        file.extend(b"\n{\"text\":\"the last\"}\n");
        let read: Vec<_> = json_lines("x.jsonl".into(), Box::new(Cursor::new(file))).collect();
        assert!(read.len() <= most + 1);
        let last = read.last().unwrap().as_ref().unwrap();
        assert_eq!(last.document.text, "the last");
        for error in read.iter().filter_map(|one| one.as_ref().err()) {
            assert!(format!("{error:#}").contains("x.jsonl, line "), "{error:#}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(file in proptest::collection::vec(any::<u8>(), 0..200)) {
            check_file(file);
        }

        #[test]
        fn anything_like_json_is_read(
            file in "(\\{|\\}|\\[|\\]|\"|:|,|\n|\"text\":\"|\"date\":|2024-0[0-9]|\"authors\":|null|1e999|\\\\u[d0][0-9a-f]{3}){0,40}",
        ) {
            check_file(file.into_bytes());
        }
    }
}
