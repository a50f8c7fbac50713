//! Accepted connections: so many of them, so many from one address, encrypted or not, and none that does not begin to
//! speak.

mod certificate;
mod connection;
mod incoming;
mod places;

pub(super) use connection::Peer;
pub(super) use incoming::incoming;
