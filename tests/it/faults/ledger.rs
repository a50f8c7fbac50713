//! What the servers have acknowledged, and what they did that they may not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

/// What all clients of a cluster have been told. Numbers are those of documents.
#[derive(Default)]
pub struct Ledger(Mutex<Records>);

#[derive(Default)]
pub struct Records {
    /// How many documents there are, stored or not.
    pub documents: usize,
    /// The names of the articles that are stored.
    pub articles: BTreeMap<usize, String>,
    /// Documents that a server said it had stored for the first time.
    pub created: BTreeSet<usize>,
    /// Documents whose ingest was not acknowledged.
    pub unsettled: Vec<usize>,
    /// Texts that articles were corrected to, by the articles' names.
    pub corrections: Vec<(String, String)>,
    /// Retracted articles.
    pub retractions: Vec<String>,
    /// The reasons given for reviews, each another one.
    pub reviews: Vec<String>,
    /// The reasons given for changes of actors, each another one.
    pub changes: Vec<String>,
    /// Names that were seen in answers, to ask for.
    pub claims: Vec<String>,
    pub actors: Vec<String>,
    /// How many calls were answered, and how many with an error.
    pub answered: usize,
    pub failed: usize,
    /// What must not be.
    pub violations: Vec<String>,
}

impl Ledger {
    /// The records, for as long as the guard lives: never across an await.
    pub fn records(&self) -> MutexGuard<'_, Records> {
        self.0.lock().expect("no panic")
    }

    /// Notes what must not be.
    pub fn violation(&self, what: impl Into<String>) {
        self.records().violations.push(what.into());
    }
}

impl Records {
    /// The number of a document that nobody has sent.
    pub fn next_document(&mut self) -> usize {
        self.documents += 1;
        self.documents - 1
    }
}

/// The text of a document: some speakers are its own, some are shared by many.
pub fn text(number: usize) -> String {
    format!(
        "“Gate {number} is closed,” said Warden Kessler{}. Ann Lee denied that gate {number} had failed.",
        number % 40
    )
}

/// The caller's id of a document: every other document has none.
pub fn request_id(number: usize) -> String {
    if number.is_multiple_of(2) {
        format!("document-{number}")
    } else {
        String::new()
    }
}
