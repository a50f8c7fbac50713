//! Postgres's server programs: those that the system has, or else fetched ones.

mod binaries;
#[cfg(feature = "download-postgres")]
mod download;
mod places;
mod version;

pub(super) use binaries::{Binaries, Finder};
#[cfg(feature = "download-postgres")]
pub(super) use download::install;
pub(super) use version::{OLDEST_MAJOR, leading_number};
