//! Listing operations.

use tonic::Status;

use crate::api::convert::operation::operation;
use crate::api::request::{Check, next_page_token};
use crate::api::wire::names::Named;
use crate::api::wire::page_token::ListId;
use crate::api::wire::status::Reason;
use crate::domain::OperationId;
use crate::proto::longrunning::{ListOperationsRequest, ListOperationsResponse};
use crate::service::Database;
use crate::service::operations::list_operations;

pub(super) async fn list(
    database: &Database,
    request: &ListOperationsRequest,
) -> Result<ListOperationsResponse, Status> {
    let mut check = Check::default();
    if !["", OperationId::COLLECTION].contains(&request.name.as_str()) {
        let description = "has to be \"operations\" or empty";
        check.fail("name", Reason::InvalidResourceName, description);
    }
    let done = done(&mut check, &request.filter);
    // However the same filter is spelled.
    let filter = format!("{done:?}");
    let list = ListId {
        rpc: "ListOperations",
        filter: filter.as_bytes(),
    };
    let size = check.page_size(request.page_size);
    let after = check.page_token(list, &request.page_token);
    check.finish()?;
    let page = list_operations(database.primary()?, done, after, size).await?;
    Ok(ListOperationsResponse {
        next_page_token: next_page_token(list, page.next.as_ref()),
        operations: page.items.into_iter().map(operation).collect(),
        ..ListOperationsResponse::default()
    })
}

/// Whether only operations are listed that are done, or only those that are not.
fn done(check: &mut Check, filter: &str) -> Option<bool> {
    let words: String = filter.split_whitespace().collect();
    match words.as_str() {
        "" => None,
        "done=true" => Some(true),
        "done=false" => Some(false),
        _ => {
            let description = "has to be \"done=true\", \"done=false\" or empty";
            check.fail("filter", Reason::InvalidField, description);
            None
        }
    }
}
