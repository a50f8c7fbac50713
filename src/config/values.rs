//! Parsing values of settings.

use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

/// Parses a number from 0 to 1.
///
/// # Errors
/// What is wrong with it, for the person who typed it.
pub fn unit_interval(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(number) if (0.0..=1.0).contains(&number) => Ok(number),
        _ => Err("not a number from 0 to 1".to_owned()),
    }
}

/// Parses an address and port, or a host name and port; of several addresses, prefers the first IPv4 one.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    let addresses = text.to_socket_addrs().map_err(|error| {
        format!("not an address and port such as 127.0.0.1:50051 or localhost:50051 ({error})")
    })?;
    let addresses: Vec<SocketAddr> = addresses.collect();
    let first = addresses
        .iter()
        .find(|address| address.is_ipv4())
        .or(addresses.first());
    first
        .copied()
        .ok_or_else(|| "a host without an address".to_owned())
}

/// Parses a number of seconds.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text
        .parse()
        .map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(number).map_err(|error| error.to_string())
}
