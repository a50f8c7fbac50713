//! Calls of any RPC with any header, and servers that ask who calls.

use std::path::PathBuf;

use http::uri::PathAndQuery;
use onrecord::proto::{ErrorReason, FILE_DESCRIPTOR_SET};
use onrecord::server::{AuthOptions, Scope, ServerOptions, new_key};
use prost_reflect::DescriptorPool;
use tempfile::TempDir;
use tonic::client::Grpc;
use tonic::metadata::AsciiMetadataValue;
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_prost::ProstCodec;

use crate::harness::{Fault, TestServer};

/// The paths of all RPCs of the schema.
pub fn rpcs() -> Vec<String> {
    let schema = DescriptorPool::decode(FILE_DESCRIPTOR_SET).expect("the schema");
    let services = schema.services();
    let paths = services.flat_map(|service| {
        let methods = service.methods().map(|method| method.name().to_owned());
        let methods: Vec<String> = methods.collect();
        let name = service.full_name().to_owned();
        methods
            .into_iter()
            .map(move |method| format!("/{name}/{method}"))
    });
    let paths: Vec<String> = paths.collect();
    assert!(paths.len() > 25, "the RPCs are elsewhere");
    paths
}

/// Calls an RPC with an empty message and these values of `authorization`. What it answers is nobody's concern, only
/// whether it fails.
pub async fn call(channel: &Channel, path: &str, authorization: &[&str]) -> Result<(), Status> {
    let mut request = Request::new(futures_util::stream::iter([()]));
    for value in authorization {
        let value = AsciiMetadataValue::try_from(*value).expect("a header's value");
        request.metadata_mut().append("authorization", value);
    }
    let mut client = Grpc::new(channel.clone());
    client.ready().await.expect("a connection");
    let path: PathAndQuery = path.parse().expect("a path");
    let answer = client
        .streaming(request, path, ProstCodec::<(), ()>::default())
        .await?;
    answer.into_inner().message().await.map(drop)
}

/// The reason why a call was refused by whoever asks who calls; `None` if it came further.
pub fn refusal(outcome: &Result<(), Status>) -> Option<Fault> {
    let fault = Fault::of(outcome.as_ref().err()?);
    let refuses = matches!(
        fault.reason,
        ErrorReason::Unauthenticated
            | ErrorReason::PermissionDenied
            | ErrorReason::AuthenticationUnavailable
    );
    refuses.then_some(fault)
}

/// Checks that a call is refused for this reason.
pub async fn check_refused(channel: &Channel, path: &str, token: &str, reason: ErrorReason) {
    let outcome = call(channel, path, &[&format!("Bearer {token}")]).await;
    let fault = refusal(&outcome).unwrap_or_else(|| panic!("{path} with {token}: {outcome:?}"));
    assert_eq!(fault.reason, reason, "{path} with {token}: {outcome:?}");
}

/// Whether a call with this token is let through.
pub async fn is_let_in(channel: &Channel, path: &str, token: &str) -> bool {
    let outcome = call(channel, path, &[&format!("Bearer {token}")]).await;
    refusal(&outcome).is_none()
}

/// A file of keys.
pub struct KeyFile {
    dir: TempDir,
    lines: String,
}

impl KeyFile {
    pub fn new() -> Self {
        let file = Self {
            dir: tempfile::tempdir().expect("a directory"),
            lines: String::new(),
        };
        file.write(&file.lines);
        file
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("keys")
    }

    /// Adds a new key and returns it.
    pub fn add(&mut self, name: &str, scopes: &[Scope]) -> String {
        let (key, line) = new_key(name, scopes).expect("random bytes");
        self.add_line(&line);
        key.to_string()
    }

    pub fn add_line(&mut self, line: &str) {
        self.lines = format!("{}{line}\n", self.lines);
        self.write(&self.lines);
    }

    pub fn write(&self, text: &str) {
        std::fs::write(self.path(), text).expect("write the keys");
    }

    pub fn options(&self) -> ServerOptions {
        ServerOptions {
            auth: AuthOptions {
                keys: Some(self.path()),
                ..AuthOptions::default()
            },
            ..TestServer::options()
        }
    }
}
