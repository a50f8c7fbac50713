//! Files that the command makes of an export.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use tempfile::TempDir;

use super::server;
use crate::harness::TestServer;
use crate::process::{Ran, run};

/// Runs `export` into a file of this name.
pub(super) async fn export_into(
    folder: &Path,
    server: &TestServer,
    name: &str,
    args: &[&str],
) -> Ran {
    let path = folder.join(name).to_string_lossy().into_owned();
    let url = format!("http://{}", server.address);
    let args = [&["export", "--server", &url, "--output", &path], args].concat();
    let args: Vec<String> = args.into_iter().map(str::to_owned).collect();
    let ran = tokio::task::spawn_blocking(move || {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        run(&args)
    });
    ran.await.expect("no panic")
}

fn parquet(folder: &TempDir, name: &str) -> Vec<BTreeMap<String, Field>> {
    let file = File::open(folder.path().join(name)).expect("the file");
    let file = SerializedFileReader::new(file).expect("a Parquet file");
    let rows = file.get_row_iter(None).expect("rows");
    let rows = rows.map(|row| row.expect("a row").into_columns().into_iter().collect());
    rows.collect()
}

fn csv(folder: &TempDir, name: &str) -> Vec<BTreeMap<String, String>> {
    let reader = csv::Reader::from_path(folder.path().join(name));
    let rows = reader.expect("a CSV file").into_deserialize();
    rows.map(|row| row.expect("a row")).collect()
}

/// Whether CSV has the same value. It has an apostrophe before what a spreadsheet would calculate.
fn is_same(field: &Field, cell: &str) -> bool {
    match field {
        Field::Null => cell.is_empty(),
        Field::Str(text) => cell == text || cell.strip_prefix('\'') == Some(text),
        Field::Int(number) => cell == number.to_string(),
        Field::Float(number) => cell == number.to_string(),
        Field::TimestampMicros(micros) => {
            let time = chrono::DateTime::parse_from_rfc3339(cell);
            time.expect("a time").timestamp_micros() == *micros
        }
        Field::ListInternal(list) => {
            let parts = cell.split("; ").filter(|part| !part.is_empty());
            parts.count() == list.len()
        }
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parquet_has_what_csv_has() {
    let server = server().await;
    let folder = tempfile::tempdir().expect("a directory");
    for encoding in ["utf8", "utf16", "utf32"] {
        for format in ["csv", "parquet"] {
            let args = ["--format", format, "--encoding", encoding];
            let ran = export_into(folder.path(), &server, format, &args).await;
            assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
        }
        let (rows, expected) = (parquet(&folder, "parquet"), csv(&folder, "csv"));
        assert_eq!(rows.len(), expected.len());
        assert!(rows.len() > 8);
        for (row, expected) in rows.iter().zip(&expected) {
            assert!(row.keys().eq(expected.keys()));
            for (name, field) in row {
                let cell = &expected[name];
                assert!(is_same(field, cell), "{name}: {field} {cell}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_holds_and_a_file_is_replaced_only_by_a_whole_one() {
    let server = server().await;
    let folder = tempfile::tempdir().expect("a directory");
    let args = ["--format", "parquet", "--kind", "denial"];
    let ran = export_into(folder.path(), &server, "claims", &args).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let rows = parquet(&folder, "claims");
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!(row["kind"], Field::Str("DENIAL".to_owned()));
    }
    let before = fs::read(folder.path().join("claims")).expect("the file");
    let args = ["--format", "parquet", "--actor", "actors/x"];
    let ran = export_into(folder.path(), &server, "claims", &args).await;
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("filter.actor"), "{}", ran.stderr);
    assert_eq!(
        fs::read(folder.path().join("claims")).expect("the file"),
        before
    );
    let args = ["--format", "parquet", "--defaults"];
    let ran = export_into(folder.path(), &server, "claims", &args).await;
    assert!(
        ran.stderr.contains("--defaults is for --format jsonl"),
        "{ran:?}"
    );
}
