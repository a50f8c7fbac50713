use http::HeaderMap;
use http::header::AUTHORIZATION;
use zeroize::Zeroizing;

use super::identity::Refusal;

/// Longer than any token in use; what is longer costs time to hash.
const MAX_BYTES: usize = 16 << 10;

const MALFORMED: Refusal =
    Refusal::Unauthenticated("the authorization is not `Bearer` and a token");

/// Takes the bearer token out of the headers, so that no handler and no log meets it. `None` if there is none.
pub(super) fn take(headers: &mut HeaderMap) -> Result<Option<Zeroizing<String>>, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (first, second) = (values.next(), values.next());
    let taken = match (first, second) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(MALFORMED),
        (Some(value), None) => token(value.as_bytes()).map(Some).ok_or(MALFORMED),
    };
    headers.remove(AUTHORIZATION);
    taken
}

/// The token of `Bearer <token>`, in the characters that RFC 6750 allows.
fn token(value: &[u8]) -> Option<Zeroizing<String>> {
    let value = std::str::from_utf8(value).ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim_matches(' ');
    let body = token.trim_end_matches('=');
    let is_token = !body.is_empty()
        && token.len() <= MAX_BYTES
        && body
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte));
    (scheme.eq_ignore_ascii_case("bearer") && is_token).then(|| Zeroizing::new(token.to_owned()))
}

#[cfg(test)]
mod tests {
    use http::header::AUTHORIZATION;
    use http::{HeaderMap, HeaderValue};

    use super::take;

    fn taken(values: &[&str]) -> Result<Option<String>, ()> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(
                AUTHORIZATION,
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        let taken = take(&mut headers);
        assert!(!headers.contains_key(AUTHORIZATION));
        taken
            .map(|token| token.map(|token| token.to_string()))
            .map_err(|_| ())
    }

    #[test]
    fn one_token_is_read_and_everything_else_refused() {
        assert_eq!(taken(&[]), Ok(None));
        assert_eq!(
            taken(&["Bearer a.b-c~d+e/f=="]),
            Ok(Some("a.b-c~d+e/f==".to_owned()))
        );
        assert_eq!(taken(&["bearer  abc "]), Ok(Some("abc".to_owned())));
        for bad in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer =",
            "Basic abc",
            "Bearer a b",
            "Bearer a,b",
            "Bearer a\tb",
            "Bearer 'or'1'='1",
            "Bearer ä",
            &format!("Bearer {}", "x".repeat(20_000)),
        ] {
            assert_eq!(taken(&[bad]), Err(()), "{bad}");
        }
        assert_eq!(taken(&["Bearer abc", "Bearer abc"]), Err(()));
    }
}
