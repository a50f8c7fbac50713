use std::sync::Arc;

/// As long as a name may be that is stored with a change.
const MAX_NAME_BYTES: usize = 500;

/// Who makes a call, as the server verified it. Cheap to clone.
///
/// The name says how it was proved: `key:archive-desk`, `token:8f2c…` or `certificate:spiffe://news/archive`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Caller {
    name: Arc<str>,
}

impl Caller {
    /// Creates a caller. `None` if the name is empty, longer than 500 bytes, or has control characters, which could
    /// forge lines of a log.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let fits = (1..=MAX_NAME_BYTES).contains(&name.len());
        (fits && !name.contains(char::is_control)).then(|| Self { name: name.into() })
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use super::Caller;

    #[test]
    fn a_name_fits_into_a_line_of_a_log() {
        for bad in ["", "a\nb", "a\0b", "a\u{85}b", &"x".repeat(501)] {
            assert!(Caller::new(bad).is_none(), "{bad:?}");
        }
        let caller = Caller::new("key:archive desk").unwrap();
        assert_eq!(caller.name(), "key:archive desk");
    }
}
