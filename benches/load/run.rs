//! Making calls at a rate, or as fast as answers come, and timing them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use hdrhistogram::Histogram;
use onrecord::client::Client;
use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tonic::Status;

use super::mixes::Call;

/// More than a call can take: a day.
const LONGEST_US: u64 = 86_400_000_000;

/// Makes a call over one of the connections.
pub type Caller = Arc<dyn Fn(Client, &mut Rng) -> Call + Send + Sync>;

/// When calls are made.
#[derive(Debug, Clone, Copy)]
pub enum Pace {
    /// So many a second, at random times (a Poisson process), whether or not earlier ones were answered.
    Open(f64),
    /// So many callers, each of whom calls again as soon as there is an answer.
    Closed(usize),
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// Latencies of the answers, in µs.
    pub latencies: Histogram<u64>,
    /// Failed calls, by status code.
    pub errors: BTreeMap<String, u64>,
    /// From the first call to the last answer.
    pub elapsed: Duration,
}

impl Outcome {
    fn new() -> Self {
        Self {
            latencies: Histogram::new_with_max(LONGEST_US, 3).expect("three digits"),
            errors: BTreeMap::new(),
            elapsed: Duration::ZERO,
        }
    }

    fn add(&mut self, answer: &Result<(), Status>, latency: Duration) {
        match answer {
            Ok(()) => {
                let micros = u64::try_from(latency.as_micros()).unwrap_or(LONGEST_US);
                self.latencies.saturating_record(micros.max(1));
            }
            Err(status) => {
                *self
                    .errors
                    .entry(format!("{:?}", status.code()))
                    .or_default() += 1;
            }
        }
    }
}

/// Makes calls for as long as `duration`, and waits for the last answer.
pub async fn run(
    pace: Pace,
    clients: &[Client],
    caller: &Caller,
    duration: Duration,
    seed: u64,
) -> Outcome {
    let outcome = Arc::new(Mutex::new(Outcome::new()));
    let start = Instant::now();
    match pace {
        Pace::Open(rate) => {
            let plan = Plan {
                rate,
                clients: clients.to_vec(),
                caller: Arc::clone(caller),
                end: start + duration,
                rng: Rng::with_seed(seed),
            };
            let runtime = Handle::current();
            let into = Arc::clone(&outcome);
            // A thread of its own: the runtime's timers tick in milliseconds.
            let callers = thread::spawn(move || plan.carry_out(&runtime, &into));
            let calls = tokio::task::spawn_blocking(|| callers.join());
            let calls = calls.await.expect("a thread").expect("the plan");
            calls.join_all().await;
        }
        Pace::Closed(callers) => {
            let mut all = JoinSet::new();
            for n in 0..callers {
                let client = clients[n % clients.len()].clone();
                let rng = Rng::with_seed(seed + n as u64);
                let into = Arc::clone(&outcome);
                all.spawn(call_on(
                    client,
                    Arc::clone(caller),
                    rng,
                    start + duration,
                    into,
                ));
            }
            all.join_all().await;
        }
    }
    let mut outcome = lock_in(outcome);
    outcome.elapsed = start.elapsed();
    outcome
}

fn lock_in(outcome: Arc<Mutex<Outcome>>) -> Outcome {
    let outcome = Arc::into_inner(outcome).expect("every call has ended");
    outcome.into_inner().expect("no call panicked")
}

/// Calls again and again until the end.
async fn call_on(
    client: Client,
    caller: Caller,
    mut rng: Rng,
    end: Instant,
    into: Arc<Mutex<Outcome>>,
) {
    loop {
        let start = Instant::now();
        if start >= end {
            return;
        }
        let answer = caller(client.clone(), &mut rng).await;
        let latency = start.elapsed();
        into.lock().expect("no call panicked").add(&answer, latency);
    }
}

/// Calls at a rate.
struct Plan {
    rate: f64,
    clients: Vec<Client>,
    caller: Caller,
    end: Instant,
    rng: Rng,
}

impl Plan {
    /// Starts every call at its time. Its latency counts from that time: if the caller is late, the wait is part of it.
    fn carry_out(mut self, runtime: &Handle, into: &Arc<Mutex<Outcome>>) -> JoinSet<()> {
        let mut calls = JoinSet::new();
        let mut due = Instant::now();
        for client in self.clients.iter().cycle() {
            let gap = -(1.0 - self.rng.f64()).ln() / self.rate;
            due += Duration::from_secs_f64(gap);
            if due >= self.end {
                break;
            }
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let call = (self.caller)(client.clone(), &mut self.rng);
            let into = Arc::clone(into);
            let timed = async move {
                let answer = call.await;
                let latency = due.elapsed();
                into.lock().expect("no call panicked").add(&answer, latency);
            };
            calls.spawn_on(timed, runtime);
            while calls.try_join_next().is_some() {}
        }
        calls
    }
}
