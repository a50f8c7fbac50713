//! `google.longrunning.Operations`.

mod list;
mod service;
mod wait;

pub use service::Operations;
