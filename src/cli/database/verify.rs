use std::io::{Write, stdout};
use std::process::ExitCode;

use clap::Args;

use super::address::connect;
use crate::config::DatabaseAddress;
use crate::store::Verified;

/// Check that what is stored agrees with itself, for example after a restore
///
/// Reads the database as of one moment and changes nothing. Prints a line for each check; the exit code is 1 if any
/// failed.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  ONRECORD_DATABASE_URL=postgres://onrecord@db.example/onrecord onrecord verify")]
pub(crate) struct Verify {
    #[command(flatten)]
    database: DatabaseAddress,
}

impl Verify {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let store = connect(&self.database).await?;
        let mut verification = store.verification().await?;
        let counts = verification.counts().await?;
        writeln!(
            stdout(),
            "{} articles with {} earlier revisions, {} claims, {} actors, {} propositions, {} events",
            counts.articles,
            counts.revisions,
            counts.claims,
            counts.actors,
            counts.propositions,
            counts.events,
        )?;
        let clean = verification.check(|verified| {
            // Standard output may be closed; the exit code still tells.
            let _ = writeln!(stdout(), "{}", line(verified));
        });
        let clean = clean.await?;
        store.close().await;
        Ok(if clean {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

fn line(verified: &Verified) -> String {
    let Verified {
        check,
        violations,
        example,
    } = verified;
    match (violations, example) {
        (0, _) => format!("ok      {check}"),
        (count, Some(example)) => format!("FAILED  {check}: {count}, such as {example}"),
        (count, None) => format!("FAILED  {check}: {count}"),
    }
}
