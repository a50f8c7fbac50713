//! Articles: ingesting, re-extracting, correcting and retracting them.

mod correct;
mod get;
mod ingest;
mod reextract;
mod retract;

pub use correct::{CorrectArticle, correct_article};
pub use get::{article, article_at_revision, list_revision_claims, list_revisions};
pub use ingest::{IngestArticle, IngestedArticle, ingest_article};
pub use reextract::{ReextractArticle, Reextraction, reextract_article};
pub use retract::retract_article;
