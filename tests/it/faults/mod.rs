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

use futures_util::{StreamExt, stream};
use rounds::Stage;

/// How long servers may take to be as before.
const RECOVERY: Duration = Duration::from_secs(30);
/// As many rounds as fit in here are played where no number is given.
const TIME: Duration = Duration::from_mins(1);
/// After so many rounds, servers and database are made anew: checks read all that was stored.
const ROUNDS_OF_A_STAGE: u64 = 25;
/// Stages that are played on at once where many rounds are asked for: most of a round is waiting.
const STAGES_AT_ONCE: usize = 4;

fn variable<T: FromStr>(name: &str) -> Option<T> {
    let value = std::env::var(name).ok()?;
    let parsed = value.parse().ok();
    assert!(parsed.is_some(), "{name} is {value}, which is no number");
    parsed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_acknowledged_is_lost_whatever_goes_wrong() {
    let rounds: Option<u64> = variable("ONRECORD_FAULT_ROUNDS");
    let first = variable("ONRECORD_FAULT_SEED").unwrap_or_else(|| fastrand::u64(..1_000_000_000));
    println!("the first seed is {first}");
    let Some(rounds) = rounds else {
        return play_for(TIME, first).await;
    };
    let stages = (0..rounds.div_ceil(ROUNDS_OF_A_STAGE)).map(|stage| {
        let seed = first + stage * ROUNDS_OF_A_STAGE;
        let last = (seed + ROUNDS_OF_A_STAGE).min(first + rounds);
        async move {
            if let Some(mut stage) = Stage::set().await {
                for seed in seed..last {
                    stage.play(seed).await;
                }
            }
        }
    });
    let stages = stream::iter(stages).buffer_unordered(STAGES_AT_ONCE);
    stages.collect::<()>().await;
}

async fn play_for(time: Duration, first: u64) {
    let begun = Instant::now();
    let Some(mut stage) = Stage::set().await else {
        return;
    };
    for seed in first.. {
        stage.play(seed).await;
        if begun.elapsed() > time {
            return;
        }
    }
}
