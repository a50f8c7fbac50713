//! Counts of claims.

pub(super) mod sourcing;
pub(super) mod timeline;

pub use sourcing::{SourcingGroup, SourcingPlace, SourcingStats};
pub use timeline::{Timeline, TimelineCount, TimelineRange, TimelineUnit};
