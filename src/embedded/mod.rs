//! A private Postgres: started with the service, stopped with it, and reachable for nobody
//! else.
//!
//! It lives in a data directory of its own and runs the binaries that the system has (or, with
//! the feature `download-postgres`, fetches them). It listens on a Unix socket only, in a
//! directory that is closed to other users.
//!
//! The server never outlives us. Between us and it stands a small supervisor which holds one end
//! of a pipe and shuts the server down when our end closes, however we come to our end. And
//! should the supervisor be killed as well, the next start finds the server and shuts it down.
//!
//! Files in the data directory: `cluster` (Postgres's own data directory), `lock`,
//! `postgres.log` and the log before it, `run` (the socket), `supervisor.sh`, `postgresql` (downloads).

mod error;
mod initdb;
mod keep_running;
mod layout;
mod lock;
mod log;
mod options;
mod predecessor;
mod process;
mod programs;
mod reachable;
mod ready;
mod report;
mod server;
mod setup;
mod socket;
mod supervisor;
mod user;

pub use error::EmbeddedError;
pub use layout::default_data_dir;
pub use options::{Lifetime, Options};
pub use report::Report;
pub use server::EmbeddedPostgres;
