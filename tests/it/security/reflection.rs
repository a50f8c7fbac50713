//! What is open, and who may ask for the schema.

use onrecord::server::{ReflectionMode, Scope, ServerOptions};
use tonic::{Code, Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;

use super::calls::KeyFile;
use crate::harness::TestServer;

async fn reflect(server: &TestServer, key: Option<&str>) -> Result<(), Status> {
    let list = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut request = Request::new(futures_util::stream::iter([list]));
    if let Some(key) = key {
        let value = format!("Bearer {key}").parse().expect("a header's value");
        request.metadata_mut().insert("authorization", value);
    }
    let mut client = ServerReflectionClient::new(server.channel().await);
    let answers = client.server_reflection_info(request).await?;
    answers.into_inner().message().await.map(drop)
}

fn options(file: &KeyFile, reflection: ReflectionMode) -> ServerOptions {
    let mut options = file.options();
    options.auth.reflection = reflection;
    options
}

#[tokio::test(flavor = "multi_thread")]
async fn reflection_is_for_whom_the_setting_says() {
    let mut file = KeyFile::new();
    let key = file.add("desk", &[Scope::Extract]);
    let code = |outcome: Result<(), Status>| outcome.err().map(|status| status.code());
    for (mode, without_key, with_key) in [
        (ReflectionMode::On, None, None),
        (
            ReflectionMode::Authenticated,
            Some(Code::Unauthenticated),
            None,
        ),
        (
            ReflectionMode::Off,
            Some(Code::Unauthenticated),
            Some(Code::Unimplemented),
        ),
    ] {
        let server = TestServer::launch(None, options(&file, mode)).await;
        assert_eq!(code(reflect(&server, None).await), without_key, "{mode:?}");
        assert_eq!(
            code(reflect(&server, Some(&key)).await),
            with_key,
            "{mode:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_open() {
    let file = KeyFile::new();
    let server = TestServer::launch(None, file.options()).await;
    let mut health = HealthClient::new(server.channel().await);
    let request = HealthCheckRequest::default();
    assert!(health.check(request).await.is_ok());
}
