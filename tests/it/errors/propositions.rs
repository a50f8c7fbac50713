//! Propositions that are asked for wrongly.

use onrecord::proto::ErrorReason::{
    InvalidEnumValue, InvalidPageSize, InvalidPageToken, InvalidResourceName, PropositionNotFound,
    RequiredFieldMissing,
};
use onrecord::proto::{GetPropositionRequest, ListPropositionClaimsRequest};

use super::ID;
use crate::harness::{TestServer, refused};

fn get(name: &str) -> GetPropositionRequest {
    GetPropositionRequest {
        name: name.to_owned(),
        ..Default::default()
    }
}

fn list(name: &str) -> ListPropositionClaimsRequest {
    ListPropositionClaimsRequest {
        parent: name.to_owned(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_for_propositions_name_their_fields() {
    let server = TestServer::with(None).await;
    let client = &server.client;
    let name = format!("propositions/{ID}");
    let call = client.get_proposition(get(""));
    refused(call, RequiredFieldMissing, &["name"]).await;
    let call = client.get_proposition(GetPropositionRequest {
        encoding_type: 99,
        ..get("claims/x")
    });
    refused(call, InvalidResourceName, &["name", "encoding_type"]).await;
    let call = client.list_proposition_claims(list("propositions/x"));
    refused(call, InvalidResourceName, &["parent"]).await;
    let call = client.list_proposition_claims(ListPropositionClaimsRequest {
        page_size: -1,
        encoding_type: 99,
        ..list(&name)
    });
    refused(call, InvalidPageSize, &["page_size", "encoding_type"]).await;
    let call = client.list_proposition_claims(ListPropositionClaimsRequest {
        encoding_type: 99,
        ..list(&name)
    });
    refused(call, InvalidEnumValue, &["encoding_type"]).await;
    let call = client.list_proposition_claims(ListPropositionClaimsRequest {
        page_token: "x".to_owned(),
        ..list(&name)
    });
    refused(call, InvalidPageToken, &["page_token"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposition_that_nobody_says_is_not_there() {
    let server = TestServer::start().await;
    let name = format!("propositions/{ID}");
    let call = server.client.get_proposition(get(&name));
    let fault = refused(call, PropositionNotFound, &[]).await;
    assert_eq!(fault.metadata["name"], name);
    let call = server.client.list_proposition_claims(list(&name));
    refused(call, PropositionNotFound, &[]).await;
}
