//! `onrecord extract` for spreadsheets and data frames.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::{Value, json};

use crate::process::{program, run, run_with_input};

/// Characters of one, two, three and four bytes, and of one and two UTF-16 code units, before and in a claim.
const TEXT: &str = "😀 Café news.\n\n“It is safe – 😀,” said Ann Lée on Monday. She told Tom Pell that it had been tested.";

/// An article with all that may be known of it, and one that says nothing.
fn articles(folder: &Path) -> String {
    let file = folder.join("articles.jsonl");
    let article = json!({
        "id": "cms-7", "title": "News, \"all\" of it", "publisher": "Courier", "author": ["A", "B"], "text": TEXT,
        "published_at": "2024-05-07T08:00:00Z", "language": "en",
    });
    let silent = json!({"id": "none", "text": "It rained."});
    fs::write(&file, format!("{article}\n{silent}\n")).expect("write");
    file.to_string_lossy().into_owned()
}

/// The rows of a CSV file, by column.
fn csv(file: &str) -> Vec<HashMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(false)
        .from_reader(file.as_bytes());
    let rows = reader.deserialize().map(|row| row.expect("a row"));
    rows.collect()
}

/// The rows of a Parquet file, by column.
fn parquet(file: File) -> Vec<HashMap<String, Field>> {
    let file = SerializedFileReader::new(file).expect("a Parquet file");
    let rows = file.get_row_iter(None).expect("rows");
    let rows = rows.map(|row| row.expect("a row").into_columns().into_iter().collect());
    rows.collect()
}

/// A Parquet value as CSV has it.
fn printed(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Int(number) => number.to_string(),
        Field::Float(number) => number.to_string(),
        Field::TimestampMicros(micros) => {
            let time = chrono::DateTime::from_timestamp_micros(*micros).expect("a time");
            time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
        }
        Field::ListInternal(list) => {
            let parts: Vec<String> = list.elements().iter().map(printed).collect();
            parts.join("; ")
        }
        Field::Group(range) => {
            let ends: Vec<String> = range
                .get_column_iter()
                .map(|(_, end)| printed(end))
                .collect();
            ends.join(":")
        }
        other => panic!("a value of another type: {other:?}"),
    }
}

#[test]
fn csv_has_a_row_for_each_claim_with_what_is_known_of_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = articles(dir.path());
    let args = ["extract", &file, "--format", "csv", "--encoding", "utf32"];
    let ran = run(&args);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let rows = csv(&ran.stdout);
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert_eq!(row["article_external_id"], "cms-7");
        assert_eq!(row["article_title"], "News, \"all\" of it");
        assert_eq!(row["article_authors"], "A; B");
        assert_eq!(row["actor_display_name"], "Ann Lée");
        assert_eq!(row["actor_kind"], "PERSON");
        let at = |column: &str| row[column].parse::<usize>().expect("a number");
        let words: String = TEXT
            .chars()
            .skip(at("content_start"))
            .take(at("content_end") - at("content_start"))
            .collect();
        assert_eq!(row["content"], words);
    }
    let marked = run(&[&args[..], &["--bom"]].concat());
    assert_eq!(marked.stdout, format!("\u{feff}{}", ran.stdout));
}

#[test]
fn parquet_has_the_columns_and_values_of_csv() {
    let dir = tempfile::tempdir().expect("a directory");
    let articles = articles(dir.path());
    let target = dir.path().join("claims.parquet");
    let target = target.to_string_lossy();
    for encoding in ["utf8", "utf16", "utf32"] {
        let args = ["extract", &articles, "--encoding", encoding, "--format"];
        let as_csv = run(&[&args[..], &["csv"]].concat());
        let ran = run(&[&args[..], &["parquet", "--output", &target]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{ran:?}");
        let rows = parquet(File::open(&*target).expect("the file"));
        let shown: Vec<HashMap<String, String>> = rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|(name, field)| (name.clone(), printed(field)))
            })
            .map(Iterator::collect)
            .collect();
        assert_eq!(shown, csv(&as_csv.stdout));
        // What is no text in the file.
        assert!(matches!(rows[0]["content_start"], Field::Int(_)));
        assert!(matches!(
            rows[0]["article_publish_time"],
            Field::TimestampMicros(_)
        ));
        assert!(matches!(
            rows[0]["utterance_start_time"],
            Field::TimestampMicros(_)
        ));
        assert_eq!(rows[0]["create_time"], Field::Null);
        assert!(matches!(rows[1]["addressees"], Field::ListInternal(_)));
    }
}

#[test]
fn parquet_goes_to_standard_output_too() {
    let dir = tempfile::tempdir().expect("a directory");
    let articles = articles(dir.path());
    for more in [&[][..], &["--output", "-"]] {
        let args = ["extract", &articles, "--format", "parquet"];
        let output = program(&[&args[..], more].concat()).output().expect("run");
        assert!(output.status.success(), "{output:?}");
        let path = dir.path().join("piped.parquet");
        fs::write(&path, output.stdout).expect("write");
        assert_eq!(parquet(File::open(&path).expect("the file")).len(), 2);
    }
}

#[test]
fn a_file_is_replaced_when_all_is_written() {
    let dir = tempfile::tempdir().expect("a directory");
    let articles = articles(dir.path());
    let target = dir.path().join("claims.out");
    let target = target.to_string_lossy();
    for format in ["table", "json", "jsonl", "csv", "parquet"] {
        fs::write(&*target, "old").expect("write");
        let ran = run(&["extract", &articles, "--format", format, "-o", &target]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{ran:?}");
        assert_ne!(fs::read(&*target).expect("the file"), b"old", "{format}");
    }
    let missing = dir.path().join("missing/claims.csv");
    let missing = missing.to_string_lossy();
    let ran = run(&["extract", &articles, "--output", &missing]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.contains(&format!("cannot write {missing}")),
        "{ran:?}"
    );
}

#[test]
fn a_flag_of_another_format_is_refused() {
    for (flag, format, told) in [
        ("--bom", "jsonl", "--bom is for --format csv"),
        ("--bom", "parquet", "--bom is for --format csv"),
        (
            "--defaults",
            "csv",
            "--defaults is for --format json or jsonl",
        ),
        (
            "--defaults",
            "parquet",
            "--defaults is for --format json or jsonl",
        ),
    ] {
        let ran = run_with_input(&["extract", "--format", format, flag], TEXT);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{format}");
        assert!(ran.stderr.contains(told), "{ran:?}");
    }
}

/// The names of all fields of objects, by the path to them.
fn paths(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                found.push(format!("{at}.{name}"));
                paths(value, &format!("{at}.{name}"), found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| paths(value, at, found)),
        _ => {}
    }
}

#[test]
fn with_defaults_every_claim_has_the_same_fields() {
    let json = |args: &[&str]| -> Value {
        let ran = run_with_input(&[&["extract"], args].concat(), TEXT);
        serde_json::from_str(&ran.stdout).expect("JSON")
    };
    let (short, all) = (json(&[]), json(&["--defaults"]));
    let claims = all["claims"].as_array().expect("claims");
    let names = |claim: &Value| -> Vec<String> {
        let fields = claim.as_object().expect("an object");
        fields.keys().cloned().collect()
    };
    assert_eq!(claims.len(), 2);
    assert_eq!(names(&claims[0]), names(&claims[1]));
    assert_eq!(claims[0]["parentClaim"], "");
    assert_eq!(claims[0]["createTime"], Value::Null);
    assert_eq!(claims[0]["traces"], json!([]));
    // All that is there without is there with, too.
    let (mut fields, mut of_short) = (Vec::new(), Vec::new());
    paths(&all, "", &mut fields);
    paths(&short, "", &mut of_short);
    assert!(of_short.iter().all(|path| fields.contains(path)));
    assert_eq!(short["claims"][0]["content"], all["claims"][0]["content"]);
    assert_eq!(
        short["claims"][0]["confidence"],
        all["claims"][0]["confidence"]
    );
    // A line is the same on one line.
    let line = json(&["--defaults", "--format", "jsonl"]);
    assert_eq!(line, all);
}
