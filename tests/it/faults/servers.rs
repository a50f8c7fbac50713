//! Two servers on one database, each behind a proxy of its own.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use nix::sys::signal::Signal;
use onrecord::client::{Client, ClientOptions};
use tokio::task::block_in_place;
use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::postgres::Postgres;
use crate::harness::Proxy;
use crate::process::Serve;

/// A server gives up a call after this many seconds, so that a round does not take long.
const REQUEST_TIMEOUT: &str = "3";
/// How long a client waits: longer than a server does.
const DEADLINE: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(20);

pub struct Servers(pub [Server; 2]);

pub struct Server {
    pub proxy: Proxy,
    pub address: SocketAddr,
    process: Mutex<Option<Serve>>,
}

impl Servers {
    pub async fn start(postgres: &Postgres) -> Self {
        Self([Server::start(postgres).await, Server::start(postgres).await])
    }

    /// Waits until both report this, and returns whether they did in time.
    pub async fn report(&self, wanted: ServingStatus, at_most: Duration) -> bool {
        let each = self.0.each_ref().map(|server| server.reports(wanted));
        let all = futures_util::future::join_all(each);
        tokio::time::timeout(at_most, all).await.is_ok()
    }
}

impl Server {
    async fn start(postgres: &Postgres) -> Self {
        let proxy = Proxy::start(postgres.socket()).await;
        let process = spawn(&proxy, "127.0.0.1:0");
        Self {
            proxy,
            address: process.address,
            process: Mutex::new(Some(process)),
        }
    }

    /// The address as clients take it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client that tries once, so that every error is seen.
    pub async fn client(&self) -> Client {
        let options = ClientOptions {
            attempts: 1,
            deadline: DEADLINE,
            ..ClientOptions::default()
        };
        let client = Client::connect_with(self.url(), options).await;
        client.expect("connect to a running server")
    }

    /// Kills the process.
    pub fn kill(&self) {
        if let Some(mut process) = self.process.lock().expect("no panic").take() {
            process.signal(Signal::SIGKILL);
            block_in_place(|| process.wait());
        }
    }

    /// Starts a process on the same port if there is none.
    pub fn ensure_running(&self) {
        let mut process = self.process.lock().expect("no panic");
        process.get_or_insert_with(|| spawn(&self.proxy, &self.address.to_string()));
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        let process = self.process.lock().expect("no panic");
        process.as_ref().map(Serve::log).unwrap_or_default()
    }

    /// Waits until it reports this of itself as a whole.
    pub async fn reports(&self, wanted: ServingStatus) {
        let endpoint = Endpoint::from_shared(self.url()).expect("an address");
        let mut health = HealthClient::new(endpoint.connect_lazy());
        loop {
            let request = HealthCheckRequest::default();
            let check = tokio::time::timeout(DEADLINE, health.check(request));
            if let Ok(Ok(response)) = check.await
                && response.into_inner().status() == wanted
            {
                return;
            }
            tokio::time::sleep(POLL).await;
        }
    }
}

fn spawn(proxy: &Proxy, listen: &str) -> Serve {
    let url = format!(
        "postgres://onrecord@{}/onrecord?sslmode=disable",
        proxy.address
    );
    block_in_place(|| {
        Serve::spawn(&[
            "--listen",
            listen,
            "--database-url",
            &url,
            "--database-connections",
            "8",
            "--request-timeout",
            REQUEST_TIMEOUT,
        ])
    })
}
