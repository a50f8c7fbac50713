//! The audit log: who changed what, with the state before and after. Triggers of the database write it, at the commit of
//! each change (migration 0045).

use futures_util::{Stream, TryStreamExt};
use sha2::{Digest, Sha256};

use super::db::{Store, StoreError};

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditEntry {
    /// Its number: 1, 2 and so on, without gaps.
    pub seq: i64,
    /// A JSON object; exactly these characters are hashed.
    pub entry: String,
    /// SHA-256 of the hash of the entry before, nothing for the first, and of `entry`.
    pub hash: Vec<u8>,
}

const LIST: &str = "SELECT seq, entry, hash FROM audit_log ORDER BY seq";

/// The statements of this file.
pub(in crate::store) const STATEMENTS: &[(&str, &str)] = &[("audit::LIST", LIST)];

impl Store {
    /// All entries of the audit log, first to last.
    pub fn audit_log(&self) -> impl Stream<Item = Result<AuditEntry, StoreError>> + '_ {
        sqlx::query_as(LIST)
            .fetch(&self.pool)
            .map_err(StoreError::from)
    }
}

/// Follows the log from entry to entry and finds where one was changed, removed or put in between.
#[derive(Debug, Default)]
pub struct AuditChain {
    seq: i64,
    hash: Vec<u8>,
}

/// An entry that does not follow from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq} of the audit log does not follow from the one before: the log was changed")]
pub struct ChainBroken {
    /// The first such entry.
    pub seq: i64,
}

impl AuditChain {
    /// Takes the next entry.
    ///
    /// # Errors
    /// [`ChainBroken`] if it does not follow from the one before.
    pub fn follow(&mut self, next: &AuditEntry) -> Result<(), ChainBroken> {
        let hash = Sha256::new()
            .chain_update(&self.hash)
            .chain_update(&next.entry)
            .finalize();
        if next.seq != self.seq + 1 || hash.as_slice() != next.hash {
            return Err(ChainBroken { seq: next.seq });
        }
        self.seq = next.seq;
        self.hash.clone_from(&next.hash);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::{AuditChain, AuditEntry, ChainBroken};

    fn log(entries: &[&str]) -> Vec<AuditEntry> {
        let mut hash = Vec::new();
        let chained = (1..).zip(entries).map(|(seq, entry)| {
            hash = Sha256::digest([&hash, entry.as_bytes()].concat()).to_vec();
            AuditEntry {
                seq,
                entry: (*entry).to_owned(),
                hash: hash.clone(),
            }
        });
        chained.collect()
    }

    fn check(log: &[AuditEntry], broken: Option<i64>) {
        let mut chain = AuditChain::default();
        let outcome = log.iter().try_for_each(|entry| chain.follow(entry));
        assert_eq!(outcome.err(), broken.map(|seq| ChainBroken { seq }));
    }

    #[test]
    fn what_was_done_to_a_log_shows() {
        let whole = log(&["a", "b", "c"]);
        check(&whole, None);
        check(&[], None);
        let mut changed = whole.clone();
        changed[1].entry = "B".to_owned();
        check(&changed, Some(2));
        let mut removed = whole.clone();
        removed.remove(1);
        check(&removed, Some(3));
        let mut reordered = whole;
        reordered.swap(0, 1);
        check(&reordered, Some(2));
    }
}
