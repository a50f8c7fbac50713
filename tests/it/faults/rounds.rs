//! The rounds: something goes wrong under load, is mended, and the servers have to be as before.

use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use sqlx::PgConnection;
use tonic_health::pb::health_check_response::ServingStatus::{NotServing, Serving};

use super::RECOVERY;
use super::invariants;
use super::ledger::Ledger;
use super::load::Load;
use super::postgres::Postgres;
use super::script::{Fault, Script, Step, Until};
use super::servers::{Server, Servers};
use super::watcher::{Watcher, first_token};
use super::writes::ingest;
use crate::harness::Network;

/// How long the servers may take to notice that the database is gone.
const NOTICE: Duration = Duration::from_secs(10);
/// How long the load goes on when everything is well again.
const AFTERWARDS: Duration = Duration::from_millis(100);
const POLL: Duration = Duration::from_millis(50);

/// Two servers, their database, and those who watch: used for many rounds.
pub struct Stage {
    postgres: Postgres,
    servers: Servers,
    watchers: [Watcher; 2],
    ledger: Arc<Ledger>,
}

impl Stage {
    /// `None` where the machine has no Postgres but was told where to find one.
    pub async fn set() -> Option<Self> {
        let postgres = Postgres::start().await?;
        let servers = Servers::start(&postgres).await;
        assert!(servers.report(Serving, RECOVERY).await, "never ready");
        let ledger = Arc::new(Ledger::default());
        let [one, two] = servers.0.each_ref().map(Server::url);
        let token = first_token(one.clone()).await;
        let watchers = [[one.clone(), two.clone()], [two, one]]
            .map(|urls| Watcher::start(urls, Arc::clone(&ledger), token.clone()));
        Some(Self {
            postgres,
            servers,
            watchers,
            ledger,
        })
    }

    /// Plays the round of this seed.
    pub async fn play(&mut self, seed: u64) {
        let mut random = Rng::with_seed(seed);
        let script = Script::random(&mut random, self.postgres.small_disk);
        let first_new = self.ledger.records().documents;
        let lost = script.kills_servers();
        let (servers, ledger) = (&self.servers, &self.ledger);
        let load = Load::start(servers, ledger, &mut random, script.clients, lost).await;
        for step in &script.steps {
            self.perform(step).await;
        }
        tokio::time::sleep(AFTERWARDS).await;
        load.stop().await;
        self.check(first_new).await;
        for server in &self.servers.0 {
            server.proxy.forget();
        }
        self.report(seed, &script);
    }

    async fn perform(&mut self, step: &Step) {
        tokio::time::sleep(step.pause).await;
        let taken = self.inject(step.fault).await;
        match step.until {
            Until::After(time) => tokio::time::sleep(time).await,
            Until::NotServing => {
                if !self.servers.report(NotServing, NOTICE).await {
                    let fault = step.fault;
                    self.ledger
                        .violation(format!("still serving in spite of {fault:?}"));
                }
            }
        }
        drop(taken);
        self.mend().await;
        let mended = Instant::now();
        self.recover().await;
        println!("as before {:?} after {:?}", mended.elapsed(), step.fault);
    }

    /// Makes something go wrong. It stays so until it is mended, and what is returned is dropped.
    async fn inject(&mut self, fault: Fault) -> Vec<PgConnection> {
        match fault {
            Fault::PostgresKilled => self.postgres.kill(),
            Fault::PostgresStopped => self.postgres.stop(),
            Fault::PostgresFrozen => self.postgres.freeze(),
            Fault::BackendKilled => self.postgres.crash_one_backend().await,
            Fault::ConnectionsEnded => {
                let mut connection = self.postgres.connection().await;
                Postgres::end_connections(&mut connection).await;
            }
            Fault::ConnectionsTaken => return self.postgres.take_connections().await,
            Fault::DiskFull => self.postgres.fill_disk(),
            Fault::Network(which, network) => {
                for server in which.of(&self.servers.0) {
                    server.proxy.set(network);
                }
            }
            Fault::ConnectionsReset(which) => {
                for server in which.of(&self.servers.0) {
                    server.proxy.reset();
                }
            }
            Fault::ConnectionsLost(which) => {
                for server in which.of(&self.servers.0) {
                    server.proxy.lose();
                    server.proxy.set(Network::Silent);
                }
            }
            Fault::ServerKilled(which) => {
                for server in which.of(&self.servers.0) {
                    server.kill();
                }
            }
        }
        Vec::new()
    }

    /// Puts everything right, whatever went wrong.
    async fn mend(&mut self) {
        self.postgres.free_disk();
        self.postgres.thaw();
        self.postgres.ensure_running().await;
        for server in &self.servers.0 {
            server.proxy.set(Network::Fine);
            server.ensure_running();
        }
    }

    /// Waits until both servers serve and store again.
    async fn recover(&self) {
        let deadline = Instant::now() + RECOVERY;
        if !self.servers.report(Serving, RECOVERY).await {
            self.ledger.violation("not serving again in time");
        }
        for server in &self.servers.0 {
            let client = server.client().await;
            let number = self.ledger.records().next_document();
            let stored = loop {
                match client.ingest_article(ingest(number)).await {
                    Ok(response) => break response,
                    Err(status) if Instant::now() > deadline => {
                        let meanwhile = self.postgres.activity().await;
                        let wrong = format!("not storing again in time: {status:?}\n{meanwhile}");
                        return self.ledger.violation(wrong);
                    }
                    Err(_) => tokio::time::sleep(POLL).await,
                }
            };
            let name = stored.article.unwrap_or_default().name;
            self.ledger.records().articles.insert(number, name);
        }
    }

    async fn check(&self, first_new: usize) {
        let ledger = &self.ledger;
        let mut connection = self.postgres.connection().await;
        invariants::nothing_is_doubled(&self.servers.0[0], ledger, first_new).await;
        invariants::nothing_is_lost(&mut connection, ledger).await;
        invariants::nothing_is_missed(&mut connection, &self.watchers, ledger).await;
        invariants::verify(&self.postgres, ledger);
        for server in &self.servers.0 {
            if server.log().contains("panicked") {
                ledger.violation("a server panicked");
            }
        }
    }

    /// Fails if something was not as it must be.
    fn report(&self, seed: u64, script: &Script) {
        let records = self.ledger.records();
        let (answered, failed) = (records.answered, records.failed);
        println!("round {seed}: {answered} calls answered and {failed} failed so far; {script:?}");
        if records.violations.is_empty() {
            return;
        }
        let [one, two] = self.servers.0.each_ref().map(|server| tail(&server.log()));
        panic!(
            "the round of seed {seed} failed:\n{:#?}\n\n{}\n\nthe first server:\n{one}\n\nthe second:\n{two}\n\n\
             Postgres:\n{}\n",
            script,
            records.violations.join("\n"),
            self.postgres.log(),
        );
    }
}

/// The end of a log.
fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().rev().take(20).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
