use std::time::Duration;

use http::HeaderMap;

/// How long before the caller's deadline the server answers, so that its response, which states the reason, arrives
/// before the transport's own.
const LEAD: Duration = Duration::from_millis(10);

/// How long a call may take: the time left by the caller's `grpc-timeout` header, at most `limit`.
pub(super) fn allowed(headers: &HeaderMap, limit: Duration) -> Duration {
    let Some(asked) = headers
        .get("grpc-timeout")
        .and_then(|value| parse(value.to_str().ok()?))
    else {
        return limit;
    };
    asked.saturating_sub(LEAD.min(asked / 2)).min(limit)
}

/// Parses a timeout in the gRPC over HTTP/2 format: at most eight digits and a unit.
fn parse(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(value * 3_600)),
        "M" => Some(Duration::from_secs(value * 60)),
        "S" => Some(Duration::from_secs(value)),
        "m" => Some(Duration::from_millis(value)),
        "u" => Some(Duration::from_micros(value)),
        "n" => Some(Duration::from_nanos(value)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{HeaderMap, HeaderValue};
    use proptest::prelude::*;

    use super::{allowed, parse};

    #[test]
    fn timeouts_are_read_as_grpc_writes_them() {
        for (text, millis) in [("1H", 3_600_000), ("2M", 120_000), ("3S", 3_000), ("4m", 4)] {
            assert_eq!(parse(text), Some(Duration::from_millis(millis)), "{text}");
        }
        assert_eq!(parse("99999999u"), Some(Duration::from_micros(99_999_999)));
        for text in ["", "S", "1", "123456789S", "-1S", "+1S", "1s", "1é"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_smaller_of_the_two_deadlines_holds() {
        let limit = Duration::from_mins(1);
        let mut headers = HeaderMap::new();
        assert_eq!(allowed(&headers, limit), limit);
        headers.insert("grpc-timeout", HeaderValue::from_static("1S"));
        assert_eq!(allowed(&headers, limit), Duration::from_millis(990));
        headers.insert("grpc-timeout", HeaderValue::from_static("2H"));
        assert_eq!(allowed(&headers, limit), limit);
        headers.insert("grpc-timeout", HeaderValue::from_static("nonsense"));
        assert_eq!(allowed(&headers, limit), limit);
    }

    proptest! {
        #[test]
        fn whatever_the_header_the_limit_holds(value in proptest::collection::vec(any::<u8>(), 0..12)) {
            let limit = Duration::from_mins(1);
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                headers.insert("grpc-timeout", value);
            }
            prop_assert!(allowed(&headers, limit) <= limit);
        }

        #[test]
        fn every_timeout_of_the_specification_is_read(value in 0_u64..100_000_000, unit in 0_usize..6) {
            let (unit, nanos) = [
                ("H", 3_600_000_000_000),
                ("M", 60_000_000_000),
                ("S", 1_000_000_000),
                ("m", 1_000_000),
                ("u", 1_000),
                ("n", 1),
            ][unit];
            let read = parse(&format!("{value}{unit}")).map(|time| time.as_nanos());
            prop_assert_eq!(read, Some(u128::from(value) * nanos));
        }
    }
}
