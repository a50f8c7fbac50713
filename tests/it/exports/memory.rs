//! What a large export takes in memory, and who is kept waiting by it.

use onrecord::client::Client;
use onrecord::proto::{EncodingType, ExportClaimsRequest, ExportFormat};
use parquet::file::reader::{FileReader, SerializedFileReader};
use sqlx::ConnectOptions;

use super::request;
use crate::harness::TestServer;
use crate::process::{Serve, program, run, wait_for};

const CLAIMS: i32 = 60_000;
/// Far less than the files, and enough for pages, pieces and connections.
const ALLOWED_KIB: u64 = 24 << 10;

// One more claim for each number, with a content of some length, in the article of the first.
const FILL: &str = "INSERT INTO claims (id, article_id, ordinal, sort_time, actor_id, about_ids, source, cue, content, \
                      quote_type, confidence, engine_name, engine_version) \
     SELECT gen_random_uuid(), c.article_id, n, c.sort_time, c.actor_id, c.about_ids, c.source, c.cue, \
            jsonb_build_array(jsonb_build_object('start', 0, 'end', 1000, 'text', repeat('word ', 200))), c.quote_type, \
            c.confidence, c.engine_name, c.engine_version \
     FROM (SELECT * FROM claims WHERE ordinal = 0 LIMIT 1) c, generate_series(1000, 999 + $1) n";

/// The same for the command that makes Parquet of it, which holds a row group and what it needs to compress that.
const ALLOWED_COMMAND_KIB: u64 = 128 << 10;

/// The most memory the process ever had resident.
fn peak_kib(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

async fn export(client: &Client, format: ExportFormat) -> usize {
    let request = ExportClaimsRequest {
        encoding_type: EncodingType::Utf16.into(),
        ..request(format)
    };
    let mut pieces = client.export_claims(request).await.expect("begin");
    let mut bytes = 0;
    while let Some(piece) = pieces.message().await.expect("a piece") {
        bytes += piece.data.len();
    }
    bytes
}

/// Runs the command into a Parquet file and returns the most memory that it had resident, as far as was seen.
fn command_peak_kib(url: &str) -> u64 {
    let target = tempfile::NamedTempFile::new().expect("a file");
    let path = target.path().to_string_lossy();
    let args = [
        "export", "--server", url, "--format", "parquet", "--output", &path,
    ];
    let mut child = program(&args).spawn().expect("start onrecord");
    let mut peak = 0;
    // As long as it takes, which without optimisation is long.
    let status = loop {
        peak = peak.max(peak_kib(child.id()).unwrap_or_default());
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    assert!(status.success(), "{status}");
    let file = std::fs::File::open(&*path).expect("the file");
    let file = SerializedFileReader::new(file).expect("a Parquet file");
    let metadata = file.metadata();
    assert!(metadata.file_metadata().num_rows() > i64::from(CLAIMS));
    assert!(metadata.num_row_groups() > 3);
    peak
}

const FORMATS: [ExportFormat; 4] = [
    ExportFormat::JsonLines,
    ExportFormat::Csv,
    ExportFormat::JsonLd,
    ExportFormat::Graphml,
];

#[tokio::test(flavor = "multi_thread")]
async fn a_large_export_takes_little_memory() {
    let writer = TestServer::start().await;
    let text = format!("“It is late,” said Ann Lee. {}", "More words. ".repeat(200));
    writer.ingest_text(&text).await;
    let database = writer.database.as_ref().expect("a database");
    let url = database.connect.to_url_lossy();
    // Comparing the claims that are filled in takes memory of its own.
    let server = Serve::spawn(&["--propositions", "off", "--database-url", url.as_str()]);
    let client = Client::connect(server.url()).await.expect("connect");
    for format in FORMATS {
        export(&client, format).await;
    }
    let Some(before) = peak_kib(server.pid()) else {
        eprintln!("SKIPPED: this system does not tell what a process takes");
        return;
    };
    let mut connection = database.connection().await;
    sqlx::query(FILL)
        .bind(CLAIMS)
        .execute(&mut connection)
        .await
        .expect("fill");
    let mut bytes = 0;
    for format in FORMATS {
        bytes += export(&client, format).await;
    }
    let after = peak_kib(server.pid()).expect("as before");
    eprintln!("{bytes} bytes exported; peak {before} KiB before, {after} KiB after");
    assert!(bytes > 150 << 20, "{bytes}");
    assert!(
        after - before < ALLOWED_KIB,
        "{before} KiB, then {after} KiB"
    );
    let url = server.url();
    let peak = tokio::task::spawn_blocking(move || command_peak_kib(&url));
    let peak = peak.await.expect("no panic");
    eprintln!("the command's peak: {peak} KiB");
    assert!((1..ALLOWED_COMMAND_KIB).contains(&peak), "{peak} KiB");
}

#[test]
fn the_command_writes_a_file_and_says_why_not() {
    let dir = crate::process::DataDir::new();
    let server = Serve::start(&dir, &["--demo"]);
    let ready = || {
        let ran = run(&["export", "--server", &server.url(), "--format", "csv"]);
        Some(ran).filter(|ran| ran.code == Some(0) && ran.stdout.lines().count() > 3)
    };
    let printed = wait_for("the samples", ready).stdout;
    assert!(printed.starts_with("name,actor,"), "{printed}");
    let target = tempfile::tempdir().expect("a directory");
    let path = target.path().join("claims.jsonld");
    let path = path.to_string_lossy();
    let ran = run(&[
        "export",
        "--server",
        &server.url(),
        "--format",
        "json-ld",
        "--output",
        &path,
    ]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{ran:?}");
    let written = std::fs::read_to_string(&*path).expect("the file");
    assert!(written.contains("\"Claim\""), "{written}");
    let ran = run(&[
        "export",
        "--server",
        &server.url(),
        "--format",
        "csv",
        "--actor",
        "actors/x",
        "--output",
        &path,
    ]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("filter.actor"), "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(&*path).expect("the file"), written);
    assert_eq!(
        std::fs::read_dir(target.path())
            .expect("a directory")
            .count(),
        1
    );
}
