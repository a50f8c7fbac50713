//! Lists: their order, their pages and their filters, each held against the same done in plain Rust.

mod archive;
mod article_plans;
mod contexts;
mod counted;
mod filters;
mod fits;
mod found;
mod names;
mod orders;
mod pages;
mod planned_once;
pub mod plans;
mod ranked_actors;
