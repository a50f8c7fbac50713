use tonic::Status;

use crate::api::request::Check;
use crate::proto::RetractArticleRequest;
use crate::store::Retract;

pub(super) fn parse(request: RetractArticleRequest, caller: String) -> Result<Retract, Status> {
    let mut check = Check::default();
    let id = check.resource("name", &request.name);
    check.requester(&request.requested_by, &request.reason);
    let row_version = check.etag("etag", &request.etag);
    Ok(Retract {
        id: check.finish_with(id)?,
        requested_by: request.requested_by,
        caller,
        reason: request.reason,
        row_version,
    })
}
