//! Time expressions and what they mean: the values of TIMEX3 (ISO 24617-1), read by rules as `HeidelTime` and `SUTime`
//! read them, and the intervals behind the values.
//!
//! Everything is counted in local clock time of the place of publication and converted to UTC last. The clock of this
//! machine is never read: without a date of publication, "yesterday" stays without a date.

mod calendar;
mod direction;
mod expressions;
mod prepositions;
mod reader;
mod recount;
mod starts;
#[cfg(test)]
mod testing;
mod times;
mod view;
mod words;

pub(super) use calendar::timex::Timex;
pub(super) use recount::recounted;
pub use times::times;
pub use view::TimeView;
