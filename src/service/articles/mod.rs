//! Articles: ingesting, re-extracting, correcting, updating, retracting and deleting them.

mod correct;
mod delete;
mod get;
mod ingest;
mod reextract;
mod retract;
mod update;

pub use correct::{CorrectArticle, correct_article};
pub use delete::delete_article;
pub use get::{
    article, article_at_revision, articles, list_articles, list_revision_claims, list_revisions,
};
pub use ingest::{IngestArticle, IngestedArticle, ingest_article};
pub use reextract::{ReextractArticle, Reextraction, reextract_article};
pub use retract::retract_article;
pub use update::{MetadataField, UpdateArticle, update_article};
