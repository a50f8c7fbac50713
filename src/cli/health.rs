use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tonic::transport::Endpoint;
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

/// Ask a server how it does; exit code 0 if it serves
#[derive(Debug, Args)]
pub(super) struct HealthCommand {
    /// The server's address
    #[arg(long, env = "ONRECORD_SERVER", default_value = "http://127.0.0.1:50051", value_name = "URL")]
    server: String,

    /// One service, such as onrecord.v1.ClaimService, instead of the server as a whole
    #[arg(long, default_value = "", hide_default_value = true, value_name = "NAME")]
    service: String,

    /// How long to wait for an answer, in seconds
    #[arg(long, default_value_t = 3, value_name = "SECONDS")]
    timeout: u64,
}

impl HealthCommand {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let timeout = Duration::from_secs(self.timeout);
        let status = tokio::time::timeout(timeout, self.ask())
            .await
            .with_context(|| format!("{} did not answer in time", self.server))??;
        println!("{status}");
        let serves = status == ServingStatus::Serving;
        Ok(if serves { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn ask(&self) -> anyhow::Result<ServingStatus> {
        let endpoint = Endpoint::from_shared(self.server.clone())?;
        let channel = endpoint
            .connect()
            .await
            .with_context(|| format!("cannot reach {}", self.server))?;
        let request = HealthCheckRequest { service: self.service.clone() };
        let answer = HealthClient::new(channel).check(request).await;
        let answer = answer.map_err(|status| anyhow::anyhow!("{}", status.message()))?.into_inner();
        Ok(match answer.status() {
            tonic_health::pb::health_check_response::ServingStatus::Serving => ServingStatus::Serving,
            tonic_health::pb::health_check_response::ServingStatus::NotServing => {
                ServingStatus::NotServing
            }
            _ => ServingStatus::Unknown,
        })
    }
}
