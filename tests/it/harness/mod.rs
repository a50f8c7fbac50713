//! A cluster for the process, a database for each test, the server on a free port, and what several tests look for.

mod cluster;
mod fault;
mod news;
mod property;
mod proxy;
mod server;
mod spans;
mod wait;

pub use cluster::Database;
pub use fault::{Fault, refused};
pub use news::NEWS;
pub use property::{for_all, for_all_async};
pub use proxy::{Network, Proxy};
pub use server::{MAX_TEXT_BYTES, TestServer, document, url};
pub use spans::{ENCODINGS, Ruler, spans_in};
pub use wait::eventually;
