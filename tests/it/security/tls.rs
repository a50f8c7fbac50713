//! Encryption, and certificates that are replaced.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use onrecord::client::{Client, ClientOptions, Credentials};
use onrecord::server::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::pki::{Authority, Files, SecureServer, extract, text};
use super::{IN_USE, UNUSABLE};
use crate::process::{Serve, wait_for};

#[tokio::test(flavor = "multi_thread")]
async fn a_client_speaks_tls_with_a_server_that_it_trusts() {
    let (authority, files) = (Authority::new(), Files::new());
    files.write_server(&authority.server());
    let server = SecureServer::start(files.server(None), None).await;
    assert_eq!(server.try_call(files.trust(&authority)).await, Ok(()));
    let other = Authority::new();
    assert!(server.try_call(files.trust(&other)).await.is_err());
    assert!(server.try_call(Credentials::default()).await.is_err());
    let plain = Client::connect(format!("http://{}", server.address)).await;
    let called = match plain {
        Ok(client) => extract(&client).await.is_ok(),
        Err(_) => false,
    };
    assert!(!called, "an unencrypted call was answered");
}

/// The first bytes that the server sends to somebody who offers one version of TLS, as few as tell whether it agrees.
async fn offer(server: &SecureServer, hello: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.address).await.expect("connect");
    stream.write_all(hello).await.expect("write");
    let mut answer = vec![0; 7];
    let read = stream.read(&mut answer).await.unwrap_or_default();
    answer.truncate(read);
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn older_versions_of_tls_are_refused() {
    let (authority, files) = (Authority::new(), Files::new());
    files.write_server(&authority.server());
    let server = SecureServer::start(files.server(None), None).await;
    for minor in [0x01, 0x02] {
        // A ClientHello of TLS 1.0 or 1.1 with one cipher suite of that time.
        let mut hello = vec![
            0x16, 0x03, 0x01, 0x00, 0x2d, 0x01, 0x00, 0x00, 0x29, 0x03, minor,
        ];
        hello.extend([7; 32]);
        hello.extend([0x00, 0x00, 0x02, 0xc0, 0x13, 0x01, 0x00]);
        let answer = offer(&server, &hello).await;
        let agrees = answer.first() == Some(&0x16);
        assert!(!agrees, "{answer:x?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_handshake_holds_up_nobody() {
    let (authority, files) = (Authority::new(), Files::new());
    files.write_server(&authority.server());
    let server = SecureServer::start(files.server(None), None).await;
    let mut silent = Vec::new();
    for number in 0..100 {
        let mut stream = TcpStream::connect(server.address).await.expect("connect");
        if number % 2 == 0 {
            // The beginning of a handshake.
            stream.write_all(&[0x16, 0x03, 0x01]).await.expect("write");
        }
        silent.push(stream);
    }
    let call = server.try_call(files.trust(&authority));
    // Less than any of the others may take.
    let called = tokio::time::timeout(Duration::from_secs(5), call).await;
    assert_eq!(called, Ok(Ok(())));
    // And they are closed in the end.
    for mut stream in silent {
        let mut rest = Vec::new();
        let read = tokio::time::timeout(Duration::from_mins(1), stream.read_to_end(&mut rest));
        assert!(read.await.is_ok(), "a half-open handshake stays open");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_replaced_while_calls_run() {
    let (old, new, files) = (Authority::new(), Authority::new(), Files::new());
    files.write_server(&old.server());
    let server = SecureServer::start(files.server(None), None).await;
    let trust_old = files.trust(&old);
    let client = server.connect(trust_old.clone()).await.expect("connect");
    let stop = Arc::new(AtomicBool::new(false));
    let made = Arc::new(AtomicUsize::new(0));
    let calls = tokio::spawn({
        let (stop, made) = (Arc::clone(&stop), Arc::clone(&made));
        async move {
            while !stop.load(Ordering::Relaxed) {
                extract(&client).await?;
                made.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<_, tonic::Status>(())
        }
    });
    files.write_server(&new.server());
    let trust_new = files.trust(&new);
    let handle = tokio::runtime::Handle::current();
    let is_new = || {
        let call = server.try_call(trust_new.clone());
        tokio::task::block_in_place(|| handle.block_on(call)).is_ok()
    };
    wait_for("the new certificate", || is_new().then_some(()));
    assert!(server.try_call(trust_old).await.is_err());
    // Calls go on over the connection of before.
    let so_far = made.load(Ordering::Relaxed);
    wait_for("further calls", || {
        (made.load(Ordering::Relaxed) > so_far + 2).then_some(())
    });
    stop.store(true, Ordering::Relaxed);
    calls.await.expect("no panic").expect("no call fails");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_certificate_changes_nothing() {
    let (old, new, files) = (Authority::new(), Authority::new(), Files::new());
    files.write_server(&old.server());
    let (certificate, key) = (
        text(&files.path("server.pem")),
        text(&files.path("server.key")),
    );
    let nowhere = ["--database-url", "postgres://127.0.0.1:1/none"];
    let tls = ["--tls-cert", &certificate, "--tls-key", &key];
    let server = Serve::spawn(&[&nowhere[..], &tls].concat());
    let trusts = async |credentials: Credentials| {
        let url = format!("https://localhost:{}", server.address.port());
        let once = ClientOptions {
            attempts: 1,
            ..ClientOptions::default()
        };
        match Client::connect_as(url, once, credentials).await {
            Ok(client) => extract(&client).await.is_ok(),
            Err(_) => false,
        }
    };
    let (certificate, key) = new.server();
    let (_, other_key) = new.server();
    for (certificate, key) in [
        ("nonsense", ""),
        (&certificate, "nonsense"),
        (&certificate, &other_key),
    ] {
        let before = server.log().matches(UNUSABLE).count();
        files.write_server(&(certificate.to_owned(), key.to_owned()));
        wait_for("a look at the broken file", || {
            (server.log().matches(UNUSABLE).count() > before).then_some(())
        });
        assert!(trusts(files.trust(&old)).await);
    }
    files.write_server(&(certificate, key));
    wait_for("a look at the new file", || {
        server.log().contains(IN_USE).then_some(())
    });
    assert!(trusts(files.trust(&new)).await);
}

#[tokio::test]
async fn a_server_does_not_start_on_files_that_it_cannot_use() {
    let (authority, files) = (Authority::new(), Files::new());
    let (certificate, key) = authority.server();
    let (_, other_key) = authority.server();
    let check = async |certificate: &str, key: &str, expect: &str| {
        files.write_server(&(certificate.to_owned(), key.to_owned()));
        let error = Server::bind(files.server(Some(&authority))).await;
        let error = error.expect_err("unusable");
        let cause = std::error::Error::source(&error)
            .expect("a cause")
            .to_string();
        assert!(cause.contains(expect), "{cause}");
        assert!(!cause.contains("BEGIN"), "{cause}");
    };
    check("", &key, "server.pem").await;
    check("nonsense", &key, "server.pem").await;
    check(&certificate, "", "server.key").await;
    check(&certificate, &certificate, "server.key").await;
    check(&certificate, &other_key, "server.key").await;
    let mut without = files.server(None);
    files.write_server(&(certificate.clone(), key.clone()));
    if let Some(tls) = &mut without.tls {
        tls.client_ca = Some(files.write("empty.pem", ""));
    }
    assert!(Server::bind(without).await.is_err());
    assert!(Server::bind(files.server(Some(&authority))).await.is_ok());
    std::fs::remove_file(files.path("server.key")).expect("remove");
    assert!(Server::bind(files.server(None)).await.is_err());
}
