use tonic::{Request, Response, Status};

use super::{list, wait};
use crate::api::convert::operation::operation as encoded;
use crate::api::request::Check;
use crate::api::server::operations_server::Operations as OperationsService;
use crate::api::wire::{call_context, caller};
use crate::proto::longrunning::{
    CancelOperationRequest, DeleteOperationRequest, GetOperationRequest, ListOperationsRequest,
    ListOperationsResponse, Operation, WaitOperationRequest,
};
use crate::service::Database;
use crate::service::operations::{cancel_operation, delete_operation, operation};
use crate::store::OperationChange;

/// The service `google.longrunning.Operations`. It reads from the primary: an operation can be looked up as soon as it was
/// started.
#[derive(Debug, Clone)]
pub struct Operations {
    database: Database,
}

impl Operations {
    /// Creates the service for the operations in `database`.
    #[must_use]
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

/// Parses which operation is to be changed, by whom.
fn change(name: &str, caller: String) -> Result<OperationChange, Status> {
    let mut check = Check::default();
    let id = check.resource("name", name);
    Ok(OperationChange {
        id: check.finish_with(id)?,
        caller,
    })
}

#[tonic::async_trait]
impl OperationsService for Operations {
    async fn list_operations(
        &self,
        request: Request<ListOperationsRequest>,
    ) -> Result<Response<ListOperationsResponse>, Status> {
        let page = list::list(&self.database, request.get_ref()).await?;
        Ok(Response::new(page))
    }

    async fn get_operation(
        &self,
        request: Request<GetOperationRequest>,
    ) -> Result<Response<Operation>, Status> {
        let mut check = Check::default();
        let id = check.resource("name", &request.get_ref().name);
        let id = check.finish_with(id)?;
        let found = operation(self.database.primary()?, id).await?;
        Ok(Response::new(encoded(found)))
    }

    async fn delete_operation(
        &self,
        request: Request<DeleteOperationRequest>,
    ) -> Result<Response<()>, Status> {
        let change = change(&request.get_ref().name, caller(&request))?;
        delete_operation(self.database.primary()?, change).await?;
        Ok(Response::new(()))
    }

    async fn cancel_operation(
        &self,
        request: Request<CancelOperationRequest>,
    ) -> Result<Response<()>, Status> {
        let change = change(&request.get_ref().name, caller(&request))?;
        cancel_operation(self.database.primary()?, change).await?;
        Ok(Response::new(()))
    }

    async fn wait_operation(
        &self,
        request: Request<WaitOperationRequest>,
    ) -> Result<Response<Operation>, Status> {
        let deadline = call_context(request.extensions()).deadline;
        let waited = wait::wait(&self.database, request.get_ref(), deadline).await?;
        Ok(Response::new(waited))
    }
}
