//! Random faults under load: Postgres is killed, frozen, cut off and filled up, servers are killed, and what was
//! acknowledged stays, once, and everything serves again without a restart.

mod errors;
mod invariants;
mod ledger;
mod load;
mod postgres;
mod reads;
mod rounds;
mod script;
mod servers;
mod watcher;
mod writes;

use std::str::FromStr;
use std::time::{Duration, Instant};

use rounds::Stage;

/// How long servers may take to be as before.
const RECOVERY: Duration = Duration::from_secs(30);
/// As many rounds as fit in here are played where no number is given.
const TIME: Duration = Duration::from_mins(1);
/// After so many rounds, servers and database are made anew: checks read all that was stored.
const ROUNDS_OF_A_STAGE: u64 = 25;

fn variable<T: FromStr>(name: &str) -> Option<T> {
    let value = std::env::var(name).ok()?;
    let parsed = value.parse().ok();
    assert!(parsed.is_some(), "{name} is {value}, which is no number");
    parsed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_acknowledged_is_lost_whatever_goes_wrong() {
    let rounds: Option<u64> = variable("ONRECORD_FAULT_ROUNDS");
    let seed = variable("ONRECORD_FAULT_SEED").unwrap_or_else(|| fastrand::u64(..1_000_000_000));
    println!("the first seed is {seed}");
    let begun = Instant::now();
    let goes_on = |round| match rounds {
        Some(rounds) => round < rounds,
        None => begun.elapsed() < TIME,
    };
    let mut stage = None;
    for round in (0..).take_while(|round| goes_on(*round)) {
        if round % ROUNDS_OF_A_STAGE == 0 {
            drop(stage.take());
            stage = Stage::set().await;
        }
        let Some(stage) = &mut stage else {
            return;
        };
        stage.play(seed + round, rounds.is_some()).await;
    }
}
