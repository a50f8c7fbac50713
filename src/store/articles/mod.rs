//! Articles: ingesting, re-extracting, correcting and retracting them, and their former revisions.

mod content;
pub(super) mod correct;
pub(super) mod duplicates;
pub(super) mod get;
pub(super) mod ingest;
pub(super) mod moved_claims;
pub(super) mod reextract;
pub(super) mod retract;
pub(super) mod revisions;

pub use correct::{Corrected, Correction};
pub use get::ArticleFilter;
pub use ingest::{Ingested, NewArticle};
pub use reextract::{ClaimChanges, Reextracted, Rereading};
pub use retract::{Retract, Retracted};

pub(super) use get::article_texts;
