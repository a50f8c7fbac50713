//! Waiting for the end of an operation.

use std::time::{Duration, Instant};

use tonic::Status;

use crate::api::convert::operation::operation;
use crate::api::request::Check;
use crate::api::wire::status::Reason;
use crate::proto::longrunning::{Operation, WaitOperationRequest};
use crate::service::Database;
use crate::service::operations::wait_for_operation;

pub(super) async fn wait(
    database: &Database,
    request: &WaitOperationRequest,
    deadline: Option<Instant>,
) -> Result<Operation, Status> {
    let mut check = Check::default();
    let id = check.resource("name", &request.name);
    let timeout = request.timeout.and_then(|asked| timeout(&mut check, asked));
    let id = check.finish_with(id)?;
    let waited = wait_for_operation(database.primary()?, id, timeout, deadline);
    Ok(operation(waited.await?))
}

fn timeout(check: &mut Check, asked: prost_types::Duration) -> Option<Duration> {
    let timeout = Duration::try_from(asked);
    if timeout.is_err() {
        check.fail("timeout", Reason::InvalidField, "is negative");
    }
    timeout.ok()
}
