use http::{HeaderMap, Response};
use tonic::body::Body;
use tonic::{Code, Status};

use crate::api::wire::status::{Reason, error, error_with};

/// Adds the `ErrorInfo` that every error of this service carries to errors that tonic returns itself, before any
/// handler runs. Errors that already have details are left unchanged.
pub(super) fn complete(
    response: Response<Body>,
    path: &str,
    message_bytes: usize,
) -> Response<Body> {
    match bare_error(response.headers()) {
        Some(status) => named(&status, path, message_bytes).into_http(),
        None => response,
    }
}

/// Does the same for an error that ends a stream.
pub(super) fn complete_trailers(trailers: &mut HeaderMap, path: &str, message_bytes: usize) {
    if let Some(status) = bare_error(trailers) {
        // An error that cannot be encoded is left unchanged.
        let _ = named(&status, path, message_bytes).add_header(trailers);
    }
}

fn bare_error(headers: &HeaderMap) -> Option<Status> {
    let status = Status::from_header_map(headers)?;
    (status.code() != Code::Ok && status.details().is_empty()).then_some(status)
}

fn named(status: &Status, path: &str, message_bytes: usize) -> Status {
    match status.code() {
        // With a message, tonic is rejecting the compression of the request message.
        Code::Unimplemented if status.message().is_empty() => error_with(
            Reason::UnknownMethod,
            format!("there is no method {path}"),
            [("method", path.to_owned())],
        ),
        Code::OutOfRange | Code::ResourceExhausted => error_with(
            Reason::MessageTooLarge,
            format!("the message is larger than {message_bytes} bytes"),
            [("max_bytes", message_bytes.to_string())],
        ),
        // Everything else comes from tonic's decoding of the request: framing, compression, a missing message.
        _ => error(Reason::MalformedMessage, status.message()),
    }
}

#[cfg(test)]
mod tests {
    use tonic::{Code, Status};
    use tonic_types::StatusExt;

    use super::{bare_error, complete_trailers, named};
    use crate::api::wire::status::{Reason, error};

    fn check(status: &Status, code: Code, reason: &str) {
        let named = named(status, "/x/Y", 7);
        assert_eq!(named.code(), code);
        assert_eq!(named.get_details_error_info().unwrap().reason, reason);
    }

    #[test]
    fn tonics_own_errors_get_a_reason() {
        check(
            &Status::unimplemented(""),
            Code::Unimplemented,
            "UNKNOWN_METHOD",
        );
        check(
            &Status::out_of_range("too large"),
            Code::ResourceExhausted,
            "MESSAGE_TOO_LARGE",
        );
        for unread in [
            Status::internal("bad flag"),
            Status::unimplemented("Content is compressed with `br` which isn't supported"),
        ] {
            check(&unread, Code::InvalidArgument, "MALFORMED_MESSAGE");
        }
    }

    #[test]
    fn an_error_at_the_end_of_a_stream_gets_a_reason() {
        let mut trailers = http::HeaderMap::new();
        Status::out_of_range("too large")
            .add_header(&mut trailers)
            .unwrap();
        complete_trailers(&mut trailers, "/x/Y", 7);
        let status = Status::from_header_map(&trailers).unwrap();
        check(&status, Code::ResourceExhausted, "MESSAGE_TOO_LARGE");
        assert_eq!(trailers.get_all("grpc-status").iter().count(), 1);
    }

    #[test]
    fn errors_with_details_and_answers_pass() {
        let detailed = error(Reason::Internal, "x").into_http::<tonic::body::Body>();
        assert!(bare_error(detailed.headers()).is_none());
        assert!(bare_error(&http::HeaderMap::new()).is_none());
        let bare = Status::internal("x").into_http::<tonic::body::Body>();
        assert!(bare_error(bare.headers()).is_some());
    }
}
