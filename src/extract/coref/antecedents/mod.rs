//! Who pronouns and descriptions refer to, as the learnt ranker weighs the mentions around them.

pub(super) mod fitness;
pub(super) mod pairs;
mod ranked;
pub(super) mod ranking;
