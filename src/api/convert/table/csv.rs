//! Claims as rows of comma-separated values (RFC 4180).

use super::{Column, Value, columns};
use crate::proto::Claim;

/// Marks a file as UTF-8 for programs that take it for something else without, such as Excel.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Writes the names of the columns.
pub fn header(text: &mut String) {
    let names = columns(&Claim::default()).map(|column| column.name.to_owned());
    line(&names, text);
}

/// Writes a claim.
pub fn row(claim: &Claim, text: &mut String) {
    line(&columns(claim).map(printed), text);
}

fn printed(column: Column) -> String {
    match column.value {
        Value::Text(text) => text,
        Value::Integer(number) => or_empty(number),
        Value::Real(number) => or_empty(number),
        Value::Time(time) => or_empty(time),
        Value::Texts(texts) => texts.join(BETWEEN),
        Value::Ranges(ranges) => {
            let ranges = ranges.iter();
            let ranges: Vec<String> = ranges
                .map(|range| format!("{}:{}", range.start, range.end))
                .collect();
            ranges.join(BETWEEN)
        }
    }
}

/// Stands between several values in one cell.
const BETWEEN: &str = "; ";

fn or_empty(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn line<const N: usize>(cells: &[String; N], text: &mut String) {
    for (number, value) in cells.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        cell(value, text);
    }
    text.push_str("\r\n");
}

/// Whether a value is a number in digits, which calculates nothing whatever its sign.
fn is_number(value: &str) -> bool {
    let digits = value.trim_start_matches('-');
    digits.starts_with(|first: char| first.is_ascii_digit()) && value.parse::<f64>().is_ok()
}

/// Writes a value so that CSV readers return it unchanged and spreadsheets do not evaluate it: article text is
/// untrusted, and a formula can exfiltrate a sheet's other cells.
fn cell(value: &str, text: &mut String) {
    let is_formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(value);
    let is_quoted = value.contains([',', '"', '\r', '\n']);
    if is_quoted {
        text.push('"');
    }
    if is_formula {
        text.push('\'');
    }
    if is_quoted {
        text.push_str(&value.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(value);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{cell, line};

    #[test]
    fn values_are_quoted_where_they_have_to_be_and_calculate_nothing() {
        for (value, written) in [
            ("", ""),
            ("a b", "a b"),
            ("a,b", "\"a,b\""),
            ("“a” \"b\"", "\"“a” \"\"b\"\"\""),
            ("a\r\nb", "\"a\r\nb\""),
            ("=1+1", "'=1+1"),
            ("@x,y", "\"'@x,y\""),
            ("-5", "-5"),
            ("--5", "'--5"),
            ("-5+2", "'-5+2"),
            ("-inf", "'-inf"),
        ] {
            let mut text = String::new();
            cell(value, &mut text);
            assert_eq!(text, written, "{value}");
        }
    }

    proptest! {
        #[test]
        fn a_reader_of_csv_gives_back_what_was_written(values: [String; 3]) {
            let mut text = String::new();
            line(&values, &mut text);
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(false)
                .from_reader(text.as_bytes());
            let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            // A line of empty cells is a record too: it still has its commas.
            prop_assert_eq!(records.len(), 1);
            for (read, value) in records[0].iter().zip(&values) {
                let guarded = format!("'{value}");
                prop_assert!(read == value || read == guarded);
            }
        }
    }
}
