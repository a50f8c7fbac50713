use std::borrow::Cow;
use std::io::{Write, stdout};
use std::process::ExitCode;

use clap::Args;
use futures_util::TryStreamExt;
use serde_json::json;

use super::address::connect;
use crate::api::convert::article::hex;
use crate::config::DatabaseAddress;
use crate::store::{AuditChain, AuditEntry};

/// Print the audit log: who merged, split, edited, corrected, retracted, deleted and reviewed what
///
/// One JSON object a line, first to last, with the state before and after. Each entry is chained to the one before by
/// its hash; the command ends with exit code 1 at the first entry that does not follow from the one before. Of an entry
/// about something that was deleted since, only its number and its hash are left.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord audit > audit.jsonl
  onrecord audit --check                  only whether the chain is whole")]
pub(crate) struct Audit {
    #[command(flatten)]
    database: DatabaseAddress,

    /// Print no entries, only their number and the last hash
    #[arg(long)]
    check: bool,
}

impl Audit {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let store = connect(&self.database).await?;
        let mut out = stdout().lock();
        let mut chain = AuditChain::default();
        let mut last = None;
        {
            let log = store.audit_log();
            let mut log = std::pin::pin!(log);
            while let Some(entry) = log.try_next().await? {
                chain.follow(&entry)?;
                if !self.check {
                    writeln!(out, "{}", printed(&entry))?;
                }
                last = Some(entry);
            }
        }
        chain.finish()?;
        if self.check {
            match last {
                Some(last) => {
                    let hash = hex(&last.hash);
                    writeln!(out, "{} entries, the last with hash {hash}", last.seq)?;
                }
                None => writeln!(out, "no entries")?,
            }
        }
        store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}

fn printed(entry: &AuditEntry) -> Cow<'_, str> {
    if entry.is_erased() {
        let hash = hex(&entry.hash);
        json!({"seq": entry.seq, "erased": true, "hash": hash})
            .to_string()
            .into()
    } else {
        entry.entry.as_str().into()
    }
}
