//! Fields that requests of several services share.

use std::collections::HashSet;

use super::check::Check;
use crate::api::convert::row_version;
use crate::api::wire::names::Named;
use crate::api::wire::status::Reason;
use crate::domain::MAX_NAME_BYTES;

/// Most resources that are read at once.
pub const MAX_BATCH: usize = 1_000;
const MAX_ALIASES: usize = 1_000;
const MAX_REASON: usize = 2_000;

impl Check {
    /// Checks a required text.
    pub fn required_text(&mut self, field: &str, value: &str, max_bytes: usize) {
        if value.trim().is_empty() {
            self.fail(field, Reason::RequiredFieldMissing, "is required");
        } else {
            self.text(field, value, max_bytes);
        }
    }

    /// Checks words to search for in names: none, or enough for a trigram.
    pub fn search_text(&mut self, field: &str, words: &str) {
        if self.text(field, words, MAX_NAME_BYTES) && (1..3).contains(&words.chars().count()) {
            self.fail(
                field,
                Reason::InvalidField,
                "is shorter than three characters",
            );
        }
    }

    /// Checks who requests a change, and why.
    pub fn requester(&mut self, requested_by: &str, reason: &str) {
        self.required_text("requested_by", requested_by, MAX_NAME_BYTES);
        self.text("reason", reason, MAX_REASON);
    }

    /// Parses the version in an entity tag; `None` if the tag is empty.
    pub fn etag(&mut self, field: &str, etag: &str) -> Option<i64> {
        if etag.is_empty() {
            return None;
        }
        let version = row_version(etag);
        if version.is_none() {
            self.fail(field, Reason::InvalidField, "is no etag of this service");
        }
        version
    }

    /// Parses the names of an actor, dropping duplicates.
    pub fn names(&mut self, field: &str, names: &[String]) -> Vec<String> {
        self.at_most(field, names.len(), MAX_ALIASES);
        for (at, name) in names.iter().enumerate() {
            self.required_text(&format!("{field}[{at}]"), name, MAX_NAME_BYTES);
        }
        let mut names: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Records a violation if a list is too long.
    pub fn at_most(&mut self, field: &str, count: usize, most: usize) {
        if count > most {
            let description = format!("has {count} items, at most {most} are allowed");
            self.fail(field, Reason::InvalidField, description);
        }
    }

    /// Parses a required list of distinct resource names.
    pub fn resources<T: Named>(&mut self, field: &str, names: &[String], most: usize) -> Vec<T> {
        if names.is_empty() {
            self.fail(field, Reason::RequiredFieldMissing, "is required");
        }
        self.at_most(field, names.len(), most);
        let mut seen = HashSet::new();
        let mut ids = Vec::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            let field = format!("{field}[{at}]");
            ids.extend(self.resource(&field, name));
            if !seen.insert(name) {
                self.fail(&field, Reason::InvalidField, "is named twice");
            }
        }
        ids
    }

    /// Parses the resource names of a batch, in order and with duplicates: at least one, and at most so many.
    pub fn batch<T: Named>(&mut self, names: &[String], most: usize) -> Vec<T> {
        if names.is_empty() {
            let description = "needs at least one name";
            self.fail("names", Reason::RequiredFieldMissing, description);
        } else if names.len() > most {
            let description = format!("holds {} names, at most {most} are allowed", names.len());
            self.fail("names", Reason::InvalidField, description);
            return Vec::new();
        }
        let ids = names.iter().enumerate();
        ids.filter_map(|(n, name)| self.resource(&format!("names[{n}]"), name).ok())
            .collect()
    }

    /// Records a violation if a number is neither 0 nor a possible revision number.
    pub fn revision(&mut self, revision: i32) {
        if revision < 0 {
            let description = format!("is negative: {revision}");
            self.fail("revision", Reason::InvalidField, description);
        }
    }
}
