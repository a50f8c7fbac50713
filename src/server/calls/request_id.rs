use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use super::trace::TRACEPARENT;

/// The metadata that names a call, in requests and responses.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// A longer one is replaced.
const MAX_LENGTH: usize = 128;

/// What names a call in logs: the caller's `x-request-id`, else the trace id of its `traceparent`, else a new one.
pub(super) fn request_id(headers: &HeaderMap) -> HeaderValue {
    if let Some(given) = headers.get(&REQUEST_ID)
        && is_valid(given)
    {
        return given.clone();
    }
    let trace = headers
        .get(TRACEPARENT)
        .and_then(|value| value.to_str().ok())
        .and_then(trace_id);
    let id = match trace {
        Some(trace) => HeaderValue::from_str(trace),
        None => HeaderValue::from_str(&Uuid::now_v7().simple().to_string()),
    };
    // Hexadecimal digits are always valid.
    id.unwrap_or_else(|_| HeaderValue::from_static("unknown"))
}

/// Logs and other systems have to cope with it.
fn is_valid(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=MAX_LENGTH).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic)
}

/// The trace id of a `traceparent`, as W3C Trace Context defines it.
fn trace_id(traceparent: &str) -> Option<&str> {
    let mut parts = traceparent.split('-');
    let (_version, trace) = (parts.next()?, parts.next()?);
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let is_id = trace.len() == 32 && trace.bytes().all(is_hex);
    (is_id && trace.bytes().any(|byte| byte != b'0')).then_some(trace)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::request_id;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    fn check(given: &[(&'static str, &str)], expect: Option<&str>) {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.insert(*name, value);
        }
        let id = request_id(&headers);
        match expect {
            Some(expect) => assert_eq!(id, expect),
            None => assert!(id.len() == 32 && given.iter().all(|(_, value)| id != value)),
        }
    }

    #[test]
    fn a_callers_id_is_kept_if_logs_can_cope_with_it() {
        let longest = "x".repeat(128);
        check(&[("x-request-id", "a-1/ü")], None);
        check(&[("x-request-id", "two words")], None);
        check(&[("x-request-id", "")], None);
        check(&[("x-request-id", &format!("{longest}x"))], None);
        check(&[("x-request-id", &longest)], Some(&longest));
    }

    #[test]
    fn a_traced_call_is_named_by_its_trace() {
        let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
        check(&[("traceparent", &parent)], Some(TRACE));
        check(
            &[("traceparent", &parent), ("x-request-id", "one")],
            Some("one"),
        );
        check(&[("traceparent", &parent.replace('f', "F"))], None);
        check(
            &[(
                "traceparent",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            )],
            None,
        );
        check(&[("traceparent", "nonsense")], None);
    }
}
