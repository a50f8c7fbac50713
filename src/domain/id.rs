use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An id was not the hyphenated, lower-case form of a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a lower-case hyphenated UUID")]
pub struct ParseIdError(String);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            /// Reads the one spelling that [`fmt::Display`] writes, so that a resource has one name only.
            fn from_str(s: &str) -> Result<Self, ParseIdError> {
                let id = Uuid::try_parse(s).map(Self).map_err(|_| ParseIdError(s.to_owned()))?;
                if id.to_string() == s { Ok(id) } else { Err(ParseIdError(s.to_owned())) }
            }
        }
    };
}

id! {
    /// Names an article: a UUIDv7, so that ids sort by the time of ingest.
    ArticleId
}
id! {
    /// Names an actor: a UUIDv7.
    ActorId
}
id! {
    /// Names a claim: a UUIDv7.
    ClaimId
}

id! {
    /// Names a proposition: the id of the claim that others were found to repeat.
    PropositionId
}

id! {
    /// Names a fact check: a UUIDv7.
    FactCheckId
}

id! {
    /// Names a long-running operation: a UUIDv7, so that ids sort by when it was started.
    OperationId
}

#[cfg(test)]
mod tests {
    use super::ClaimId;

    #[test]
    fn only_the_canonical_spelling_is_read() {
        let text = "0190f3d4-7c1e-7b7a-9d5e-3c2b1a0f9e8d";
        assert_eq!(text.parse::<ClaimId>().unwrap().to_string(), text);
        assert!(text.to_uppercase().parse::<ClaimId>().is_err());
        assert!(text.replace('-', "").parse::<ClaimId>().is_err());
        assert!("".parse::<ClaimId>().is_err());
    }
}
