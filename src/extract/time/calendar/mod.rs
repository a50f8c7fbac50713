//! The calendar and the clock behind the expressions: arithmetic that never overflows, what single words name, moments
//! of a day, time zones.

pub(super) mod civil;
pub(super) mod day_time;
pub(super) mod names;
pub(super) mod timex;
pub(super) mod value;
pub(super) mod zone;
