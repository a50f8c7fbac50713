//! `ArticleService`.

mod correct;
mod delete;
mod get;
mod list;
mod publishers;
mod reextract;
mod reextract_many;
mod retract;
mod revisions;
mod service;
mod update;

pub use service::Articles;
