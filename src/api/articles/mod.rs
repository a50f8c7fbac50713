//! `ArticleService`.

mod correct;
mod delete;
mod get;
mod list;
mod reextract;
mod retract;
mod revisions;
mod service;

pub use service::Articles;
