//! Somebody who watches all claims, and goes on where the stream broke, on the other server.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use onrecord::proto::claim_service_client::ClaimServiceClient;
use onrecord::proto::{ClaimChangeKind, WatchClaimsRequest};
use tokio::task::JoinHandle;
use tonic::Status;
use tonic::transport::Endpoint;

use super::errors::wrong;
use super::ledger::Ledger;

const PAUSE: Duration = Duration::from_millis(50);
const CONNECT: Duration = Duration::from_secs(1);

pub struct Watcher {
    /// How often each claim was said to have come.
    created: Arc<Mutex<BTreeMap<String, usize>>>,
    watching: JoinHandle<()>,
}

impl Watcher {
    /// Watches from the beginning, first on the first of these servers.
    pub fn start(urls: [String; 2], ledger: Arc<Ledger>, token: String) -> Self {
        let created = Arc::default();
        let watching = tokio::spawn(watch(urls, Arc::clone(&created), ledger, token));
        Self { created, watching }
    }

    /// Which of these claims it was not told of.
    pub fn missing(&self, claims: &[String]) -> Vec<String> {
        let created = self.created.lock().expect("no panic");
        let missing = claims.iter().filter(|claim| !created.contains_key(*claim));
        missing.cloned().collect()
    }

    /// Which claims it was told of more than once.
    pub fn doubled(&self) -> Vec<String> {
        let created = self.created.lock().expect("no panic");
        let doubled = created.iter().filter(|(_, count)| **count > 1);
        doubled.map(|(claim, _)| claim.clone()).collect()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.watching.abort();
    }
}

/// The token of the present, from which on everything is seen.
pub async fn first_token(url: String) -> String {
    let request = WatchClaimsRequest::default();
    let mut client = client(url);
    let mut messages = client
        .watch_claims(request)
        .await
        .expect("watch")
        .into_inner();
    let first = messages.message().await.expect("a message");
    first.expect("a message").resume_token
}

fn client(url: String) -> ClaimServiceClient<tonic::transport::Channel> {
    let endpoint = Endpoint::from_shared(url).expect("an address");
    ClaimServiceClient::new(endpoint.connect_timeout(CONNECT).connect_lazy())
}

async fn watch(
    urls: [String; 2],
    created: Arc<Mutex<BTreeMap<String, usize>>>,
    ledger: Arc<Ledger>,
    mut token: String,
) {
    for url in urls.iter().cycle() {
        let mut client = client(url.clone());
        let Err(status) = follow(&mut client, &created, &mut token).await;
        // Its server may be killed at any time.
        if let Some(wrong) = wrong(&status, true) {
            ledger.violation(format!("WatchClaims failed: {wrong}"));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Notes what comes until the stream breaks.
async fn follow(
    client: &mut ClaimServiceClient<tonic::transport::Channel>,
    created: &Mutex<BTreeMap<String, usize>>,
    token: &mut String,
) -> Result<std::convert::Infallible, Status> {
    let request = WatchClaimsRequest {
        resume_token: token.clone(),
        ..WatchClaimsRequest::default()
    };
    let mut messages = client.watch_claims(request).await?.into_inner();
    loop {
        let message = messages.message().await?;
        let message = message.ok_or_else(|| Status::internal("a watch ended with OK"))?;
        token.clone_from(&message.resume_token);
        if message.kind() == ClaimChangeKind::Created
            && let Some(claim) = message.claim
        {
            *created
                .lock()
                .expect("no panic")
                .entry(claim.name)
                .or_default() += 1;
        }
    }
}
