use std::io::{Write, stdout};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use super::target::Target;

/// Check a server's health; the exit code is 0 if it is serving
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord health
  onrecord health --server http://onrecord:50051 --service onrecord.v1.ClaimService
  onrecord health --server https://onrecord.example.com:50051 --ca ca.pem")]
pub(super) struct HealthCommand {
    #[command(flatten)]
    target: Target,

    /// One service, such as onrecord.v1.ClaimService, instead of the server as a whole
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "NAME"
    )]
    service: String,

    /// How long to wait for a response, in seconds
    #[arg(long, default_value_t = 3, value_name = "SECONDS")]
    timeout: u64,
}

impl HealthCommand {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let timeout = Duration::from_secs(self.timeout);
        let status = tokio::time::timeout(timeout, self.ask())
            .await
            .with_context(|| format!("{} did not answer in time", self.target.url))??;
        writeln!(stdout(), "{status}")?;
        let serves = status == ServingStatus::Serving;
        Ok(if serves {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }

    async fn ask(&self) -> anyhow::Result<ServingStatus> {
        let endpoint = self.target.endpoint()?;
        let channel = endpoint
            .connect()
            .await
            .map_err(|error| self.target.unreachable(error))?;
        let request = HealthCheckRequest {
            service: self.service.clone(),
        };
        let answer = HealthClient::new(channel).check(request).await;
        let answer = answer
            .map_err(|status| anyhow::anyhow!("{}", status.message()))?
            .into_inner();
        Ok(match answer.status() {
            tonic_health::pb::health_check_response::ServingStatus::Serving => {
                ServingStatus::Serving
            }
            tonic_health::pb::health_check_response::ServingStatus::NotServing => {
                ServingStatus::NotServing
            }
            _ => ServingStatus::Unknown,
        })
    }
}
