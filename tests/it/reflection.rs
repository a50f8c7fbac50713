//! Reflection, in the version that is current and in the one that older tools ask for.

use std::collections::BTreeSet;

use prost::Message;
use prost_types::FileDescriptorProto;
use tonic::transport::Endpoint;

use crate::harness::{TestServer, url};

const SERVICES: [&str; 4] = [
    "onrecord.v1.ActorService",
    "onrecord.v1.ArticleService",
    "onrecord.v1.ClaimService",
    "onrecord.v1.ExtractionService",
];

/// What a server answers by reflection.
struct Reflected {
    services: BTreeSet<String>,
    /// The files that define each of [`SERVICES`], with all that they import.
    files: Vec<Vec<FileDescriptorProto>>,
    /// The code of the error for a symbol that is not there.
    unknown: i32,
}

/// Defines the function that asks one version of the protocol.
macro_rules! reflection {
    ($version:ident) => {
        async fn $version(server: &TestServer) -> Reflected {
            use tonic_reflection::pb::$version::ServerReflectionRequest;
            use tonic_reflection::pb::$version::server_reflection_client::ServerReflectionClient;
            use tonic_reflection::pb::$version::server_reflection_request::MessageRequest;
            use tonic_reflection::pb::$version::server_reflection_response::MessageResponse;

            let endpoint = Endpoint::from_shared(url(server.address)).expect("an address");
            let channel = endpoint.connect().await.expect("connect");
            let mut client = ServerReflectionClient::new(channel);
            let mut asked = vec![MessageRequest::ListServices(String::new())];
            let symbols = SERVICES.into_iter().chain(["onrecord.v1.Guess"]);
            asked.extend(symbols.map(|name| MessageRequest::FileContainingSymbol(name.to_owned())));
            let mut reflected = Reflected {
                services: BTreeSet::new(),
                files: Vec::new(),
                unknown: 0,
            };
            for request in asked {
                let request = ServerReflectionRequest {
                    host: String::new(),
                    message_request: Some(request),
                };
                let stream = client.server_reflection_info(futures_util::stream::iter([request]));
                let Ok(mut stream) = stream.await.map(tonic::Response::into_inner) else {
                    panic!("no stream");
                };
                match stream
                    .message()
                    .await
                    .map(|answer| answer.and_then(|a| a.message_response))
                {
                    Ok(Some(MessageResponse::ListServicesResponse(list))) => {
                        reflected.services = list.service.into_iter().map(|s| s.name).collect();
                    }
                    Ok(Some(MessageResponse::FileDescriptorResponse(found))) => {
                        let files = found.file_descriptor_proto.iter();
                        let files =
                            files.map(|bytes| FileDescriptorProto::decode(bytes.as_slice()));
                        reflected
                            .files
                            .push(files.collect::<Result<_, _>>().expect("descriptors"));
                    }
                    Ok(Some(MessageResponse::ErrorResponse(error))) => {
                        reflected.unknown = error.error_code
                    }
                    Err(status) => reflected.unknown = status.code() as i32,
                    other => panic!("{other:?}"),
                }
            }
            reflected
        }
    };
}

reflection!(v1);
reflection!(v1alpha);

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
        for service in SERVICES.into_iter().chain(["grpc.health.v1.Health"]) {
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
        assert_eq!(reflected.unknown, tonic::Code::NotFound as i32);
    }
}
