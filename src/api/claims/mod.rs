//! `ClaimService`.

mod context;
mod encode;
mod export;
mod facets;
mod fact_checks;
mod list;
mod match_claims;
mod propositions;
mod related;
mod review;
mod search;
mod service;
mod sourcing;
mod timeline;
mod watch;

pub use service::Claims;
