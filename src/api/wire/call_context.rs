use tonic::Extensions;

use crate::service::CallContext;

/// Who makes a call and until when, as the server has noted in the request's extensions.
pub fn call_context(extensions: &Extensions) -> CallContext {
    let noted = extensions.get::<CallContext>().cloned();
    noted.unwrap_or_else(CallContext::background)
}
