use std::cmp::Reverse;
use std::env;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Where packages put Postgres's server programs. `*` stands for any part of a name.
const PATTERNS: [&str; 8] = [
    "usr/lib/postgresql/*/bin",         // Debian, Ubuntu
    "usr/pgsql-*/bin",                  // PostgreSQL's own packages for RHEL
    "usr/libexec/postgresql*",          // Alpine
    "usr/lib*/postgresql*/bin",         // openSUSE, Gentoo
    "opt/homebrew/opt/postgresql*/bin", // Homebrew on Apple silicon
    "usr/local/opt/postgresql*/bin",    // Homebrew on Intel
    "Applications/Postgres.app/Contents/Versions/*/bin",
    "usr/local/pgsql/bin", // built from source
];

/// The usual places below `root` (`/`, but for tests) that exist, the newest first in each.
pub(super) fn usual_places(root: &Path) -> Vec<PathBuf> {
    PATTERNS
        .iter()
        .flat_map(|pattern| expand(root, pattern))
        .collect()
}

/// The directories of `PATH` that hold a `postgres`, with links followed to the real one.
pub(super) fn on_search_path() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .filter_map(|dir| fs::canonicalize(dir.join("postgres")).ok())
        .filter_map(|program| program.parent().map(Path::to_owned))
        .collect()
}

/// The `bin` directories of downloaded installations, the newest first.
pub(super) fn downloaded(downloads: &Path) -> Vec<PathBuf> {
    expand(downloads, "*/bin")
}

/// The directories that a pattern stands for.
fn expand(root: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![root.to_owned()];
    for component in Path::new(pattern).components() {
        let Component::Normal(name) = component else {
            continue;
        };
        let name = name.to_string_lossy();
        found = match name.split_once('*') {
            Some((prefix, suffix)) => found
                .iter()
                .flat_map(|dir| matching(dir, prefix, suffix))
                .collect(),
            None => found.iter().map(|dir| dir.join(&*name)).collect(),
        };
    }
    found.retain(|dir| dir.is_dir());
    found
}

/// The entries of `dir` whose names start and end like this, the highest version first.
fn matching(dir: &Path, prefix: &str, suffix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(prefix) && name.ends_with(suffix))
        // As in a shell; an interrupted download leaves such a directory behind.
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort_by_key(|name| Reverse(numbers(name)));
    names.into_iter().map(|name| dir.join(name)).collect()
}

/// The numbers in a name, for comparison: 9.6 is older than 15.
fn numbers(name: &str) -> Vec<u32> {
    name.split(|character: char| !character.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(present: &[&str], expect: &[&str]) {
        let root = tempfile::tempdir().expect("temporary directory");
        for dir in present {
            fs::create_dir_all(root.path().join(dir)).expect("create");
        }
        let expect: Vec<PathBuf> = expect.iter().map(|dir| root.path().join(dir)).collect();
        assert_eq!(usual_places(root.path()), expect);
    }

    #[test]
    fn the_newest_comes_first() {
        check(&[], &[]);
        check(
            &[
                "usr/lib/postgresql/9.6/bin",
                "usr/lib/postgresql/17/bin",
                "usr/lib/postgresql/15/bin",
            ],
            &[
                "usr/lib/postgresql/17/bin",
                "usr/lib/postgresql/15/bin",
                "usr/lib/postgresql/9.6/bin",
            ],
        );
        check(
            &[
                "usr/pgsql-9.6/bin",
                "usr/pgsql-16/bin",
                "usr/local/pgsql/bin",
            ],
            &[
                "usr/pgsql-16/bin",
                "usr/pgsql-9.6/bin",
                "usr/local/pgsql/bin",
            ],
        );
        check(
            &["usr/libexec/postgresql16", "usr/lib/postgresql/14"],
            &["usr/libexec/postgresql16"],
        );
    }
}
