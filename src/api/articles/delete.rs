use tonic::Status;

use crate::api::convert::deletion::deletion;
use crate::api::request::{Check, Sent, Writes};
use crate::api::wire::names::Named;
use crate::domain::{ArticleId, Deletion};
use crate::proto::{DeleteArticleRequest, DeleteArticleResponse};
use crate::store::Delete;

pub(super) fn parse(
    mut request: DeleteArticleRequest,
    caller: String,
) -> Result<Sent<Delete<ArticleId>>, Status> {
    let sent = request.take_id(&caller);
    let mut check = Check::default();
    let id = check.resource("name", &request.name);
    check.requester(&request.requested_by, &request.reason);
    let row_version = check.etag("etag", &request.etag);
    check.write_request(sent.as_ref());
    let command = Delete {
        id: check.finish_with(id)?,
        requested_by: request.requested_by,
        caller,
        reason: request.reason,
        row_version,
        validate_only: request.validate_only,
    };
    Ok((command, sent))
}

pub(super) fn deleted(id: ArticleId, done: Deletion) -> DeleteArticleResponse {
    DeleteArticleResponse {
        deletion: Some(deletion(id.resource_name(), done)),
    }
}
