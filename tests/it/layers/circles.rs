//! Which file of the sources uses which: a name that a `mod.rs` re-exports stands for the file that defines it.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{Named, named_paths};

/// A module, by the names on its way from the root.
type Module = Vec<String>;

/// The files below `src`, each with those it uses.
pub struct Uses {
    uses: BTreeMap<Module, BTreeSet<Module>>,
}

impl Uses {
    /// Of sources, given by their paths below `src`.
    pub fn of(sources: &[(String, String)]) -> Self {
        let read = sources
            .iter()
            .map(|(file, source)| (module(file), named_paths(file, source)));
        let read: BTreeMap<Module, Vec<Named>> = read.collect();
        let uses = read.iter().map(|(module, named)| {
            let used = named.iter().filter(|named| !named.is_reexport);
            let targets = used.filter_map(|named| target(&read, module, &named.path));
            let others = targets.filter(|target| target != module);
            (module.clone(), others.collect())
        });
        Self {
            uses: uses.collect(),
        }
    }

    /// Groups of files that use each other in a circle, each as one line.
    pub fn circles(&self) -> Vec<String> {
        let mut left: BTreeSet<&Module> = self.uses.keys().collect();
        let mut circles = Vec::new();
        while let Some(first) = left.pop_first() {
            let reached = self.reached_from(first);
            let mutual = reached
                .into_iter()
                .filter(|other| self.reached_from(other).contains(first));
            let mutual: Vec<&Module> = mutual.collect();
            if mutual.contains(&first) {
                let names: Vec<String> = mutual.iter().map(|module| module.join("/")).collect();
                circles.push(names.join(" "));
            }
            for module in mutual {
                left.remove(module);
            }
        }
        circles
    }

    /// All files that a file uses, also through others.
    fn reached_from(&self, from: &Module) -> BTreeSet<&Module> {
        let mut reached = BTreeSet::new();
        let mut ahead: Vec<&Module> = self.uses.get(from).into_iter().flatten().collect();
        while let Some(next) = ahead.pop() {
            if reached.insert(next) {
                ahead.extend(self.uses.get(next).into_iter().flatten());
            }
        }
        reached
    }
}

/// The file that defines what a path names in a module; `None` for what is not ours.
fn target(read: &BTreeMap<Module, Vec<Named>>, from: &Module, path: &[String]) -> Option<Module> {
    let path = match path.first()?.as_str() {
        "crate" => path[1..].to_vec(),
        "self" => [from.as_slice(), &path[1..]].concat(),
        head => {
            let child = [from.as_slice(), &[head.to_owned()]].concat();
            read.contains_key(&child)
                .then(|| [from.as_slice(), path].concat())?
        }
    };
    let known = (0..=path.len())
        .rev()
        .find(|length| read.contains_key(&path[..*length]))?;
    let (module, rest) = path.split_at(known);
    let reexported = rest.first().and_then(|name| {
        let named = read[module].iter().filter(|named| named.is_reexport);
        let mut named = named.filter(|named| named.path.last() == Some(name));
        let whole = named.next()?;
        target(read, &module.to_vec(), &whole.path)
    });
    Some(reexported.unwrap_or_else(|| module.to_vec()))
}

/// The module that a file below `src` is.
fn module(file: &str) -> Module {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if matches!(path, "lib" | "mod") {
        return Vec::new();
    }
    path.split('/').map(str::to_owned).collect()
}
