//! Clients that make every kind of call, at random, until they are told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fastrand::Rng;
use onrecord::client::Client;
use tokio::task::JoinSet;
use tonic::Status;

use super::errors::wrong;
use super::ledger::Ledger;
use super::servers::Servers;

/// Far longer than any call may take, whatever goes wrong.
const HANGS: Duration = Duration::from_secs(30);
/// After an error, so that a server that refuses at once is not asked thousands of times.
const PAUSE: Duration = Duration::from_millis(20);

/// The clients of one round.
pub struct Load {
    stop: Arc<AtomicBool>,
    callers: JoinSet<()>,
}

/// One client.
pub struct Caller {
    pub client: Client,
    pub random: Rng,
    pub ledger: Arc<Ledger>,
    /// Differs from that of every other caller of every round.
    pub id: String,
    /// How many writes it has given a reason of their own.
    pub reasons: usize,
    /// Documents it has stored and may correct.
    pub own: Vec<usize>,
    /// Whether its connection may break.
    pub lost: bool,
}

impl Load {
    /// Starts so many clients, half of them on each server.
    pub async fn start(
        servers: &Servers,
        ledger: &Arc<Ledger>,
        random: &mut Rng,
        clients: usize,
        lost: bool,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut callers = JoinSet::new();
        let round = random.u32(..);
        for (number, server) in (0..clients).zip(servers.0.iter().cycle()) {
            let caller = Caller {
                client: server.client().await,
                random: random.fork(),
                ledger: Arc::clone(ledger),
                id: format!("{round}-{number}"),
                reasons: 0,
                own: Vec::new(),
                lost,
            };
            callers.spawn(caller.run(Arc::clone(&stop)));
        }
        Self { stop, callers }
    }

    /// Lets every client finish its call.
    pub async fn stop(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        while let Some(ended) = self.callers.join_next().await {
            ended.expect("a client does not panic");
        }
    }
}

impl Caller {
    async fn run(mut self, stop: Arc<AtomicBool>) {
        while !stop.load(Ordering::Relaxed) {
            let writes = self.random.bool();
            let call = async {
                if writes {
                    self.write().await
                } else {
                    self.read().await
                }
            };
            let Ok((rpc, outcome)) = tokio::time::timeout(HANGS, call).await else {
                let kind = if writes { "write" } else { "read" };
                self.ledger
                    .violation(format!("a {kind} was never answered"));
                continue;
            };
            match outcome {
                Ok(()) => self.ledger.records().answered += 1,
                Err(status) => {
                    self.judge(rpc, &status);
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Notes an error, and whether it may be.
    pub fn judge(&self, rpc: &str, status: &Status) {
        self.ledger.records().failed += 1;
        if let Some(wrong) = wrong(status, self.lost) {
            self.ledger.violation(format!("{rpc} failed: {wrong}"));
        }
    }

    /// A reason that no other write has.
    pub fn reason(&mut self) -> String {
        self.reasons += 1;
        format!("{}-{}", self.id, self.reasons)
    }
}
