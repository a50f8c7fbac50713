use tonic::Status;

use crate::api::convert::time::timestamp;
use crate::api::request::Check;
use crate::api::wire::names::Named;
use crate::domain::{ArticleId, Deletion};
use crate::proto::{self, DeleteArticleRequest, DeleteArticleResponse};
use crate::store::Delete;

pub(super) fn parse(
    request: DeleteArticleRequest,
    caller: String,
) -> Result<Delete<ArticleId>, Status> {
    let mut check = Check::default();
    let id = check.resource("name", &request.name);
    check.requester(&request.requested_by, &request.reason);
    let row_version = check.etag("etag", &request.etag);
    Ok(Delete {
        id: check.finish_with(id)?,
        requested_by: request.requested_by,
        caller,
        reason: request.reason,
        row_version,
        validate_only: request.validate_only,
    })
}

pub(super) fn deleted(id: ArticleId, deletion: Deletion) -> DeleteArticleResponse {
    DeleteArticleResponse {
        deletion: Some(proto::Deletion {
            name: id.resource_name(),
            claim_count: deletion.claim_count,
            requested_by: deletion.requested_by,
            reason: deletion.reason,
            delete_time: Some(timestamp(deletion.time)),
            caller: deletion.caller,
        }),
    }
}
