//! The connection to Postgres: pool, transactions, errors, migrations, and what lists and rows share.

mod error;
pub(super) mod migrate;
mod page;
mod pool;
mod probe;
pub(super) mod replica;
mod rows;
mod store;
mod tx;

pub use error::StoreError;
pub use page::{ActorCursor, ArticleCursor, ClaimCursor, MAX_ANSWER_BYTES, Page};
pub use pool::PoolOptions;
pub use probe::Probe;
pub use store::Store;

pub(super) use page::{one_more, take_page, without_nul};
pub(super) use rows::{all, name_key, parse, parse_opt, sha256};
