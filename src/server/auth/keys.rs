//! The file of those who may call.
//!
//! One line for each key or certificate: its name, the SHA-256 of the key in hexadecimal or the word `certificate`, and
//! its scopes with commas between them. `#` begins a comment. A name may have several keys, so that a new one is given
//! out before the old one is removed. The certificate `*` is any that has no line of its own.
//!
//! Keys are long random texts, so their plain hash cannot be reversed, and comparing hashes tells nothing of a key by the
//! time it takes.

use std::collections::HashMap;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::crypto::ring;
use zeroize::Zeroizing;

use super::identity::Identity;
use super::scopes::{Scope, Scopes};
use crate::api::convert::article::hex;
use crate::server::watched_files::FileError;
use crate::service::Caller;

const CERTIFICATE: &str = "certificate";
const ANY: &str = "*";
/// What keys begin with, so that tools which look for leaked secrets know them.
const PREFIX: &str = "onrecord_";
const KEY_BYTES: usize = 32;

type Hash = [u8; 32];

/// Keys and certificates that may call. It holds hashes of keys only.
#[derive(Debug, Default)]
pub(super) struct Keys {
    bearers: HashMap<Hash, Identity>,
    certificates: HashMap<String, Scopes>,
}

impl Keys {
    /// Parses the file.
    pub(super) fn parse(path: &Path, content: &[u8]) -> Result<Self, FileError> {
        let text =
            std::str::from_utf8(content).map_err(|_| FileError::new(path, "it is not UTF-8"))?;
        let mut keys = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.split('#').next().unwrap_or_default().trim();
            if !line.is_empty() {
                keys.add(line).map_err(|problem| {
                    FileError::new(path, &format!("line {number}: {problem}"))
                })?;
            }
        }
        Ok(keys)
    }

    fn add(&mut self, line: &str) -> Result<(), &'static str> {
        let mut words = line.split_whitespace();
        let (Some(name), Some(proof), Some(scopes), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err("it is not a name, a hash and scopes");
        };
        let scopes: Result<Scopes, _> = scopes.split(',').map(str::parse::<Scope>).collect();
        let scopes =
            scopes.map_err(|_| "a scope is none of extract, read, write, review, admin")?;
        if proof == CERTIFICATE {
            let other = self.certificates.insert(name.to_owned(), scopes);
            return other.map_or(Ok(()), |_| Err("the certificate has a line already"));
        }
        let hash = parse_hash(proof).ok_or("the hash is not 64 hexadecimal digits")?;
        let caller = Caller::new(&format!("key:{name}")).ok_or("the name is too long")?;
        let other = self.bearers.insert(hash, Identity { caller, scopes });
        other.map_or(Ok(()), |_| Err("the key has a line already"))
    }

    /// Whose key this is.
    pub(super) fn bearer(&self, key: &str) -> Option<Identity> {
        self.bearers.get(&hash(key)).cloned()
    }

    /// The scopes of the certificate with this name.
    pub(super) fn certificate(&self, name: &str) -> Option<&Scopes> {
        self.certificates
            .get(name)
            .or_else(|| self.certificates.get(ANY))
    }
}

/// Makes a random key. Returns it and the line to add to the file of keys. `None` if the system has no random bytes.
#[must_use]
pub fn new_key(name: &str, scopes: &[Scope]) -> Option<(Zeroizing<String>, String)> {
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    let random = ring::default_provider().secure_random;
    random.fill(bytes.as_mut_slice()).ok()?;
    let encoded = Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(bytes.as_slice()));
    let key = Zeroizing::new([PREFIX, &encoded].concat());
    let digits = hex(&hash(&key));
    let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
    let line = format!("{name} {digits} {}", scopes.join(","));
    Some((key, line))
}

fn hash(key: &str) -> Hash {
    Sha256::digest(key).into()
}

fn parse_hash(digits: &str) -> Option<Hash> {
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(digits.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Keys, new_key};
    use crate::server::auth::scopes::Scope;

    fn parse(text: &str) -> Result<Keys, String> {
        Keys::parse(Path::new("keys"), text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_new_key_is_recognised_by_its_line() {
        let (key, line) = new_key("desk", &[Scope::Read, Scope::Review]).unwrap();
        let (other, second) = new_key("desk", &[Scope::Read]).unwrap();
        assert_ne!(*key, *other);
        assert!(!line.contains(&*key));
        let keys = parse(&format!("# who\n\n{line}  # the desk's\n{second}\n")).unwrap();
        let identity = keys.bearer(&key).unwrap();
        assert_eq!(identity.caller.name(), "key:desk");
        assert!(identity.scopes.allow(Scope::Review) && !identity.scopes.allow(Scope::Write));
        assert!(keys.bearer(&other).is_some());
        assert!(keys.bearer("desk").is_none() && keys.bearer("").is_none());
    }

    #[test]
    fn a_certificate_has_its_own_scopes_or_those_of_any() {
        let keys = parse("spiffe://a/b certificate write\n* certificate read\n").unwrap();
        let allows = |name, scope| {
            keys.certificate(name)
                .is_some_and(|scopes| scopes.allow(scope))
        };
        assert!(allows("spiffe://a/b", Scope::Write) && !allows("spiffe://a/b", Scope::Read));
        assert!(allows("another", Scope::Read) && !allows("another", Scope::Write));
        assert!(
            parse("a certificate read")
                .unwrap()
                .certificate("b")
                .is_none()
        );
    }

    #[test]
    fn a_bad_line_is_named() {
        let hash = "0".repeat(64);
        for bad in [
            "desk".to_owned(),
            format!("desk {hash}"),
            format!("desk {hash} read write"),
            format!("desk {hash} reed"),
            format!("desk {hash} read,"),
            format!("desk {} read", &hash[1..]),
            format!("desk {}g read", &hash[1..]),
            format!("desk +{} read", &hash[1..]),
            format!("desk {hash} read\nother {hash} read"),
            "a certificate read\na certificate read".to_owned(),
        ] {
            let error = parse(&bad).unwrap_err();
            assert!(error.contains("line "), "{bad}: {error}");
            assert!(!error.contains(&hash[1..]), "{error}");
        }
    }
}
