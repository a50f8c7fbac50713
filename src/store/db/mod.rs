//! The connection to Postgres: pool, transactions, errors, migrations, and what lists and rows share.

mod connect;
mod credentials;
mod cut_off;
mod error;
mod keep_credentials;
mod log_events;
pub(super) mod migrate;
pub(super) mod migrations;
mod options;
mod page;
mod pool;
mod probe;
pub(super) mod replica;
mod rows;
pub(super) mod session;
mod store;
mod tx;
mod url;

pub use credentials::{Credentials, PasswordSource, UrlSource};
pub use error::StoreError;
pub use log_events::STATEMENT_EVENTS;
pub use options::PoolOptions;
pub use page::{ActorCursor, ArticleCursor, ClaimCursor, MAX_ANSWER_BYTES, Page};
pub use probe::Probe;
pub use store::Store;

pub(super) use page::{one_more, take_page, whole_answer, without_nul};
pub(super) use rows::{all, name_key, parse, parse_opt, sha256};
pub(super) use session::{connect, end_abandoned};
