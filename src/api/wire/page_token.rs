//! Page tokens: a version, a hash of the list that the token belongs to, the place in it, and a checksum, in
//! URL-safe base64. Opaque to callers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::{ActorId, ArticleId};
use crate::store::{ActorCursor, ArticleCursor, ClaimCursor, EventPlace};

const VERSION: u8 = 1;
const HASH_BYTES: usize = 8;

/// Why a token cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageTokenError {
    /// Not a token of this RPC and version.
    Invalid,
    /// A token of this RPC, for another filter.
    OtherFilter,
}

/// Which list a token belongs to: the RPC and its filter.
#[derive(Debug, Clone, Copy)]
pub struct ListId<'a> {
    /// The RPC's name.
    pub rpc: &'static str,
    /// The filter, encoded so that equal filters have equal bytes.
    pub filter: &'a [u8],
}

/// Writes the token for the page after `place`.
pub fn write<C: Place>(list: ListId<'_>, place: &C) -> String {
    let mut bytes = vec![VERSION];
    bytes.extend(hash(&[list.rpc.as_bytes()]));
    bytes.extend(hash(&[list.rpc.as_bytes(), list.filter]));
    place.write(&mut bytes);
    bytes.extend(hash(&[&bytes]));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a token.
///
/// # Errors
/// [`PageTokenError`] where it is no token of this list.
pub fn read<C: Place>(list: ListId<'_>, token: &str) -> Result<C, PageTokenError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(token)
        .map_err(|_| PageTokenError::Invalid)?;
    let body_len = bytes
        .len()
        .checked_sub(HASH_BYTES)
        .ok_or(PageTokenError::Invalid)?;
    let (body, checksum) = bytes.split_at(body_len);
    if checksum != hash(&[body]) {
        return Err(PageTokenError::Invalid);
    }
    let body = body
        .strip_prefix(&[VERSION])
        .ok_or(PageTokenError::Invalid)?;
    let body = body
        .strip_prefix(&hash(&[list.rpc.as_bytes()]))
        .ok_or(PageTokenError::Invalid)?;
    let place = body
        .strip_prefix(&hash(&[list.rpc.as_bytes(), list.filter]))
        .ok_or(PageTokenError::OtherFilter)?;
    C::read(place).ok_or(PageTokenError::Invalid)
}

fn hash(parts: &[&[u8]]) -> [u8; HASH_BYTES] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let full: [u8; 32] = hash.finalize().into();
    let mut short = [0; HASH_BYTES];
    short.copy_from_slice(&full[..HASH_BYTES]);
    short
}

/// A place in a list, as bytes.
pub trait Place: Sized {
    /// Appends the place.
    fn write(&self, bytes: &mut Vec<u8>);
    /// Reads the place, which is all of `bytes`.
    fn read(bytes: &[u8]) -> Option<Self>;
}

impl Place for ArticleCursor {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.sort_time.timestamp_micros().to_be_bytes());
        bytes.extend(self.id.0.as_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (micros, id) = bytes.split_first_chunk()?;
        Some(Self {
            sort_time: DateTime::<Utc>::from_timestamp_micros(i64::from_be_bytes(*micros))?,
            id: ArticleId(Uuid::from_slice(id).ok()?),
        })
    }
}

impl Place for ClaimCursor {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.ordinal.to_be_bytes());
        self.article.write(bytes);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (ordinal, article) = bytes.split_first_chunk()?;
        Some(Self {
            article: ArticleCursor::read(article)?,
            ordinal: i32::from_be_bytes(*ordinal),
        })
    }
}

/// A change of actors, by its id.
impl Place for Uuid {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.as_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        Self::from_slice(bytes).ok()
    }
}

/// A revision of an article, or a claim of one, by its number.
impl Place for i32 {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_be_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        Some(Self::from_be_bytes(bytes.try_into().ok()?))
    }
}

/// A review of a claim, by its id.
impl Place for i64 {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_be_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        Some(Self::from_be_bytes(bytes.try_into().ok()?))
    }
}

impl Place for EventPlace {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.tx.to_be_bytes());
        bytes.extend(self.id.to_be_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (tx, id) = bytes.split_first_chunk()?;
        Some(Self {
            tx: i64::from_be_bytes(*tx),
            id: i64::from_be_bytes(id.try_into().ok()?),
        })
    }
}

impl Place for ActorCursor {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.id.0.as_bytes());
        bytes.extend(self.sort_name.as_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (id, sort_name) = bytes.split_first_chunk()?;
        Some(Self {
            id: ActorId(Uuid::from_bytes(*id)),
            // Postgres takes no U+0000, and no name has one.
            sort_name: String::from_utf8(sort_name.to_vec())
                .ok()
                .filter(|name| !name.contains('\0'))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIST: ListId<'_> = ListId {
        rpc: "ListClaims",
        filter: b"actor",
    };

    fn place() -> ClaimCursor {
        ClaimCursor {
            article: ArticleCursor {
                sort_time: DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap(),
                id: ArticleId(Uuid::now_v7()),
            },
            ordinal: 7,
        }
    }

    #[test]
    fn a_token_is_good_for_its_own_list_only() {
        let token = write(LIST, &place());
        let other_filter = ListId {
            filter: b"",
            ..LIST
        };
        let other_rpc = ListId {
            rpc: "ListArticles",
            ..LIST
        };
        assert_eq!(
            read::<ClaimCursor>(other_filter, &token),
            Err(PageTokenError::OtherFilter)
        );
        assert_eq!(
            read::<ClaimCursor>(other_rpc, &token),
            Err(PageTokenError::Invalid)
        );
    }

    proptest! {
        #[test]
        fn claim_places_survive(micros in -60_000_000_000_000_000i64..250_000_000_000_000_000, id: u128, ordinal: i32) {
            let place = ClaimCursor {
                article: ArticleCursor {
                    sort_time: DateTime::from_timestamp_micros(micros).unwrap(),
                    id: ArticleId(Uuid::from_u128(id)),
                },
                ordinal,
            };
            prop_assert_eq!(read(LIST, &write(LIST, &place)), Ok(place));
        }

        #[test]
        fn actor_places_survive(sort_name in "[^\\x00]*", id: u128) {
            let place = ActorCursor { sort_name, id: ActorId(Uuid::from_u128(id)) };
            prop_assert_eq!(read(LIST, &write(LIST, &place)), Ok(place));
        }

        #[test]
        fn event_places_survive(tx: i64, id: i64) {
            let place = EventPlace { tx, id };
            prop_assert_eq!(read(LIST, &write(LIST, &place)), Ok(place));
        }

        #[test]
        fn anything_else_is_refused(token: String) {
            prop_assert_eq!(read::<ClaimCursor>(LIST, &token), Err(PageTokenError::Invalid));
        }

        #[test]
        fn a_changed_token_is_refused(at in 0usize..60, to in proptest::char::range('A', 'z')) {
            let token = write(LIST, &place());
            let mut changed: Vec<char> = token.chars().collect();
            let at = at % changed.len();
            prop_assume!(changed[at] != to);
            changed[at] = to;
            let changed: String = changed.into_iter().collect();
            prop_assert_eq!(read::<ClaimCursor>(LIST, &changed), Err(PageTokenError::Invalid));
        }
    }
}
