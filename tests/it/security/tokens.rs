//! Tokens of an issuer.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use onrecord::proto::ErrorReason;
use onrecord::server::Server;
use serde_json::{Value, json};

use super::calls::{call, check_refused, is_let_in, refusal, rpcs};
use super::issuer::{Issuer, SigningKey, in_seconds};
use crate::harness::TestServer;

const RPC: &str = "/onrecord.v1.ExtractionService/ExtractClaims";
const NEVER: Duration = Duration::from_hours(1);

fn with(claims: &Value, changes: &Value) -> Value {
    let mut claims = claims.clone();
    for (name, value) in changes.as_object().expect("an object") {
        claims[name] = value.clone();
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(name);
        }
    }
    claims
}

/// A token that says that it is not signed.
fn unsigned(claims: &Value, algorithm: &str) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({"alg": algorithm, "typ": "JWT", "kid": "one"});
    format!("{}.{}.", part(&header), part(claims))
}

/// A token whose signature is made with the issuer's public key as if it were a shared secret.
fn confused(key: &SigningKey, claims: &Value, secret: &[u8]) -> String {
    let header = Header {
        kid: Some(key.id.clone()),
        ..Header::new(Algorithm::HS256)
    };
    encode(&header, claims, &EncodingKey::from_secret(secret)).expect("a token")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_refuses_every_bad_token() {
    let key = SigningKey::new("one", Algorithm::ES256);
    let forged = SigningKey::new("one", Algorithm::ES256);
    let unknown = SigningKey::new("two", Algorithm::ES256);
    let issuer = Issuer::start(&[&key]).await;
    let server = TestServer::launch(None, issuer.options(NEVER)).await;
    let channel = server.channel().await;
    let good = issuer.claims("admin");
    let changed = |changes: Value| key.sign(&with(&good, &changes));
    let signed = key.sign(&good);
    let other_payload = {
        let mut parts: Vec<&str> = signed.split('.').collect();
        let payload = BASE64_URL_SAFE_NO_PAD.encode(issuer.claims("admin read").to_string());
        parts[1] = &payload;
        parts.join(".")
    };
    let bad = [
        ("expired", changed(json!({"exp": in_seconds(-61)}))),
        ("not yet valid", changed(json!({"nbf": in_seconds(120)}))),
        ("another audience", changed(json!({"aud": "another"}))),
        ("other audiences", changed(json!({"aud": ["a", "b"]}))),
        (
            "another issuer",
            changed(json!({"iss": "https://evil.example"})),
        ),
        ("no expiry", changed(json!({"exp": null}))),
        ("no audience", changed(json!({"aud": null}))),
        ("no issuer", changed(json!({"iss": null}))),
        ("no subject", changed(json!({"sub": null}))),
        ("an empty subject", changed(json!({"sub": ""}))),
        ("a subject with NUL", changed(json!({"sub": "a\u{0}b"}))),
        ("a subject of two lines", changed(json!({"sub": "a\nb"}))),
        ("none", unsigned(&good, "none")),
        ("None", unsigned(&good, "None")),
        ("no signature", unsigned(&good, "ES256")),
        (
            "HS256, raw key",
            confused(&key, &good, key.pair.public_key_raw()),
        ),
        (
            "HS256, key as PEM",
            confused(&key, &good, key.pair.public_key_pem().as_bytes()),
        ),
        ("forged", forged.sign(&good)),
        ("unknown key", unknown.sign(&good)),
        ("changed", other_payload),
        ("cut off", signed[..signed.len() - 2].to_owned()),
    ];
    for rpc in rpcs() {
        for (what, token) in &bad {
            let outcome = call(&channel, &rpc, &[&format!("Bearer {token}")]).await;
            let fault = refusal(&outcome);
            let reason = fault.map(|fault| fault.reason);
            assert_eq!(reason, Some(ErrorReason::Unauthenticated), "{rpc}: {what}");
        }
        assert!(is_let_in(&channel, &rpc, &signed).await, "{rpc}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_is_unavailable_while_no_key_is_known() {
    let key = SigningKey::new("one", Algorithm::ES256);
    let mut issuer = Issuer::start(&[&key]).await;
    issuer.stop().await;
    let server = TestServer::launch(None, issuer.options(Duration::ZERO)).await;
    let channel = server.channel().await;
    let token = key.sign(&issuer.claims("admin"));
    for rpc in rpcs() {
        let reason = ErrorReason::AuthenticationUnavailable;
        check_refused(&channel, &rpc, &token, reason).await;
        // That this is none can be told without keys.
        check_refused(&channel, &rpc, "x", ErrorReason::Unauthenticated).await;
    }
    issuer.restart().await;
    assert!(is_let_in(&channel, RPC, &token).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn good_tokens_of_all_kinds_are_let_in() {
    let keys = [
        SigningKey::new("rs256", Algorithm::RS256),
        SigningKey::new("ps256", Algorithm::PS256),
        SigningKey::new("es256", Algorithm::ES256),
        SigningKey::new("es384", Algorithm::ES384),
        SigningKey::new("eddsa", Algorithm::EdDSA),
    ];
    let issuer = Issuer::start(&keys.each_ref()).await;
    let server = TestServer::launch(None, issuer.options(NEVER)).await;
    let channel = server.channel().await;
    for key in &keys {
        let good = issuer.claims("openid extract");
        let others = json!({"aud": ["another", "onrecord"], "scope": null, "scp": ["extract"]});
        // Clocks differ.
        let late = json!({"exp": in_seconds(-30), "nbf": in_seconds(30)});
        for changes in [json!({}), others, late] {
            let token = key.sign(&with(&good, &changes));
            assert!(
                is_let_in(&channel, RPC, &token).await,
                "{} {changes}",
                key.id
            );
        }
        let token = key.sign(&issuer.claims("openid read"));
        check_refused(&channel, RPC, &token, ErrorReason::PermissionDenied).await;
        let token = key.sign(&with(&good, &json!({"scope": null})));
        check_refused(&channel, RPC, &token, ErrorReason::PermissionDenied).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_found_and_made_up_ones_are_not_asked_for() {
    let first = SigningKey::new("one", Algorithm::ES256);
    let second = SigningKey::new("two", Algorithm::ES256);
    let issuer = Issuer::start(&[&first]).await;
    let server = TestServer::launch(None, issuer.options(Duration::ZERO)).await;
    let channel = server.channel().await;
    let token = |key: &SigningKey| key.sign(&issuer.claims("extract"));
    assert!(is_let_in(&channel, RPC, &token(&first)).await);
    check_refused(&channel, RPC, &token(&second), ErrorReason::Unauthenticated).await;
    issuer.publish(&[&first, &second]);
    assert!(is_let_in(&channel, RPC, &token(&second)).await);
    // Withdrawn: gone with the next request for keys, which another unknown one brings about.
    issuer.publish(&[&second]);
    let third = SigningKey::new("three", Algorithm::ES256);
    check_refused(&channel, RPC, &token(&third), ErrorReason::Unauthenticated).await;
    check_refused(&channel, RPC, &token(&first), ErrorReason::Unauthenticated).await;

    let server = TestServer::launch(None, issuer.options(NEVER)).await;
    let channel = server.channel().await;
    assert!(is_let_in(&channel, RPC, &token(&second)).await);
    let asked = issuer.asked();
    for number in 0..20 {
        let made_up = SigningKey::new(&number.to_string(), Algorithm::ES256);
        check_refused(
            &channel,
            RPC,
            &token(&made_up),
            ErrorReason::Unauthenticated,
        )
        .await;
    }
    assert_eq!(issuer.asked(), asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn known_keys_serve_on_while_the_issuer_is_down() {
    let key = SigningKey::new("one", Algorithm::ES256);
    let mut issuer = Issuer::start(&[&key]).await;
    let server = TestServer::launch(None, issuer.options(Duration::ZERO)).await;
    let channel = server.channel().await;
    let token = key.sign(&issuer.claims("extract"));
    assert!(is_let_in(&channel, RPC, &token).await);
    issuer.stop().await;
    let unknown = SigningKey::new("two", Algorithm::ES256).sign(&issuer.claims("extract"));
    for _ in 0..3 {
        check_refused(&channel, RPC, &unknown, ErrorReason::Unauthenticated).await;
        assert!(is_let_in(&channel, RPC, &token).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_may_be_in_a_file() {
    let key = SigningKey::new("one", Algorithm::ES256);
    let issuer = Issuer::start(&[]).await;
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), json!({"keys": [key.jwk()]}).to_string()).expect("write");
    let mut options = issuer.options(Duration::ZERO);
    if let Some(oidc) = &mut options.auth.oidc {
        oidc.jwks_url = Some(format!("file://{}", file.path().display()));
    }
    let server = TestServer::launch(None, options).await;
    let channel = server.channel().await;
    let token = key.sign(&issuer.claims("extract"));
    assert!(is_let_in(&channel, RPC, &token).await);
    let next = SigningKey::new("two", Algorithm::ES256);
    std::fs::write(file.path(), json!({"keys": [next.jwk()]}).to_string()).expect("write");
    let token = next.sign(&issuer.claims("extract"));
    assert!(is_let_in(&channel, RPC, &token).await);
    assert_eq!(issuer.asked(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discovery_document_of_another_issuer_is_not_believed() {
    let key = SigningKey::new("one", Algorithm::ES256);
    let issuer = Issuer::start(&[&key]).await;
    let mut options = issuer.options(Duration::ZERO);
    if let Some(oidc) = &mut options.auth.oidc {
        // The same place under another name.
        oidc.issuer = issuer.url().replace("127.0.0.1", "localhost");
    }
    let server = TestServer::launch(None, options).await;
    let channel = server.channel().await;
    let token = key.sign(&issuer.claims("extract"));
    let reason = ErrorReason::AuthenticationUnavailable;
    check_refused(&channel, RPC, &token, reason).await;
}

#[tokio::test]
async fn an_issuer_without_tls_is_refused_at_the_start() {
    let issuer = Issuer::start(&[]).await;
    let mut options = issuer.options(Duration::ZERO);
    if let Some(oidc) = &mut options.auth.oidc {
        oidc.issuer = "http://issuer.example".to_owned();
    }
    assert!(Server::bind(options).await.is_err());
}
