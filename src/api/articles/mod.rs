//! `ArticleService`.

mod correct;
mod reextract;
mod retract;
mod revisions;
mod service;

pub use service::Articles;
