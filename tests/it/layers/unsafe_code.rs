//! Unsafe code stands in few files, which are known.

use super::sources;

/// The files that may allow unsafe code, by their paths below `src`.
const FILES: [&str; 2] = [
    "extract/model/network/math.rs",
    "extract/model/network/matrix.rs",
];

/// Returns whether a file lifts the lint that Cargo.toml sets.
fn allows_unsafe_code(source: &str) -> bool {
    let mut code = source.lines().map(str::trim_start);
    code.any(|line| !line.starts_with("//") && line.contains("unsafe_code"))
}

#[test]
fn only_the_files_listed_allow_unsafe_code() {
    let manifest = include_str!("../../../Cargo.toml");
    assert!(manifest.contains("\nunsafe_code = \"deny\"\n"));
    let mut found: Vec<String> = sources()
        .into_iter()
        .filter(|(_, source)| allows_unsafe_code(source))
        .map(|(file, _)| file)
        .collect();
    found.sort_unstable();
    assert_eq!(found, FILES);
}
