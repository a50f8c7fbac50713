use std::fmt;
use std::path::PathBuf;

/// What starting the private Postgres came to, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Whether there was no database yet and one was made.
    pub initialised: bool,
    /// Whether the programs were downloaded because none were installed.
    pub downloaded: bool,
    /// Postgres's version, such as "15.18".
    pub version: String,
    /// The data directory.
    pub data_dir: PathBuf,
    /// The directory of the programs.
    pub bin_dir: PathBuf,
    /// The directory of the socket; `psql -h` takes it.
    pub socket_dir: PathBuf,
    /// The user it runs as, where that is not our own.
    pub user: Option<String>,
    /// The server's process id, if it has written it down.
    pub pid: Option<i32>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = if self.initialised {
            "initialised"
        } else {
            "started"
        };
        let binaries = if self.downloaded {
            "downloaded binaries"
        } else {
            "binaries"
        };
        write!(
            f,
            "{done} PostgreSQL {} in {}",
            self.version,
            self.data_dir.display()
        )?;
        write!(f, " with {binaries} from {}", self.bin_dir.display())?;
        if let Some(user) = &self.user {
            write!(f, ", running as user {user}")?;
        }
        if let Some(pid) = self.pid {
            write!(f, ", pid {pid}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_as_a_sentence() {
        let check = |report: &Report, expect: &str| assert_eq!(report.to_string(), expect);
        let mut report = Report {
            initialised: true,
            downloaded: false,
            version: "15.18".to_owned(),
            data_dir: "/data".into(),
            bin_dir: "/bin".into(),
            socket_dir: "/data/run".into(),
            user: Some("postgres".to_owned()),
            pid: Some(7),
        };
        check(
            &report,
            "initialised PostgreSQL 15.18 in /data with binaries from /bin, \
             running as user postgres, pid 7",
        );
        (report.initialised, report.downloaded) = (false, true);
        (report.user, report.pid) = (None, None);
        check(
            &report,
            "started PostgreSQL 15.18 in /data with downloaded binaries from /bin",
        );
    }
}
