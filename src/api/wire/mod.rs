//! What all RPCs share: names, errors, page tokens, streams.

pub mod bad_request;
mod call_context;
mod caller;
pub mod codec;
pub mod names;
pub(in crate::api) mod no_panics;
pub mod page_token;
mod read_from;
pub mod reason;
pub mod status;
pub(in crate::api) mod stream_processing;
pub(in crate::api) mod stream_task;

pub(in crate::api) use call_context::call_context;
pub use caller::caller;
pub use read_from::read_from;
pub use stream_processing::StreamProcessing;
