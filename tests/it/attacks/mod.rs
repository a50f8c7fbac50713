//! Clients that mean harm: others are served as before, memory stays within bounds, and what is answered is an error
//! with its reason.

mod connections;
mod floods;
mod messages;
mod raw;
mod victim;
