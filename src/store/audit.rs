//! The audit log: who changed what, with the state before and after. Triggers of the database write it, at the commit of
//! each change (migration 0045).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{Stream, TryStreamExt};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::db::{Store, StoreError};

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditEntry {
    /// Its number: 1, 2 and so on, without gaps.
    pub seq: i64,
    /// A JSON object; exactly these characters are hashed. Empty if they were erased because what the entry is about was
    /// deleted.
    pub entry: String,
    /// SHA-256 of the hash of the entry before, nothing for the first, and of `entry`.
    pub hash: Vec<u8>,
}

impl AuditEntry {
    /// Whether its words were erased.
    #[must_use]
    pub const fn is_erased(&self) -> bool {
        self.entry.is_empty()
    }
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

/// Follows the log from entry to entry and finds where one was changed, removed or put in between. An entry whose words
/// were erased stands for itself by its hash, if an entry on a deletion that follows says so.
#[derive(Debug, Default)]
pub struct AuditChain {
    seq: i64,
    hash: Vec<u8>,
    /// Erased entries that no deletion has accounted for yet, by number.
    erased: BTreeMap<i64, Erased>,
}

/// An erased entry: its hash, and that of the entry before it. Both in base64.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Erased {
    hash: String,
    follows: String,
}

/// What an entry says of others.
#[derive(Debug, Default, Deserialize)]
struct Erasures {
    #[serde(default)]
    action: String,
    #[serde(default)]
    erased: Vec<Erasure>,
}

#[derive(Debug, Deserialize)]
struct Erasure {
    seq: i64,
    #[serde(flatten)]
    erased: Erased,
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
        let broken = ChainBroken { seq: next.seq };
        if next.seq != self.seq + 1 {
            return Err(broken);
        }
        if next.is_erased() {
            let erased = Erased {
                hash: STANDARD.encode(&next.hash),
                follows: STANDARD.encode(&self.hash),
            };
            self.erased.insert(next.seq, erased);
        } else {
            let hash = Sha256::new()
                .chain_update(&self.hash)
                .chain_update(&next.entry)
                .finalize();
            if hash.as_slice() != next.hash {
                return Err(broken);
            }
            self.account_for(&next.entry)?;
        }
        self.seq = next.seq;
        self.hash.clone_from(&next.hash);
        Ok(())
    }

    /// Takes what an entry says of erased ones.
    fn account_for(&mut self, entry: &str) -> Result<(), ChainBroken> {
        let erasures: Erasures = serde_json::from_str(entry).unwrap_or_default();
        // Nothing but a deletion accounts for an erasure.
        let erased = Some(erasures.erased).filter(|_| erasures.action.starts_with("DELETE_"));
        for Erasure { seq, erased } in erased.into_iter().flatten() {
            if self.erased.remove(&seq) != Some(erased) {
                return Err(ChainBroken { seq });
            }
        }
        Ok(())
    }

    /// Says that there are no more entries.
    ///
    /// # Errors
    /// [`ChainBroken`] if an entry was erased that no deletion accounts for.
    pub fn finish(self) -> Result<(), ChainBroken> {
        let unaccounted = self.erased.into_keys().next();
        unaccounted.map_or(Ok(()), |seq| Err(ChainBroken { seq }))
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
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
        let outcome = outcome.and_then(|()| chain.finish());
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

    /// Erases the second of two entries, and adds one that says so, with these two hashes.
    fn check_erased(hashes: [&str; 2], broken: Option<i64>) {
        let before = log(&["a", "b"]);
        let [follows, hash] = [&before[0].hash, &before[1].hash].map(|hash| STANDARD.encode(hash));
        let said = hashes.map(|said| match said {
            "first" => &follows,
            _ => &hash,
        });
        let entry = format!(
            r#"{{"action": "DELETE_ARTICLE", "erased": [{{"seq": 2, "follows": "{}", "hash": "{}"}}]}}"#,
            said[0], said[1]
        );
        let mut log = log(&["a", "b", &entry]);
        log[1].entry.clear();
        check(&log, broken);
    }

    #[test]
    fn an_entry_may_be_erased_where_a_later_one_accounts_for_it() {
        check_erased(["first", "second"], None);
        check_erased(["second", "second"], Some(2));
        check_erased(["first", "first"], Some(2));
        let mut unaccounted = log(&["a", "b", "c"]);
        unaccounted[1].entry.clear();
        check(&unaccounted, Some(2));
    }
}
