//! What is told of every call: a log line, a trace span, and metrics.

mod body;
mod call;
mod frames;
mod layer;
mod methods;
mod outcome;
mod request_id;
mod trace;

pub(super) use layer::CallsLayer;
