use std::path::{Path, PathBuf};
use std::time::Duration;

use super::places::{downloaded, on_search_path, usual_places};
use super::version::{OLDEST_MAJOR, parse_version};
use crate::embedded::error::{EmbeddedError, IoContext};
use crate::embedded::layout::Layout;
use crate::embedded::process::{command, output};
use crate::embedded::user::ServerUser;

/// How long a program may take to print one line.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// An installation of Postgres's server programs that we can use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded) struct Binaries {
    /// Holds `initdb` and `postgres`.
    pub(in crate::embedded) dir: PathBuf,
    /// As the programs print it, such as "15.18" or "18beta1".
    pub(in crate::embedded) version: String,
    /// The part of the version that says whose files it can read.
    major: u32,
}

/// Looks for installations on behalf of one data directory.
pub(in crate::embedded) struct Finder<'a> {
    pub(in crate::embedded) layout: &'a Layout,
    pub(in crate::embedded) user: Option<&'a ServerUser>,
    /// The major version that wrote the cluster, if there is one already.
    pub(in crate::embedded) wanted: Option<u32>,
}

impl Finder<'_> {
    /// Finds the binaries: in the directory that was asked for and nowhere else, or else where
    /// `pg_config` says, in the usual places, on `PATH`, and among earlier downloads.
    ///
    /// # Errors
    /// [`EmbeddedError::NoBinaries`] where there are none, [`EmbeddedError::VersionMismatch`]
    /// where none can read the cluster, [`EmbeddedError::BadBinDir`] for a directory of no use.
    pub(in crate::embedded) async fn find(
        &self,
        asked_for: Option<&Path>,
    ) -> Result<Binaries, EmbeddedError> {
        match asked_for {
            Some(dir) => self.check(dir).await,
            None => self.choose(self.places().await).await,
        }
    }

    /// Every place to look in, the most deliberate one first.
    async fn places(&self) -> Vec<PathBuf> {
        let mut places: Vec<PathBuf> = self.pg_config_dir().await.into_iter().collect();
        places.extend(usual_places(Path::new("/")));
        places.extend(on_search_path());
        places.extend(downloaded(&self.layout.downloads()));
        places
    }

    /// Takes the binaries in a directory or says what is wrong with them.
    pub(in crate::embedded) async fn check(&self, dir: &Path) -> Result<Binaries, EmbeddedError> {
        let dir = std::path::absolute(dir).context("resolve", dir)?;
        match self.inspect(&dir).await {
            Ok(binaries) if self.suits(&binaries) => Ok(binaries),
            Ok(binaries) => Err(self.refusal(&[binaries])),
            Err(reason) => Err(EmbeddedError::BadBinDir { path: dir, reason }),
        }
    }

    /// The first place of use whose version can read the cluster.
    async fn choose(&self, places: Vec<PathBuf>) -> Result<Binaries, EmbeddedError> {
        let mut others = Vec::new();
        for dir in places {
            match self.inspect(&dir).await {
                Ok(binaries) if self.suits(&binaries) => return Ok(binaries),
                Ok(binaries) => others.push(binaries),
                Err(reason) => tracing::debug!(dir = %dir.display(), reason, "no PostgreSQL"),
            }
        }
        Err(self.refusal(&others))
    }

    /// Asks the programs in a directory for their version, or says why they are of no use.
    async fn inspect(&self, dir: &Path) -> Result<Binaries, String> {
        for program in ["initdb", "postgres"] {
            if !dir.join(program).is_file() {
                return Err(format!("there is no {program}"));
            }
        }
        let answer = self.ask(&dir.join("postgres"), "--version").await?;
        let (version, major) = parse_version(&answer)
            .ok_or_else(|| format!("postgres --version says {:?}", answer.trim()))?;
        if major < OLDEST_MAJOR {
            return Err(format!("version {version} is older than {OLDEST_MAJOR}"));
        }
        Ok(Binaries {
            dir: dir.to_owned(),
            version,
            major,
        })
    }

    /// Where `pg_config` on `PATH`, if any, says that the programs are.
    async fn pg_config_dir(&self) -> Option<PathBuf> {
        let answer = self.ask(Path::new("pg_config"), "--bindir").await.ok()?;
        Some(PathBuf::from(answer.trim()))
    }

    /// Runs a program that prints a line, as the user who is to run the server.
    async fn ask(&self, program: &Path, argument: &str) -> Result<String, String> {
        let mut question = command(program, self.layout.root(), self.user);
        question.arg(argument);
        match output(question, ANSWER_LIMIT).await {
            Ok(answer) if answer.status.success() => {
                Ok(String::from_utf8_lossy(&answer.stdout).into_owned())
            }
            Ok(answer) => Err(format!("{} fails ({})", program.display(), answer.status)),
            Err(error) => Err(format!("{} cannot be run: {error}", program.display())),
        }
    }

    fn suits(&self, binaries: &Binaries) -> bool {
        self.wanted.is_none_or(|major| major == binaries.major)
    }

    /// Why none of the installations, if any, will do.
    fn refusal(&self, unsuitable: &[Binaries]) -> EmbeddedError {
        let mut versions: Vec<&str> = unsuitable.iter().map(|one| one.version.as_str()).collect();
        versions.dedup();
        match self.wanted {
            Some(wanted) if !versions.is_empty() => EmbeddedError::VersionMismatch {
                cluster: self.layout.cluster(),
                wanted,
                found: versions.join(", "),
            },
            _ => EmbeddedError::NoBinaries,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::embedded::options::Lifetime;

    /// Makes a directory with an `initdb` and a `postgres` that print this version.
    fn installation(root: &Path, name: &str, version: &str) -> PathBuf {
        let dir = root.join(name);
        fs::create_dir(&dir).expect("create");
        for program in ["initdb", "postgres"] {
            let file = dir.join(program);
            let script = format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n");
            fs::write(&file, script).expect("write");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("permit");
        }
        dir
    }

    #[tokio::test]
    async fn the_first_installation_that_can_read_the_cluster_is_chosen() {
        let root = tempfile::tempdir().expect("temporary directory");
        let layout = Layout::create(root.path(), Lifetime::Durable, None).expect("layout");
        let places = vec![
            root.path().join("missing"),
            installation(root.path(), "old", "9.6.24"),
            installation(root.path(), "a", "16.4"),
            installation(root.path(), "b", "15.18"),
            installation(root.path(), "c", "15.2"),
        ];
        let check = async |wanted: Option<u32>, expect: Result<&str, &str>| {
            let finder = Finder {
                layout: &layout,
                user: None,
                wanted,
            };
            let chosen = finder.choose(places.clone()).await;
            match expect {
                Ok(version) => assert_eq!(chosen.expect("found").version, version),
                Err(part) => {
                    let message = chosen.expect_err("none fits").to_string();
                    assert!(message.contains(part), "{message}");
                }
            }
        };
        check(None, Ok("16.4")).await;
        check(Some(15), Ok("15.18")).await;
        check(
            Some(17),
            Err("PostgreSQL 17, but only 16.4, 15.18, 15.2 is installed"),
        )
        .await;
    }

    #[tokio::test]
    async fn a_directory_that_was_asked_for_is_the_only_one() {
        let root = tempfile::tempdir().expect("temporary directory");
        let layout = Layout::create(root.path(), Lifetime::Durable, None).expect("layout");
        let finder = Finder {
            layout: &layout,
            user: None,
            wanted: None,
        };
        let check = async |dir: &Path, expect: &str| {
            let message = finder
                .find(Some(dir))
                .await
                .expect_err("of no use")
                .to_string();
            assert!(message.contains(expect), "{message}");
        };
        check(root.path(), "there is no initdb").await;
        check(
            &installation(root.path(), "old", "12.1"),
            "version 12.1 is older than 13",
        )
        .await;
        check(
            &installation(root.path(), "odd", "?"),
            "postgres --version says",
        )
        .await;
    }
}
