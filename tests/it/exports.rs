//! Exports, each opened by a tool that is not ours.

mod data_frames;
mod formats;
mod hostile;
mod memory;
mod network;
mod tables;

use onrecord::proto::ErrorReason::{
    DatabaseUnavailable, InvalidEnumValue, InvalidField, RequiredFieldMissing,
};
use onrecord::proto::{
    Claim, ClaimFilter, Document, EncodingType, ExportClaimsRequest, ExportClaimsResponse,
    ExportFormat,
};
use prost_types::Timestamp;
use tonic::{Status, Streaming};

use crate::harness::{NEWS, TestServer, refused};

/// A file that was exported.
struct File {
    content_type: String,
    name: String,
    bytes: Vec<u8>,
}

impl File {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("UTF-8")
    }
}

fn request(format: ExportFormat) -> ExportClaimsRequest {
    ExportClaimsRequest {
        format: format.into(),
        ..ExportClaimsRequest::default()
    }
}

/// Reads a file to its end.
async fn read(mut pieces: Streaming<ExportClaimsResponse>) -> Result<File, Status> {
    let first = pieces.message().await?.expect("a first message");
    assert!(first.data.is_empty());
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.message().await? {
        assert_eq!((piece.content_type, piece.file_name), Default::default());
        bytes.extend(piece.data);
    }
    Ok(File {
        content_type: first.content_type,
        name: first.file_name,
        bytes,
    })
}

async fn export(server: &TestServer, request: ExportClaimsRequest) -> Result<File, Status> {
    read(server.client.export_claims(request).await?).await
}

/// A server with claims whose texts and articles have everything that a format could stumble over.
async fn server() -> TestServer {
    let server = TestServer::start().await;
    for (number, text) in [
        NEWS,
        "=HYPERLINK said Ann Lee. “a < b && c > \"d\",” said Tom Pell, who doubted that Ann Lee knew.",
        "Ann Lee denied that Tom Pell\u{1}had said so. Residents said, “it’s 5,\nor 6;\r\n😀”.",
    ]
    .iter()
    .enumerate()
    {
        server
            .ingest(Document {
                title: ["", "=1+1", "A, \"b\" <c> & d"][number].into(),
                publisher: ["Observer", "", "@Times"][number].into(),
                uri: ["https://example.org/a?b=c&d", "", "not a URI"][number].into(),
                publish_time: (number > 0).then_some(Timestamp {
                    seconds: 1_700_000_000,
                    nanos: 0,
                }),
                text: (*text).into(),
                external_id: format!("cms-{number}"),
                language_code: ["", "en", "en-GB"][number].into(),
                authors: vec!["A. Writer".into(), "Æ".into()][..number].to_vec(),
                ..Document::default()
            })
            .await;
    }
    server
}

/// The claims as the lists have them, which exports follow.
async fn claims(server: &TestServer) -> Vec<Claim> {
    let claims = server.claims(ClaimFilter::default()).await;
    assert!(claims.len() > 8, "{}", claims.len());
    claims
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_request_is_refused() {
    let server = TestServer::start().await;
    let call = export(&server, ExportClaimsRequest::default());
    refused(call, RequiredFieldMissing, &["format"]).await;
    let bad = ExportClaimsRequest {
        format: 99,
        encoding_type: 99,
        ..ExportClaimsRequest::default()
    };
    let fields = ["format", "encoding_type"];
    refused(export(&server, bad), InvalidEnumValue, &fields).await;
    let bad = ExportClaimsRequest {
        filter: Some(ClaimFilter {
            min_confidence: -1.0,
            ..ClaimFilter::default()
        }),
        ..request(ExportFormat::Csv)
    };
    refused(
        export(&server, bad),
        InvalidField,
        &["filter.min_confidence"],
    )
    .await;
    let alone = TestServer::with(None).await;
    let call = export(&alone, request(ExportFormat::Csv));
    refused(call, DatabaseUnavailable, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_makes_a_file_too() {
    let server = TestServer::start().await;
    for (format, name, content_type, begins) in [
        (
            ExportFormat::JsonLines,
            "claims.jsonl",
            "application/jsonl",
            "",
        ),
        (ExportFormat::Csv, "claims.csv", "text/csv", "name,actor,"),
        (
            ExportFormat::JsonLd,
            "claims.jsonld",
            "application/ld+json",
            "{\"@context\"",
        ),
        (
            ExportFormat::Graphml,
            "actors.graphml",
            "application/graphml+xml",
            "<?xml ",
        ),
    ] {
        let request = ExportClaimsRequest {
            encoding_type: EncodingType::Utf32.into(),
            ..request(format)
        };
        let file = export(&server, request).await.expect("a file");
        assert_eq!(file.name, name);
        assert!(file.content_type.starts_with(content_type));
        assert!(file.text().starts_with(begins), "{}", file.text());
    }
}
