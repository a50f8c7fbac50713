//! Parsing requests once, into the service's own types, and reporting every invalid field.

mod check;
mod claim_filter;
mod document;
mod fields;
mod paging;
mod reading;
mod times;
mod writes;

pub use check::{Check, Violated};
pub use claim_filter::list_bytes;
pub use document::{MAX_EXTERNAL_ID, MAX_LANGUAGE_CODE, MAX_PUBLISHER, MAX_TITLE, MAX_URI};
pub use fields::MAX_BATCH;
pub use paging::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, next_page_token};
pub use writes::{Sent, Writes};
