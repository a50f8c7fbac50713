//! `ActorService`.

mod list;
mod requests;
mod resolve;
mod service;

pub use service::Actors;
