//! Page tokens: a version, a hash of the list that the token is bound to, the position encoded with postcard, and a
//! checksum, in URL-safe base64. Opaque to callers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::store::EventPosition;

const VERSION: u8 = 2;
const HASH_BYTES: usize = 8;

/// Why a token is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageTokenError {
    /// Not a token of this RPC and token version.
    Invalid,
    /// A token of this RPC, but for another filter.
    OtherFilter,
}

/// The list that a token is bound to: the RPC and its filter.
#[derive(Debug, Clone, Copy)]
pub struct ListId<'a> {
    /// The RPC's name.
    pub rpc: &'static str,
    /// The filter, encoded so that equal filters have equal bytes.
    pub filter: &'a [u8],
}

/// Encodes the token for the page after `position`.
pub fn write<C: Serialize>(list: ListId<'_>, position: &C) -> String {
    let mut bytes = vec![VERSION];
    bytes.extend(hash(&[list.rpc.as_bytes()]));
    bytes.extend(hash(&[list.rpc.as_bytes(), list.filter]));
    // postcard fails only on types it cannot represent, and no position contains one.
    bytes.extend(postcard::to_allocvec(position).unwrap_or_default());
    bytes.extend(hash(&[&bytes]));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Decodes a token.
///
/// # Errors
/// [`PageTokenError`] if it is not a token of this list.
pub fn read<C: DeserializeOwned>(list: ListId<'_>, token: &str) -> Result<C, PageTokenError> {
    let position = position_of(VERSION, list, token)?;
    match postcard::take_from_bytes(&position) {
        Ok((position, [])) => Ok(position),
        _ => Err(PageTokenError::Invalid),
    }
}

/// Decodes a resume token, including version 1: two eight-byte big-endian numbers. Watchers keep tokens for as long
/// as the log is retained, which is longer than an upgrade takes.
///
/// # Errors
/// As [`read`].
pub fn read_resume(list: ListId<'_>, token: &str) -> Result<EventPosition, PageTokenError> {
    let Ok(position) = position_of(1, list, token) else {
        return read(list, token);
    };
    let numbers = position.split_first_chunk().and_then(|(tx, id)| {
        Some(EventPosition {
            tx: i64::from_be_bytes(*tx),
            id: i64::from_be_bytes(id.try_into().ok()?),
        })
    });
    numbers.ok_or(PageTokenError::Invalid)
}

/// The bytes of the position in a token of that version.
fn position_of(version: u8, list: ListId<'_>, token: &str) -> Result<Vec<u8>, PageTokenError> {
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
        .strip_prefix(&[version])
        .ok_or(PageTokenError::Invalid)?;
    let body = body
        .strip_prefix(&hash(&[list.rpc.as_bytes()]))
        .ok_or(PageTokenError::Invalid)?;
    body.strip_prefix(&hash(&[list.rpc.as_bytes(), list.filter]))
        .map(<[u8]>::to_vec)
        .ok_or(PageTokenError::OtherFilter)
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

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::domain::{ActorId, ArticleId, ClaimId};
    use crate::store::{ActorCursor, ArticleCursor, ClaimCursor, ClaimPosition, EventPosition};

    const LIST: ListId<'_> = ListId {
        rpc: "ListClaims",
        filter: b"actor",
    };

    fn position() -> ClaimCursor {
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
        let token = write(LIST, &position());
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
            let position = ClaimCursor {
                article: ArticleCursor {
                    sort_time: DateTime::from_timestamp_micros(micros).unwrap(),
                    id: ArticleId(Uuid::from_u128(id)),
                },
                ordinal,
            };
            prop_assert_eq!(read(LIST, &write(LIST, &position)), Ok(position));
        }

        #[test]
        fn actor_places_survive(sort_name in "[^\\x00]*", id: u128) {
            let position = ActorCursor { sort_name, id: ActorId(Uuid::from_u128(id)) };
            prop_assert_eq!(read(LIST, &write(LIST, &position)), Ok(position));
        }

        #[test]
        fn places_of_each_order_survive(number in 0f32..1.0, id: u128) {
            let id = ClaimId(Uuid::from_u128(id));
            let time = position().article.sort_time;
            for position in [
                ClaimPosition::PublishTime(position()),
                ClaimPosition::UtteranceTime(time, id),
                ClaimPosition::Confidence(number, id),
                ClaimPosition::CheckWorthiness(number, id),
            ] {
                prop_assert_eq!(read(LIST, &write(LIST, &position)), Ok(position));
            }
        }

        #[test]
        fn resume_tokens_survive_also_those_of_the_first_version(tx: i64, id: i64) {
            let position = EventPosition { tx, id };
            prop_assert_eq!(read_resume(LIST, &write(LIST, &position)), Ok(position));
            let mut bytes = vec![1];
            bytes.extend(hash(&[LIST.rpc.as_bytes()]));
            bytes.extend(hash(&[LIST.rpc.as_bytes(), LIST.filter]));
            bytes.extend(tx.to_be_bytes());
            bytes.extend(id.to_be_bytes());
            bytes.extend(hash(&[&bytes]));
            prop_assert_eq!(read_resume(LIST, &URL_SAFE_NO_PAD.encode(bytes)), Ok(position));
        }

        #[test]
        fn a_text_with_a_nul_is_refused(before: String, id: u128) {
            let sort_name = before + "\0";
            let position = ActorCursor { sort_name, id: ActorId(Uuid::from_u128(id)) };
            let found = read::<ActorCursor>(LIST, &write(LIST, &position));
            prop_assert_eq!(found, Err(PageTokenError::Invalid));
        }

        #[test]
        fn anything_else_is_refused(token: String) {
            prop_assert_eq!(read::<ClaimCursor>(LIST, &token), Err(PageTokenError::Invalid));
        }

        #[test]
        fn any_bytes_are_refused_whatever_version_they_claim(version in 0u8..4, rest in proptest::collection::vec(any::<u8>(), 0..80)) {
            let mut bytes = vec![version];
            bytes.extend(rest);
            let token = URL_SAFE_NO_PAD.encode(bytes);
            prop_assert_eq!(read::<ClaimPosition>(LIST, &token), Err(PageTokenError::Invalid));
            prop_assert_eq!(read_resume(LIST, &token), Err(PageTokenError::Invalid));
        }

        #[test]
        fn a_position_that_is_none_is_refused_though_its_checksum_is_right(
            version in 1u8..3,
            position in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            let mut bytes = vec![version];
            bytes.extend(hash(&[LIST.rpc.as_bytes()]));
            bytes.extend(hash(&[LIST.rpc.as_bytes(), LIST.filter]));
            bytes.extend(&position);
            bytes.extend(hash(&[&bytes]));
            let token = URL_SAFE_NO_PAD.encode(bytes);
            // Some bytes are a position: then it is written back as the same or a shorter token.
            if let Ok(read) = read::<ClaimPosition>(LIST, &token) {
                prop_assert!(write(LIST, &read).len() <= token.len());
            }
            if let Ok(read) = read_resume(LIST, &token) {
                let same = read_resume(LIST, &write(LIST, &read));
                prop_assert_eq!(same, Ok(read));
            }
        }

        #[test]
        fn a_changed_token_is_refused(at in 0usize..60, to in proptest::char::range('A', 'z')) {
            let token = write(LIST, &position());
            let mut changed: Vec<char> = token.chars().collect();
            let at = at % changed.len();
            prop_assume!(changed[at] != to);
            changed[at] = to;
            let changed: String = changed.into_iter().collect();
            prop_assert_eq!(read::<ClaimCursor>(LIST, &changed), Err(PageTokenError::Invalid));
        }
    }
}
