//! The server and its database: who may hold up whom, what happens when a connection is lost, and who may log in.

mod blocked;
mod credentials;
mod cut_off;
mod deleted;
mod held_back;
mod migrating;
mod private;
mod restored;
mod round_trips;
mod slow_readers;
mod vanished;
pub mod verified;

use std::time::Duration;

use onrecord::store::PoolOptions;

/// How long something may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Few connections, so that few calls use them up.
fn few() -> PoolOptions {
    PoolOptions {
        max_connections: 4,
        max_write_connections: 2,
        max_background_connections: 2,
        acquire_timeout: Duration::from_secs(2),
        ..PoolOptions::default()
    }
}
