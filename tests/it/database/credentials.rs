//! Passwords that are rotated, and certificates of a private CA.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use onrecord::client::{Client, ClientOptions};
use onrecord::embedded::EmbeddedPostgres;
use onrecord::proto::ListArticlesRequest;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, PgConnection};
use tempfile::TempDir;

use super::PATIENCE;
use crate::outage::postgres;
use crate::process::{Serve, run};

const FIRST: &str = "hush-first-7c1";
const SECOND: &str = "hush-second-9d4";

/// A directory that the server's user may enter.
fn open_dir() -> TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).expect("permissions");
    dir
}

/// Creates a role that logs in with a password.
async fn create_role(postgres: &EmbeddedPostgres, data_dir: &Path) -> PgConnection {
    let connected = postgres.connect_options().connect().await;
    let mut connection = connected.expect("connect");
    let role = format!("CREATE ROLE app SUPERUSER LOGIN PASSWORD '{FIRST}'");
    connection
        .execute(AssertSqlSafe(role))
        .await
        .expect("a role");
    let rules = "local all app scram-sha-256\nlocal all all trust\nhostssl all app 127.0.0.1/32 scram-sha-256\n";
    fs::write(data_dir.join("cluster/pg_hba.conf"), rules).expect("write the rules");
    connection
        .execute("SELECT pg_reload_conf()")
        .await
        .expect("reload");
    connection
}

async fn works(client: &Client) -> bool {
    let page = client.list_articles(ListArticlesRequest::default());
    page.await.is_ok()
}

async fn until_it_works(client: &Client) -> Duration {
    let start = Instant::now();
    while !works(client).await {
        assert!(start.elapsed() < PATIENCE, "look-ups do not come back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    start.elapsed()
}

async fn client(server: &Serve) -> Client {
    let options = ClientOptions {
        attempts: 1,
        ..ClientOptions::default()
    };
    let client = Client::connect_with(server.url(), options).await;
    client.expect("connect")
}

/// Sets another password and cuts the sessions that logged in with the one before.
async fn rotate(connection: &mut PgConnection, password: &str) {
    let alter = format!("ALTER ROLE app PASSWORD '{password}'");
    connection
        .execute(AssertSqlSafe(alter))
        .await
        .expect("alter");
    connection
        .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'")
        .await
        .expect("terminate");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_password_needs_no_restart() {
    let dir = open_dir();
    let data_dir = dir.path().join("data");
    let Some(postgres) = postgres(&data_dir).await else {
        return;
    };
    let mut connection = create_role(&postgres, &data_dir).await;
    let socket = postgres.report().socket_dir.display().to_string();
    let url_file = dir.path().join("url");
    let url = format!("postgres://app@localhost/onrecord?host={socket}");
    fs::write(&url_file, format!("{url}\n")).expect("write");
    let password_file = dir.path().join("password");
    fs::write(&password_file, FIRST).expect("write");
    let [url_flag, password_flag] =
        [&url_file, &password_file].map(|path| path.display().to_string());
    let flags = [
        "--database-url-file",
        &url_flag,
        "--database-password-file",
        &password_flag,
    ];
    let migrated = run(&[&["migrate"], &flags[..]].concat());
    assert_eq!(migrated.code, Some(0), "{migrated:?}");
    let server = Serve::spawn(&flags);
    let client = client(&server).await;
    until_it_works(&client).await;

    rotate(&mut connection, SECOND).await;
    // The old password is refused, and not tried in a tight loop.
    let refused = Instant::now();
    let mut calls = 0;
    while refused.elapsed() < Duration::from_secs(4) {
        calls += 1;
        assert!(!works(&client).await);
    }
    let log = fs::read_to_string(data_dir.join("postgres.log")).expect("Postgres's log");
    let attempts = log.matches("password authentication failed").count();
    eprintln!("{calls} calls made {attempts} attempts to log in in 4 s");
    assert!((1..40).contains(&attempts), "{attempts}");
    let told = server.log();
    assert!(told.contains("password authentication failed"), "{told}");

    fs::write(&password_file, format!("{SECOND}\n")).expect("write");
    let back = until_it_works(&client).await;
    eprintln!("look-ups came back {back:?} after the file changed");
    assert!(back < Duration::from_secs(10), "{back:?}");
    let log = server.log();
    assert!(!log.contains(FIRST) && !log.contains(SECOND), "{log}");
    drop(server);
    postgres.stop().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_prints_the_password_is_run_again_when_it_is_refused() {
    let dir = open_dir();
    let data_dir = dir.path().join("data");
    let Some(postgres) = postgres(&data_dir).await else {
        return;
    };
    let mut connection = create_role(&postgres, &data_dir).await;
    let socket = postgres.report().socket_dir.display().to_string();
    let url = format!("postgres://app@localhost/onrecord?host={socket}");
    let token = dir.path().join("token");
    fs::write(&token, FIRST).expect("write");
    let command = format!("cat {}", token.display());
    let flags = [
        "--database-url",
        &url,
        "--database-password-command",
        &command,
    ];
    let migrated = run(&[&["migrate"], &flags[..]].concat());
    assert_eq!(migrated.code, Some(0), "{migrated:?}");
    let server = Serve::spawn(&flags);
    let client = client(&server).await;
    until_it_works(&client).await;
    fs::write(&token, SECOND).expect("write");
    rotate(&mut connection, SECOND).await;
    let back = until_it_works(&client).await;
    eprintln!("look-ups came back {back:?} after the rotation");
    assert!(back < Duration::from_secs(10), "{back:?}");
    drop(server);
    postgres.stop().await.expect("stops");
}

/// A Postgres that listens on TCP with a certificate, on the data of an earlier one.
struct TlsPostgres(Child);

impl TlsPostgres {
    fn start(bin_dir: &Path, cluster: &Path, port: u16) -> Self {
        let owner = fs::metadata(cluster).expect("the cluster");
        let mut command = Command::new(bin_dir.join("postgres"));
        command.arg("-D").arg(cluster);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "ssl=on",
            "ssl_cert_file=server.crt",
            "ssl_key_file=server.key",
        ] {
            command.args(["-c", setting]);
        }
        command.args(["-p", &port.to_string()]);
        if owner.uid() != fs::metadata("/proc/self").map_or(owner.uid(), |own| own.uid()) {
            command.gid(owner.gid()).uid(owner.uid());
        }
        command.current_dir(cluster);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().expect("start Postgres"))
    }
}

impl Drop for TlsPostgres {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Writes a certificate for this name by a CA of its own; returns the CA's file.
fn write_certificates(cluster: &Path, dir: &Path, name: &str) -> PathBuf {
    let mut ca = CertificateParams::new(Vec::new()).expect("parameters");
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate().expect("a key"));
    let ca = ca.expect("a CA");
    let key = KeyPair::generate().expect("a key");
    let server = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
    let server = server.signed_by(&key, &ca).expect("a certificate");
    let owner = fs::metadata(cluster).expect("the cluster");
    for (file, pem) in [
        ("server.crt", server.pem()),
        ("server.key", key.serialize_pem()),
    ] {
        let file = cluster.join(file);
        fs::write(&file, pem).expect("write");
        fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("permissions");
        chown(&file, Some(owner.uid()), Some(owner.gid())).expect("an owner");
    }
    let file = dir.join("ca.pem");
    fs::write(&file, ca.pem()).expect("write");
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_ca_is_trusted_where_the_url_names_it() {
    let dir = open_dir();
    let data_dir = dir.path().join("data");
    let Some(postgres) = postgres(&data_dir).await else {
        return;
    };
    create_role(&postgres, &data_dir).await;
    let bin_dir = postgres.report().bin_dir.clone();
    postgres.stop().await.expect("stops");
    let cluster = data_dir.join("cluster");
    let ca = write_certificates(&cluster, dir.path(), "localhost");
    let port = {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        free.local_addr().expect("its address").port()
    };
    let _running = TlsPostgres::start(&bin_dir, &cluster, port);
    let migrate = |host: &str, parameters: &str| {
        let url = format!("postgres://app:{FIRST}@{host}:{port}/onrecord?{parameters}");
        run(&["migrate", "--database-url", &url])
    };
    let with_ca = format!("sslmode=verify-full&sslrootcert={}", ca.display());
    let start = Instant::now();
    let migrated = loop {
        let ran = migrate("localhost", &with_ca);
        if ran.code == Some(0) || start.elapsed() > PATIENCE {
            break ran;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert_eq!(migrated.code, Some(0), "{migrated:?}");
    // Neither without the CA, nor under another name.
    for (host, parameters) in [
        ("localhost", "sslmode=verify-full"),
        ("127.0.0.1", &with_ca),
    ] {
        let refused = migrate(host, parameters);
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.stderr.contains("certificate"), "{refused:?}");
        assert!(!refused.stderr.contains(FIRST), "{refused:?}");
    }
}
