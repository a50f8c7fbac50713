use std::path::PathBuf;

/// How long the data are to live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// They survive restarts and crashes.
    Durable,
    /// They go with the process that started the server, and the data directory with them.
    /// Nothing is synced to disk: fast, and good for tests only.
    Throwaway,
}

/// How to start a private Postgres.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the database is kept; created if missing. A throw-away one must be empty.
    pub data_dir: PathBuf,
    /// The directory that holds `initdb` and `postgres`; looked for if not given.
    pub bin_dir: Option<PathBuf>,
    /// How long the data are to live.
    pub lifetime: Lifetime,
}
