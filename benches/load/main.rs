//! Puts a running server under load and prints latencies:
//! `cargo bench --bench load -- --server http://localhost:50051 --mix get,list --rate 200 --duration 30`, or with
//! `--callers 8` instead of a rate as many calls as it answers.

#![allow(clippy::expect_used, reason = "a bench fails by panicking")]

mod mixes;
mod report;
mod run;
mod sample;

use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use fastrand::Rng;
use onrecord::client::{Client, ClientOptions};

use mixes::MIXES;
use report::Row;
use run::{Caller, Pace};
use sample::Sample;

/// What to ask, whom, and how often
#[derive(Debug, Parser)]
struct Options {
    /// The server
    #[arg(
        long,
        env = "ONRECORD_SERVER",
        default_value = "http://127.0.0.1:50051"
    )]
    server: String,
    /// What is asked for, one run each
    #[arg(long, value_delimiter = ',', default_value = "get,list-actor,list-kind,list-time",
          value_parser = PossibleValuesParser::new(MIXES.iter().map(|(name, _)| *name)))]
    mix: Vec<String>,
    /// Calls a second
    #[arg(long, default_value_t = 200.0)]
    rate: f64,
    /// Instead of a rate: so many callers, each of whom calls again as soon as there is an answer
    #[arg(long, conflicts_with = "rate")]
    callers: Option<usize>,
    /// Seconds a run takes
    #[arg(long, default_value_t = 30)]
    duration: u64,
    /// Seconds of the same before, which are not counted
    #[arg(long, default_value_t = 5)]
    warmup: u64,
    /// Connections to the server
    #[arg(long, default_value_t = 4)]
    connections: usize,
    /// Claims that requests are made of
    #[arg(long, default_value_t = 20_000)]
    sample: usize,
    /// Draws other requests
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
    /// What cargo passes
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() {
    let options = Options::parse();
    let clients = connect(&options).await;
    let mut rng = Rng::with_seed(options.seed);
    let sample = Sample::take(&clients[0], options.sample, &mut rng).await;
    let sample = Arc::new(sample.expect("claims to ask for"));
    let pace = options
        .callers
        .map_or(Pace::Open(options.rate), Pace::Closed);
    let mut rows = Vec::new();
    for mix in &options.mix {
        let caller = caller(mix, &sample);
        let [warmup, duration] = [options.warmup, options.duration].map(Duration::from_secs);
        run::run(pace, &clients, &caller, warmup, rng.u64(..)).await;
        let outcome = run::run(pace, &clients, &caller, duration, rng.u64(..)).await;
        let mix = mix.clone();
        rows.push(Row { mix, pace, outcome });
    }
    let print = if options.json {
        report::json
    } else {
        report::table
    };
    println!("{}", print(&rows));
}

/// Errors count as they come: nothing is tried again.
async fn connect(options: &Options) -> Vec<Client> {
    let once = ClientOptions {
        attempts: 1,
        ..ClientOptions::default()
    };
    let mut clients = Vec::new();
    for _ in 0..options.connections {
        let client = Client::connect_with(options.server.clone(), once).await;
        clients.push(client.expect("the server"));
    }
    clients
}

fn caller(mix: &str, sample: &Arc<Sample>) -> Caller {
    let draws = MIXES.iter().find(|(name, _)| *name == mix);
    let (_, draws) = draws.expect("clap lets no other name through");
    let sample = Arc::clone(sample);
    Arc::new(move |client, rng| mixes::draw(draws, client, &sample, rng))
}
