//! Counts of claims.

pub(super) mod sourcing;
pub(super) mod timeline;

pub use sourcing::{SourcingGroup, SourcingPosition, SourcingStats};
pub use timeline::{Timeline, TimelineCount, TimelineRange, TimelineUnit};
