//! Who may call what, how callers prove who they are, and what others on the network can see.

mod audit;
mod calls;
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
