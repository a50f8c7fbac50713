//! The store's list of statements is whole.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use onrecord::store::STATEMENTS;

/// The files below a folder.
fn source_files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().expect("the store's sources");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let files = paths.flat_map(|path| {
        if path.is_dir() {
            source_files(&path)
        } else {
            vec![path]
        }
    });
    files.collect()
}

/// The place of a file in the store, such as `claims::lists`.
fn module(store: &Path, file: &Path) -> String {
    let place = file.strip_prefix(store).expect("a file of the store");
    let place = place.with_extension("");
    let segments: Vec<_> = place
        .iter()
        .map(|segment| segment.to_string_lossy())
        .filter(|segment| segment != "mod")
        .collect();
    segments.join("::")
}

#[test]
fn every_statement_is_registered() {
    let registered: BTreeSet<&str> = STATEMENTS
        .iter()
        .copied()
        .flatten()
        .map(|(name, _)| *name)
        .collect();
    let mut found = BTreeSet::new();
    let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    for path in source_files(&store) {
        let source = std::fs::read_to_string(&path).expect("a source file");
        let module = module(&store, &path);
        for call in source
            .split("sqlx::query")
            .skip(1)
            .chain(source.split("sqlx::raw_sql").skip(1))
            // The target of the driver's log is no call.
            .filter(|call| !call.starts_with('"'))
        {
            // Nothing but the name of a constant may stand in the call.
            let argument = call
                .split('(')
                .nth(1)
                .and_then(|rest| rest.split(')').next());
            found.insert(format!("{module}::{}", argument.expect("a call").trim()));
        }
    }
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, registered);
}
