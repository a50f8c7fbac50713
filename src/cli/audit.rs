use std::io::{Write, stdout};
use std::process::ExitCode;

use clap::Args;
use futures_util::TryStreamExt;

use crate::store::{AuditChain, PoolOptions, Store};

/// Print the audit log: who merged, split, edited, corrected, retracted and reviewed what
///
/// One JSON object a line, first to last, with the state before and after. Each entry is chained to the one before by
/// its hash; the command ends with exit code 1 at the first entry that does not follow from the one before.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord audit > audit.jsonl
  onrecord audit --check                  only whether the chain is whole")]
pub(super) struct Audit {
    /// The database, as a postgres:// URL
    #[arg(
        long,
        env = "ONRECORD_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    database_url: String,

    /// Print no entries, only their number and the last hash
    #[arg(long)]
    check: bool,
}

impl Audit {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let store = Store::connect_url(&self.database_url, PoolOptions::default())?;
        let mut out = stdout().lock();
        let mut chain = AuditChain::default();
        let mut last = None;
        {
            let log = store.audit_log();
            let mut log = std::pin::pin!(log);
            while let Some(entry) = log.try_next().await? {
                chain.follow(&entry)?;
                if !self.check {
                    writeln!(out, "{}", entry.entry)?;
                }
                last = Some(entry);
            }
        }
        if self.check {
            match last {
                Some(last) => {
                    write!(out, "{} entries, the last with hash ", last.seq)?;
                    for byte in last.hash {
                        write!(out, "{byte:02x}")?;
                    }
                    writeln!(out)?;
                }
                None => writeln!(out, "no entries")?,
            }
        }
        store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
