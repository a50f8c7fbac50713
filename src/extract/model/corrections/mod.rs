//! What rules put right in the readings of a text, and claims that they find inside others.

mod framing;
pub(super) mod heard;
pub(super) mod inner;
mod nominal;
pub(super) mod relative;
pub(super) mod unsaid;
