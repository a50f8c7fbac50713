//! Reflection, in the version that is current and in the one that older tools ask for.

use std::collections::BTreeSet;

use prost::Message;
use prost_types::FileDescriptorProto;
use tonic::{Code, Status};

use crate::harness::TestServer;

const SERVICES: [&str; 5] = [
    "onrecord.v1.ActorService",
    "onrecord.v1.ArticleService",
    "onrecord.v1.ClaimService",
    "onrecord.v1.ExtractionService",
    "onrecord.v1.ServerService",
];

/// What a server answers by reflection.
struct Reflected {
    services: BTreeSet<String>,
    /// The files that define each of [`SERVICES`], with all that they import.
    files: Vec<Vec<FileDescriptorProto>>,
    /// The code of the error for a symbol that is not there.
    unknown: Code,
}

/// Defines the function that asks one version of the protocol.
macro_rules! reflection {
    ($version:ident) => {
        async fn $version(server: &TestServer) -> Reflected {
            use tonic_reflection::pb::$version::ServerReflectionRequest;
            use tonic_reflection::pb::$version::server_reflection_client::ServerReflectionClient;
            use tonic_reflection::pb::$version::server_reflection_request::MessageRequest;
            use tonic_reflection::pb::$version::server_reflection_response::MessageResponse;

            let client = ServerReflectionClient::new(server.channel().await);
            let ask = async |request: MessageRequest| {
                let request = ServerReflectionRequest {
                    host: String::new(),
                    message_request: Some(request),
                };
                let requests = futures_util::stream::iter([request]);
                let answers = client.clone().server_reflection_info(requests).await?;
                let answer = answers.into_inner().message().await?.expect("an answer");
                Ok::<_, Status>(answer.message_response.expect("a message"))
            };
            let symbol = |name: &str| MessageRequest::FileContainingSymbol(name.to_owned());

            let list = ask(MessageRequest::ListServices(String::new())).await;
            let Ok(MessageResponse::ListServicesResponse(list)) = list else {
                panic!("no list: {list:?}");
            };
            let mut files = Vec::new();
            for service in SERVICES {
                let found = ask(symbol(service)).await;
                let Ok(MessageResponse::FileDescriptorResponse(found)) = found else {
                    panic!("no files: {found:?}");
                };
                files.push(decoded(&found.file_descriptor_proto));
            }
            let unknown = ask(symbol("onrecord.v1.Guess")).await;
            Reflected {
                services: list.service.into_iter().map(|listed| listed.name).collect(),
                files,
                unknown: unknown.expect_err("there is no such symbol").code(),
            }
        }
    };
}

reflection!(v1);
reflection!(v1alpha);

fn decoded(files: &[Vec<u8>]) -> Vec<FileDescriptorProto> {
    let decode = |bytes: &Vec<u8>| FileDescriptorProto::decode(bytes.as_slice());
    let files: Result<_, _> = files.iter().map(decode).collect();
    files.expect("descriptors")
}

/// `onrecord.v1.ClaimService` stands in `onrecord/v1/claim_service.proto`.
fn file_of(service: &str) -> String {
    let name = service.rsplit('.').next().expect("a name");
    let name = name
        .strip_suffix("Service")
        .expect("a service")
        .to_lowercase();
    format!("onrecord/v1/{name}_service.proto")
}

/// Whether the comment on the file's first service came along: `describe` shows it.
fn has_comments(file: &FileDescriptorProto) -> bool {
    let locations = file.source_code_info.iter().flat_map(|info| &info.location);
    let mut services = locations.filter(|location| location.path == [6, 0]);
    services.any(|service| !service.leading_comments().is_empty())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_is_told_in_both_versions() {
    let server = TestServer::with(None).await;
    for reflected in [v1(&server).await, v1alpha(&server).await] {
        let others = ["grpc.health.v1.Health", "google.longrunning.Operations"];
        for service in SERVICES.into_iter().chain(others) {
            assert!(
                reflected.services.contains(service),
                "{:?}",
                reflected.services
            );
        }
        assert_eq!(reflected.files.len(), SERVICES.len());
        for (service, files) in SERVICES.iter().zip(&reflected.files) {
            let file = files.iter().find(|file| file.name() == file_of(service));
            let file = file.unwrap_or_else(|| panic!("no file of {service}"));
            assert!(has_comments(file), "{service}");
        }
        assert_eq!(reflected.unknown, Code::NotFound);
    }
}
