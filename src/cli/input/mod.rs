//! Articles in files and on standard input, in whatever format people have them.

mod format;
mod readers;
mod record;
mod refusal;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use clap::Args;
use indicatif::ProgressBar;

pub(super) use format::InputFormat;
use readers::{Records, Source, csv, json, json_lines, whole_text};
pub(super) use record::{InputDocument, parse_time};
use refusal::refusal;

use crate::domain::Document;

/// Where documents come from.
#[derive(Debug, Clone, Args)]
pub(super) struct Input {
    /// Files to read, `-` for standard input
    #[arg(value_name = "FILE", default_value = "-")]
    files: Vec<PathBuf>,

    /// What every file is written in [default: by its name's ending or else by how it begins]
    ///
    /// Articles in jsonl, json and csv have a text and may have an id, title, uri, publisher, authors, publish_time,
    /// language_code and time_zone. Other usual names are known, too: body, headline, url, author, date, language …
    #[arg(
        id = "input_format",
        long = "input-format",
        value_enum,
        value_name = "FORMAT"
    )]
    format: Option<InputFormat>,

    /// The same as --input-format jsonl
    #[arg(long, conflicts_with = "input_format")]
    jsonl: bool,

    /// Also take what looks like no article: nothing, a whole web page, or data
    #[arg(long)]
    force: bool,
}

/// The documents of an input, in order; one that cannot be read is an error item.
pub(super) type Documents = Box<dyn Iterator<Item = anyhow::Result<InputDocument>> + Send>;

/// Is told what the person who gave the input should know, though it is no failure.
pub(super) type Notices = Arc<dyn Fn(&str) + Send + Sync>;

impl Input {
    /// Iterates over the documents in order, reading lazily. A file that cannot be opened or read yields an error in
    /// its place, and the next file follows. `bar` counts the bytes that were read.
    pub(super) fn documents(&self, notices: Notices, bar: &ProgressBar) -> Documents {
        let reading = Reading {
            format: self.told_format(),
            force: self.force,
            notices,
            bar: bar.clone(),
            unknown: Arc::default(),
        };
        Box::new(self.files.clone().into_iter().flat_map(move |path| {
            let documents = reading.documents_of(&path);
            documents.unwrap_or_else(|error| Box::new(std::iter::once(Err(error))))
        }))
    }

    /// The documents of a corpus, whose other keys are no news.
    #[cfg(any(test, feature = "developer-commands"))]
    pub(super) fn corpus(&self) -> Documents {
        self.documents(Arc::new(|_: &str| ()), &ProgressBar::hidden())
    }

    /// How many bytes there are to read; `None` where not all of it are regular files.
    pub(super) fn bytes(&self) -> Option<u64> {
        let sizes = self.files.iter().map(|path| {
            let found = std::fs::metadata(path).ok()?;
            found.is_file().then_some(found.len())
        });
        sizes.sum()
    }

    /// Whether every file is known to hold JSON lines.
    pub(super) fn is_json_lines(&self) -> bool {
        let format = |path: &PathBuf| self.told_format().or_else(|| InputFormat::of_name(path));
        let mut files = self.files.iter();
        files.all(|path| format(path) == Some(InputFormat::Jsonl))
    }

    const fn told_format(&self) -> Option<InputFormat> {
        if self.jsonl {
            Some(InputFormat::Jsonl)
        } else {
            self.format
        }
    }
}

/// The documents in these lines of JSON.
pub(super) fn lines(text: &'static str) -> Documents {
    let lines = json_lines("lines".to_owned(), Box::new(text.as_bytes()));
    Box::new(lines.map(|line| {
        let (number, record) = line?;
        record::into_document(record, number, |_| ())
    }))
}

/// How files are read.
#[derive(Clone)]
struct Reading {
    format: Option<InputFormat>,
    force: bool,
    notices: Notices,
    bar: ProgressBar,
    /// Keys that were told of.
    unknown: Arc<Mutex<BTreeSet<String>>>,
}

impl Reading {
    fn documents_of(&self, path: &Path) -> anyhow::Result<Documents> {
        let name = path.display().to_string();
        let mut source: Source = if path == Path::new("-") {
            Box::new(BufReader::with_capacity(BEGINNING, io::stdin()))
        } else {
            let file = File::open(path).with_context(|| format!("cannot open {name}"))?;
            let counted = self.bar.wrap_read(file);
            Box::new(BufReader::with_capacity(BEGINNING, counted))
        };
        let told = self.format.or_else(|| InputFormat::of_name(path));
        let format = match told {
            Some(format) => format,
            None => InputFormat::of_beginning(beginning(&name, &mut source)?),
        };
        if self.format.is_none() && format != InputFormat::Text {
            (self.notices)(&format!("reading {name} as {}", format.name()));
        }
        let (records, unit) = match format {
            InputFormat::Text => return self.text(name, source),
            InputFormat::Jsonl => (json_lines(name.clone(), source), "line"),
            InputFormat::Json => (json(name.clone(), source)?, "item"),
            InputFormat::Csv => (csv(name.clone(), source)?, "row"),
        };
        Ok(self.documents_in(name, unit, records))
    }

    fn text(&self, name: String, source: Source) -> anyhow::Result<Documents> {
        let document = Document {
            text: whole_text(&name, source)?,
            ..Document::default()
        };
        self.check(&document.text).with_context(|| name.clone())?;
        Ok(Box::new(std::iter::once(Ok(InputDocument {
            id: name,
            document,
        }))))
    }

    fn documents_in(&self, name: String, unit: &'static str, records: Records) -> Documents {
        let reading = self.clone();
        Box::new(records.map(move |record| {
            let (number, record) = record?;
            let read = record::into_document(record, number, |key| reading.note(&name, key));
            read.and_then(|read| reading.check(&read.document.text).map(|()| read))
                .with_context(|| format!("{name}, {unit} {number}"))
        }))
    }

    /// Tells of a key that is not known, once.
    fn note(&self, name: &str, key: &str) {
        let unknown = self.unknown.lock();
        let mut unknown = unknown.unwrap_or_else(PoisonError::into_inner);
        if unknown.insert(key.to_owned()) {
            (self.notices)(&format!("{name}: \"{key}\" is not known and left out"));
        }
    }

    fn check(&self, text: &str) -> anyhow::Result<()> {
        match refusal(text) {
            Some(reason) if !self.force => {
                anyhow::bail!("no article: {reason} (--force to read it all the same)")
            }
            _ => Ok(()),
        }
    }
}

/// So many bytes tell the format.
const BEGINNING: usize = 64 << 10;

fn beginning<'s>(name: &str, source: &'s mut Source) -> anyhow::Result<&'s [u8]> {
    source
        .fill_buf()
        .with_context(|| format!("cannot read {name}"))
}

#[cfg(test)]
mod tests;
