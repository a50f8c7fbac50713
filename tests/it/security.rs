//! Who may call what, how callers prove who they are, and what others on the network can see.

mod audit;
pub mod calls;
mod commands;
mod headers;
mod issuer;
mod key_file;
mod mutual_tls;
mod pki;
mod reflection;
mod scopes;
mod secrets;
mod settings;
mod tls;
mod tokens;

pub use pki::{Authority, Files};

/// What a server logs of a file that it has read again and cannot use.
const UNUSABLE: &str = "a changed file is unusable";
/// What it logs of one that it can use.
const IN_USE: &str = "a changed file is in use";
