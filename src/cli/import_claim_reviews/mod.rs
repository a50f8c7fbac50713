mod claim_review;
mod find;
mod values;

use std::fs;
use std::io::{Read, Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use futures_util::{StreamExt, TryStreamExt, stream};

use claim_review::fact_check;
use find::{Found, find};

use super::target::Target;
use crate::client::Client;
use crate::proto::import_claim_review_result::Outcome;
use crate::proto::{FactCheck, FactCheckChange, ImportClaimReviewsRequest, ImportedClaimReview};
use crate::telemetry::{report_failure, report_notice};

/// How many fact checks are sent at once: few enough to be matched well within the time that a call may take.
const AT_ONCE: usize = 10;

/// Send published fact checks (schema.org ClaimReview) to a running server, which matches them to its claims
///
/// Reads JSON-LD: a ClaimReview, an array, a graph, one per line, a whole page's markup, or a feed such as that of Data
/// Commons. Safe to repeat: a fact check that is known is updated, and matched to the claims that were stored since.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord import-claim-reviews fact-checks.jsonld
  onrecord import-claim-reviews --server http://onrecord:50051 feed.json
  curl -s https://checks.example/feed.json | onrecord import-claim-reviews -")]
pub(super) struct ImportClaimReviews {
    /// Files to read, `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    target: Target,

    /// Maximum number of calls in flight, each with ten fact checks
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    in_flight: u16,
}

/// What became of the fact checks.
#[derive(Debug, Default)]
struct Tally {
    new: usize,
    updated: usize,
    known: usize,
    failed: usize,
    matched: usize,
    claims: usize,
}

/// A fact check, and where it stands.
type Placed = (String, FactCheck);

impl ImportClaimReviews {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let mut tally = Tally::default();
        let mut fact_checks = Vec::new();
        for path in &self.files {
            read(path, &mut fact_checks, &mut tally)?;
        }
        let client = self.target.connect().await?;
        let calls: Vec<_> = fact_checks
            .chunks(AT_ONCE)
            .map(|some| send(&client, some))
            .collect();
        let mut calls = stream::iter(calls).buffer_unordered(self.in_flight.into());
        while let Some(outcomes) = calls.try_next().await? {
            for (place, outcome) in outcomes {
                tally.add(&place, outcome);
            }
        }
        tally.print()
    }
}

/// Reads the fact checks in a file, and tells what is left out.
fn read(path: &Path, fact_checks: &mut Vec<Placed>, tally: &mut Tally) -> anyhow::Result<()> {
    let name = path.display().to_string();
    let mut text = String::new();
    let read = if path == Path::new("-") {
        stdin().read_to_string(&mut text).map(|_| ())
    } else {
        fs::read_to_string(path).map(|whole| text = whole)
    };
    read.with_context(|| format!("cannot read {name}"))?;
    for (place, found) in find(&name, &text)? {
        match found {
            Found::ClaimReview(review) => match fact_check(&review) {
                Ok((fact_check, left_out)) => {
                    for part in left_out {
                        report_notice(&format!("{place}: {part} is left out"));
                    }
                    fact_checks.push((place, fact_check));
                }
                Err(error) => tally.fail(&place, &error.to_string()),
            },
            Found::Nothing => report_notice(&format!("{place}: skipped, no ClaimReview in it")),
            Found::Broken(error) => tally.fail(&place, &error.to_string()),
        }
    }
    Ok(())
}

async fn send(client: &Client, some: &[Placed]) -> anyhow::Result<Vec<(String, Outcome)>> {
    let request = ImportClaimReviewsRequest {
        fact_checks: some.iter().map(|(_, one)| one.clone()).collect(),
        ..ImportClaimReviewsRequest::default()
    };
    let answer = client.import_claim_reviews(request).await;
    let answer = answer.map_err(|status| anyhow::anyhow!("{}", status.message()))?;
    let outcomes = answer.results.into_iter().filter_map(|one| one.outcome);
    let places = some.iter().map(|(place, _)| place.clone());
    Ok(places.zip(outcomes).collect())
}

impl Tally {
    fn add(&mut self, place: &str, outcome: Outcome) {
        match outcome {
            Outcome::Imported(imported) => self.count(&imported),
            Outcome::Error(error) => {
                // Without the place in the request.
                let message = error.message.split_once("].");
                self.fail(place, message.map_or(&error.message, |(_, rest)| rest));
            }
        }
    }

    fn count(&mut self, imported: &ImportedClaimReview) {
        match imported.change() {
            FactCheckChange::Created => self.new += 1,
            FactCheckChange::Updated => self.updated += 1,
            FactCheckChange::Unchanged | FactCheckChange::Unspecified => self.known += 1,
        }
        let matches = imported
            .fact_check
            .as_ref()
            .map_or(0, |one| one.matches.len());
        self.matched += usize::from(matches > 0);
        self.claims += matches;
    }

    fn fail(&mut self, place: &str, error: &str) {
        self.failed += 1;
        report_failure(&format!("{place}: {error}"));
    }

    fn print(&self) -> anyhow::Result<ExitCode> {
        let Self {
            new,
            updated,
            known,
            failed,
            matched,
            claims,
        } = self;
        writeln!(
            stdout(),
            "{} fact checks: {new} new, {updated} updated, {known} known already, {failed} failed; {matched} match {claims} \
             claims",
            new + updated + known + failed,
        )?;
        Ok(if *failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}
