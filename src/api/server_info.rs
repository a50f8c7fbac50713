//! `ServerService`.

use tonic::{Request, Response, Status};

use super::convert::engine;
use super::request::{DEFAULT_PAGE_SIZE, MAX_BATCH, MAX_PAGE_SIZE};
use super::server::server_service_server::ServerService;
use crate::extract::EngineKind;
use crate::proto::{
    GetServerInfoRequest, GetServerInfoResponse, ServerInfo, ServerLimits, ServerParts,
};

/// The commit that the program was built from, where the build says so in `ONRECORD_COMMIT`.
const COMMIT: Option<&str> = option_env!("ONRECORD_COMMIT");

/// The `ServerService`.
#[derive(Debug, Clone)]
pub struct About {
    info: ServerInfo,
}

impl About {
    /// Creates the service of a server with these parts and these limits of its own; those of the API are added.
    #[must_use]
    pub fn new(limits: ServerLimits, parts: ServerParts) -> Self {
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let info = ServerInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: COMMIT.unwrap_or_default().to_owned(),
            engines: [EngineKind::Model, EngineKind::Rules]
                .map(|kind| engine(&kind.id()))
                .to_vec(),
            limits: Some(ServerLimits {
                default_page_size: count(DEFAULT_PAGE_SIZE),
                max_page_size: count(MAX_PAGE_SIZE),
                max_batch_size: count(MAX_BATCH),
                ..limits
            }),
            parts: Some(parts),
        };
        Self { info }
    }
}

#[tonic::async_trait]
impl ServerService for About {
    async fn get_server_info(
        &self,
        _: Request<GetServerInfoRequest>,
    ) -> Result<Response<GetServerInfoResponse>, Status> {
        Ok(Response::new(GetServerInfoResponse {
            server_info: Some(self.info.clone()),
        }))
    }
}
