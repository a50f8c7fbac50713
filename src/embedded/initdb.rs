use std::fs::{self, File};
use std::io::ErrorKind;
use std::time::Duration;

use super::error::{EmbeddedError, IoContext};
use super::layout::{Layout, create_private, remove_dir};
use super::log::{ServerLog, tail};
use super::options::Lifetime;
use super::process::{command, status};
use super::programs::leading_number;
use super::setup::Setup;

/// The database superuser, who is the only user there is.
pub(super) const SUPERUSER: &str = "onrecord";

/// The same order of text everywhere, and letters beyond ASCII known as such.
const LOCALE: &str = "C.UTF-8";

/// For systems that do not have that one.
const FALLBACK_LOCALE: &str = "C";

const LIMIT: Duration = Duration::from_mins(2);

/// The major version that wrote the cluster; `None` where there is no cluster yet.
pub(super) fn cluster_major(layout: &Layout) -> Result<Option<u32>, EmbeddedError> {
    let path = layout.cluster().join("PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(version) => match leading_number(version.trim()) {
            Some(major) => Ok(Some(major)),
            None => Err(EmbeddedError::BadVersionFile { path }),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(EmbeddedError::Io {
            action: "read",
            path,
            source,
        }),
    }
}

/// Makes the cluster: in a directory beside it, which gets its name when it is complete, so
/// that there is a whole cluster or none, whenever the process dies.
pub(super) async fn create_cluster(
    setup: &Setup<'_>,
    log: &ServerLog,
) -> Result<(), EmbeddedError> {
    match initdb(setup, log, LOCALE).await {
        Err(EmbeddedError::Initdb { log: said, .. }) if refuses_locale(&said) => {
            initdb(setup, log, FALLBACK_LOCALE).await?;
        }
        result => result?,
    }
    adopt(setup.layout)
}

async fn initdb(setup: &Setup<'_>, log: &ServerLog, locale: &str) -> Result<(), EmbeddedError> {
    let dir = setup.layout.unfinished_cluster();
    remove_dir(&dir)?;
    create_private(&dir, setup.user)?;
    let program = setup.binaries.dir.join("initdb");
    let mut initdb = command(&program, &dir, setup.user);
    // Whoever can connect is trusted: there is only a Unix socket to connect to, and only the
    // server's user and root may enter the directory it is in.
    initdb.args(["--auth=trust", "--encoding=UTF8", "--username", SUPERUSER]);
    initdb.arg(format!("--locale={locale}")).arg("-D").arg(&dir);
    if setup.lifetime == Lifetime::Throwaway {
        initdb.arg("--no-sync");
    }
    initdb.stdout(log.stdio()?).stderr(log.stdio()?);
    match status(initdb, LIMIT).await {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(EmbeddedError::Initdb {
            status,
            log: tail(&setup.layout.log()),
        }),
        Err(source) => Err(EmbeddedError::Spawn { program, source }),
    }
}

/// Gives the complete cluster its name, for good.
fn adopt(layout: &Layout) -> Result<(), EmbeddedError> {
    let unfinished = layout.unfinished_cluster();
    fs::rename(&unfinished, layout.cluster()).context("rename", &unfinished)?;
    let root = File::open(layout.root()).context("open", layout.root())?;
    root.sync_all().context("sync", layout.root())
}

/// Whether `initdb` failed because the system does not have the locale.
fn refuses_locale(log: &str) -> bool {
    log.contains("invalid locale")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_unknown_locale_is_tried_again() {
        let check = |log: &str, expect: bool| assert_eq!(refuses_locale(log), expect, "{log}");
        check("initdb: error: invalid locale name \"C.UTF-8\"", true);
        check(
            "initdb: error: could not access directory: Permission denied",
            false,
        );
    }

    #[test]
    fn the_major_version_is_read_from_the_cluster() {
        let data_dir = tempfile::tempdir().expect("temporary directory");
        let layout = Layout::create(data_dir.path(), Lifetime::Durable, None).expect("layout");
        assert!(matches!(cluster_major(&layout), Ok(None)));

        fs::create_dir(layout.cluster()).expect("create");
        fs::write(layout.cluster().join("PG_VERSION"), "15\n").expect("write");
        assert!(matches!(cluster_major(&layout), Ok(Some(15))));

        fs::write(layout.cluster().join("PG_VERSION"), "\n").expect("write");
        assert!(matches!(
            cluster_major(&layout),
            Err(EmbeddedError::BadVersionFile { .. })
        ));
    }
}
