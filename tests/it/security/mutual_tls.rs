//! Client certificates.

use onrecord::proto::{ErrorReason, GetServerInfoRequest};
use onrecord::server::{AuthOptions, ServerOptions};

use super::calls::KeyFile;
use super::pki::{Authority, Files, SecureServer, extract, reason};

const NAME: &str = "spiffe://news.example/archive";
const LATER: i32 = 2999;

#[tokio::test(flavor = "multi_thread")]
async fn only_a_valid_certificate_gets_through() {
    let (authority, files) = (Authority::new(), Files::new());
    files.write_server(&authority.server());
    let clients = Authority::new();
    let server = SecureServer::start(files.server(Some(&clients)), None).await;
    let good = files.as_client(&authority, &clients.client(NAME, LATER));
    assert_eq!(server.try_call(good.clone()).await, Ok(()));
    let client = server.connect(good).await.expect("connect");
    let told = client.get_server_info(GetServerInfoRequest {}).await;
    let info = told.expect("an answer").server_info.expect("set");
    let parts = info.parts.expect("set");
    assert!(parts.tls && parts.authentication);
    let without = files.trust(&authority);
    assert!(server.try_call(without).await.is_err());
    for (what, wrong) in [
        ("expired", clients.client(NAME, 2001)),
        ("of another authority", Authority::new().client(NAME, LATER)),
        ("of the server's authority", authority.client(NAME, LATER)),
        ("for servers", clients.server()),
    ] {
        let wrong = files.as_client(&authority, &wrong);
        assert!(server.try_call(wrong).await.is_err(), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_may_what_the_file_of_keys_says() {
    let (authority, files) = (Authority::new(), Files::new());
    files.write_server(&authority.server());
    let mut keys = KeyFile::new();
    keys.add_line(&format!("{NAME} certificate extract"));
    let key = keys.add("desk", &[onrecord::server::Scope::Extract]);
    let mut options = ServerOptions {
        auth: AuthOptions {
            keys: Some(keys.path()),
            ..AuthOptions::default()
        },
        ..files.server(Some(&authority))
    };
    if let Some(tls) = &mut options.tls {
        tls.clients_need_certificate = false;
    }
    let server = SecureServer::start(options, None).await;
    let call = async |credentials| {
        let client = server.connect(credentials).await.expect("connect");
        reason(extract(&client).await)
    };
    let client = |name: &str| files.as_client(&authority, &authority.client(name, LATER));
    assert_eq!(call(client(NAME)).await, None);
    let unlisted = call(client("spiffe://news.example/other")).await;
    assert_eq!(unlisted, Some(ErrorReason::Unauthenticated));
    let nobody = call(files.trust(&authority)).await;
    assert_eq!(nobody, Some(ErrorReason::Unauthenticated));
    assert_eq!(
        call(files.trust(&authority).with_token(key.clone())).await,
        None
    );
    // Who shows a key is whom it names, and a wrong one is not made up for by a certificate.
    let other = client("spiffe://news.example/other");
    assert_eq!(call(other.with_token(key)).await, None);
    let wrong = call(client(NAME).with_token("wrong")).await;
    assert_eq!(wrong, Some(ErrorReason::Unauthenticated));
}
