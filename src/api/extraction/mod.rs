//! `ExtractionService`.

mod service;

pub use service::Extractions;
