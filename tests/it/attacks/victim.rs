//! The server that is attacked, and somebody honest who calls it meanwhile.

use std::fs;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use onrecord::client::{Client, ClientOptions};
use onrecord::proto::{EngineKind, ExtractClaimsRequest};

use tonic::Status;

use crate::harness::document;
use crate::process::Serve;

/// How soon an honest call is answered.
const PROMPT: Duration = Duration::from_secs(1);
/// The machine may be busy with other tests for a moment.
const ATTEMPTS: usize = 3;

pub struct Victim {
    process: Serve,
    honest: Client,
    before_kib: u64,
}

impl Victim {
    /// Starts a server without a database, with these settings.
    pub async fn start(args: &[&str]) -> Self {
        let nowhere = ["--database-url", "postgres://127.0.0.1:1/none"];
        let process = tokio::task::block_in_place(|| Serve::spawn(&[&nowhere, args].concat()));
        let options = ClientOptions {
            attempts: 1,
            ..ClientOptions::default()
        };
        let honest = Client::connect_with(process.url(), options).await;
        let mut victim = Self {
            process,
            honest: honest.expect("connect"),
            before_kib: 0,
        };
        // What is loaded only when it is needed is there from then on.
        let read = victim.call(EngineKind::Model).await;
        read.expect("an honest call is answered");
        victim.before_kib = victim.resident_kib();
        victim
    }

    pub fn address(&self) -> SocketAddr {
        self.process.address
    }

    /// Makes an honest call on a connection that was there before, which has to be answered promptly.
    pub async fn answers_promptly(&self) {
        let mut took = Vec::new();
        for _ in 0..ATTEMPTS {
            let begun = Instant::now();
            let answered = self.call(EngineKind::Rules).await;
            answered.expect("an honest call is answered");
            took.push(begun.elapsed());
            if begun.elapsed() < PROMPT {
                return;
            }
        }
        panic!("honest calls took {took:?}");
    }

    /// Whether an honest call is answered at all.
    pub async fn answers(&self) -> bool {
        self.call(EngineKind::Rules).await.is_ok()
    }

    async fn call(&self, engine: EngineKind) -> Result<(), Status> {
        let request = ExtractClaimsRequest {
            document: Some(document("“The bridge is safe,” said Ann Lee.")),
            engine: engine.into(),
            ..Default::default()
        };
        let read = self.honest.extract_claims(request).await?;
        assert_eq!(read.claims.len(), 1);
        Ok(())
    }

    /// Checks that it has grown by less than this since it was started.
    pub fn has_grown_less_than(&self, mib: u64) {
        let grown = self.resident_kib().saturating_sub(self.before_kib) >> 10;
        println!("it has grown by {grown} MiB");
        assert!(grown < mib, "it has grown by {grown} MiB");
    }

    /// How much memory of its own it has now; the rest are pages of the program's file.
    fn resident_kib(&self) -> u64 {
        let pid = self.process.pid();
        let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("it is running");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("RssAnon:"));
        let kib = line.expect("a size").trim().trim_end_matches(" kB");
        kib.parse().expect("a number")
    }
}
