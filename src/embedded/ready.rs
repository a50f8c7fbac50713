use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};
use sqlx::{ConnectOptions, Connection};

use super::error::EmbeddedError;
use super::initdb::SUPERUSER;
use super::layout::Layout;
use super::log::tail;
use super::socket::{PORT, SocketDir};
use super::supervisor::Supervisor;

/// The database that the service uses.
const DATABASE: &str = "onrecord";

/// The database that every cluster has from the start.
const MAINTENANCE_DATABASE: &str = "postgres";

/// How long the server may take: replaying its log after a crash takes a while.
const LIMIT: Duration = Duration::from_mins(1);

/// Pauses between attempts: the server logs every one that comes too early.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

/// How to connect to the service's database.
pub(super) fn connect_options(sockets: &SocketDir) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(&sockets.path)
        .port(PORT)
        .username(SUPERUSER)
        .database(DATABASE)
        .ssl_mode(PgSslMode::Disable)
}

/// Waits until the server answers, and creates the service's database if it is missing.
pub(super) async fn wait_until_ready(
    layout: &Layout,
    supervisor: &mut Supervisor,
    options: &PgConnectOptions,
) -> Result<(), EmbeddedError> {
    let maintenance = options.clone().database(MAINTENANCE_DATABASE);
    let connected = tokio::time::timeout(LIMIT, connect(layout, supervisor, &maintenance)).await;
    let Ok(connection) = connected else {
        let (path, log) = (layout.log(), tail(&layout.log()));
        return Err(EmbeddedError::NotReady {
            limit: LIMIT,
            path,
            log,
        });
    };
    let created = ensure_database(connection?).await;
    created.map_err(|source| EmbeddedError::CreateDatabase { source })
}

/// Tries to connect until that succeeds or the server is gone.
async fn connect(
    layout: &Layout,
    supervisor: &mut Supervisor,
    options: &PgConnectOptions,
) -> Result<PgConnection, EmbeddedError> {
    let mut pause = FIRST_PAUSE;
    loop {
        if let Ok(connection) = options.connect().await {
            return Ok(connection);
        }
        if let Some(status) = supervisor.exit_status()? {
            let (path, log) = (layout.log(), tail(&layout.log()));
            return Err(EmbeddedError::ExitedEarly { status, path, log });
        }
        tokio::time::sleep(pause).await;
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}

async fn ensure_database(mut connection: PgConnection) -> sqlx::Result<()> {
    let exists: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .bind(DATABASE)
            .fetch_one(&mut connection)
            .await?;
    if !exists {
        sqlx::query("CREATE DATABASE onrecord")
            .execute(&mut connection)
            .await?;
    }
    connection.close().await
}
