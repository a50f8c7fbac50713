use tonic::Request;

use crate::service::Caller;

/// The name of who makes this call, for the record. Empty where the server does not ask.
pub fn caller<T>(request: &Request<T>) -> String {
    let caller = request.extensions().get::<Caller>();
    caller.map_or_else(String::new, |caller| caller.name().to_owned())
}
