use tonic::Status;

use crate::api::request::{Check, Sent, Writes};
use crate::proto::RetractArticleRequest;
use crate::store::Retract;

pub(super) fn parse(
    mut request: RetractArticleRequest,
    caller: String,
) -> Result<Sent<Retract>, Status> {
    let sent = request.take_id(&caller);
    let mut check = Check::default();
    let id = check.resource("name", &request.name);
    check.requester(&request.requested_by, &request.reason);
    let row_version = check.etag("etag", &request.etag);
    check.write_request(sent.as_ref());
    let command = Retract {
        id: check.finish_with(id)?,
        requested_by: request.requested_by,
        caller,
        reason: request.reason,
        row_version,
    };
    Ok((command, sent))
}
