use prost::Message;
use tonic::Status;
use tonic::metadata::MetadataMap;

use crate::api::convert::fact_check::fact_check as message;
use crate::api::request::{Check, MAX_BATCH, Writes, next_page_token};
use crate::api::wire::page_token::ListId;
use crate::api::wire::read_from;
use crate::domain::{ClaimId, FactCheckId};
use crate::proto::{
    DeleteFactCheckRequest, DeleteFactCheckResponse, GetFactCheckRequest, GetFactCheckResponse,
    ListFactChecksRequest, ListFactChecksResponse,
};
use crate::service::Database;
use crate::service::claims::{delete_fact_check, fact_check, list_fact_checks};
use crate::store::FactCheckCursor;

/// Returns a fact check.
pub(in crate::api::claims) async fn get(
    database: &Database,
    metadata: &MetadataMap,
    request: &GetFactCheckRequest,
) -> Result<GetFactCheckResponse, Status> {
    let mut check = Check::default();
    let id = check.resource::<FactCheckId>("name", &request.name);
    let id = check.finish_with(id)?;
    let found = fact_check(read_from(database, metadata)?, id).await?;
    Ok(GetFactCheckResponse {
        fact_check: Some(message(found)),
    })
}

/// Lists fact checks.
pub(in crate::api::claims) async fn list(
    database: &Database,
    metadata: &MetadataMap,
    request: ListFactChecksRequest,
) -> Result<ListFactChecksResponse, Status> {
    let of_claims = ListFactChecksRequest {
        claims: request.claims.clone(),
        ..ListFactChecksRequest::default()
    };
    let filter = of_claims.encode_to_vec();
    let list = ListId {
        rpc: "ListFactChecks",
        filter: &filter,
    };
    let mut check = Check::default();
    let claims = claims(&mut check, &request.claims);
    let size = check.page_size(request.page_size);
    let after: Option<FactCheckCursor> = check.page_token(list, &request.page_token);
    check.finish()?;
    let store = read_from(database, metadata)?;
    let page = list_fact_checks(store, claims.as_deref(), after, size).await?;
    Ok(ListFactChecksResponse {
        next_page_token: next_page_token(list, page.next.as_ref()),
        fact_checks: page.items.into_iter().map(message).collect(),
    })
}

/// Parses the claims whose fact checks are listed; `None` for all.
fn claims(check: &mut Check, names: &[String]) -> Option<Vec<ClaimId>> {
    check.at_most("claims", names.len(), MAX_BATCH);
    let names = names.iter().take(MAX_BATCH).enumerate();
    let ids = names.filter_map(|(n, name)| check.resource(&format!("claims[{n}]"), name).ok());
    Some(ids.collect()).filter(|ids: &Vec<ClaimId>| !ids.is_empty())
}

/// Deletes a fact check.
pub(in crate::api::claims) async fn delete(
    database: &Database,
    mut request: DeleteFactCheckRequest,
    caller: &str,
) -> Result<DeleteFactCheckResponse, Status> {
    let sent = request.take_id(caller);
    let mut check = Check::default();
    let id = check.resource::<FactCheckId>("name", &request.name);
    check.write_request(sent.as_ref());
    let id = check.finish_with(id)?;
    delete_fact_check(database.primary()?, id, sent).await?;
    Ok(DeleteFactCheckResponse {})
}
