//! Articles: ingesting, re-extracting, correcting, retracting and deleting them, and their former revisions.

mod content;
pub(super) mod correct;
pub(super) mod delete;
pub(super) mod duplicates;
pub(super) mod get;
pub(super) mod ingest;
mod ingested;
pub(super) mod known;
pub(super) mod moved_claims;
pub(super) mod publishers;
pub(super) mod reextract;
pub(super) mod requests;
pub(super) mod retract;
pub(super) mod revisions;
pub(super) mod update;

pub use correct::{Corrected, Correction};
pub use get::ArticleFilter;
pub use ingest::NewArticle;
pub use ingested::Ingested;
pub use publishers::{Publisher, PublisherCursor};
pub use reextract::{ClaimChanges, Reextracted, Rereading};
pub use retract::{Retract, Retracted};
pub use update::{MetadataUpdate, MetadataUpdated};

pub(super) use get::article_texts;
