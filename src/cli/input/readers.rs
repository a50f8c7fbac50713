//! Reading records from each format. What cannot be read is an error in its place, and the next is read.

use std::io::{self, BufRead, Read};

use anyhow::{Context, ensure};
use serde_json::Value;

use super::record::{Record, is_text, names_of_text};

/// A record and its number in the file, or why there is none, with the place.
pub(super) type Records = Box<dyn Iterator<Item = anyhow::Result<(usize, Record)>> + Send>;
/// What is read from.
pub(super) type Source = Box<dyn BufRead + Send>;

/// One record per line; empty lines are passed over.
pub(super) fn json_lines(name: String, source: Source) -> Records {
    // A persistent read error would repeat forever: stop at the first.
    let mut broken = false;
    let lines = source.lines().take_while(move |line| {
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
        let line = line.with_context(place)?;
        let line = line.trim_start_matches('\u{feff}');
        let record = serde_json::from_str(line).with_context(place)?;
        Ok((number, record))
    }))
}

/// An array of records, which is read whole, or a single one.
pub(super) fn json(name: String, source: Source) -> anyhow::Result<Records> {
    let text = whole_text(&name, source)?;
    let value = serde_json::from_str(&text).with_context(|| name.clone())?;
    let values = match value {
        Value::Array(values) => values,
        single => vec![single],
    };
    let records = values.into_iter().enumerate();
    Ok(Box::new(records.map(move |(index, value)| {
        let number = index + 1;
        match value {
            Value::Object(record) => Ok((number, record)),
            _ => anyhow::bail!("{name}, item {number}: not an object"),
        }
    })))
}

/// One record per row, by the names in the first row.
pub(super) fn csv(name: String, mut source: Source) -> anyhow::Result<Records> {
    let delimiter = delimiter(source.fill_buf().with_context(|| name.clone())?);
    let mut rows = ::csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_reader(source);
    let columns = rows.headers().with_context(|| name.clone())?.clone();
    let columns: Vec<String> = columns
        .iter()
        .map(|column| column.trim_start_matches('\u{feff}').trim().to_owned())
        .collect();
    ensure!(
        columns.iter().any(|column| is_text(column)),
        "{name}: no column for the text among {}; it may be called {}",
        columns.join(", "),
        names_of_text()
    );
    let rows = rows.into_records().enumerate();
    Ok(Box::new(rows.map(move |(index, row)| {
        let number = index + 1;
        let row = row.with_context(|| format!("{name}, row {number}"))?;
        let cells = row.iter().map(|cell| Value::String(cell.to_owned()));
        Ok((number, columns.iter().cloned().zip(cells).collect()))
    })))
}

/// The whole text of a file. It must be UTF-8; a byte order mark is left out.
pub(super) fn whole_text(name: &str, mut source: Source) -> anyhow::Result<String> {
    let mut text = String::new();
    source
        .read_to_string(&mut text)
        .with_context(|| format!("cannot read {name}"))?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

/// What separates the columns of the first row: whichever of the usual occurs most often.
fn delimiter(beginning: &[u8]) -> u8 {
    let row = beginning.split(|byte| *byte == b'\n').next();
    let pieces = |delimiter: &u8| row.map(|row| row.split(|byte| byte == delimiter).count());
    // Of equals the last is the maximum.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(pieces)
        .unwrap_or(b',')
}
