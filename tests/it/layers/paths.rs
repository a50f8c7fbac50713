//! Finds the paths, such as `crate::text::Span`, that a source names. No parser: just enough of one.

/// A path that a source names.
pub struct Named {
    /// From the root of the crate where it was given with `super`.
    pub path: Vec<String>,
    /// Whether it is named only to be passed on, by `pub use`.
    pub is_reexport: bool,
}

/// All paths of two segments and more, those in braces apart. `super` is resolved; comments and a test module at the
/// foot are left out.
pub fn paths(file: &str, source: &str) -> Vec<Vec<String>> {
    let named = named_paths(file, source).into_iter();
    named.map(|named| named.path).collect()
}

/// As [`paths`], with what is passed on told apart.
pub fn named_paths(file: &str, source: &str) -> Vec<Named> {
    let code = source
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    let tokens = tokens(code);
    let module = module(file);
    let mut named = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_name(&tokens[at]) && tokens.get(at + 1).is_some_and(|next| next == "::") {
            let mut found = Vec::new();
            let is_reexport = at > 1 && tokens[at - 1] == "use" && is_public(&tokens[at - 2]);
            at = read_tree(&tokens, at, &[], &mut found);
            named.extend(found.into_iter().map(|path| Named {
                path: resolve(&module, path),
                is_reexport,
            }));
        } else {
            at += 1;
        }
    }
    named
}

/// The end of `pub` or `pub(super)`.
fn is_public(token: &str) -> bool {
    matches!(token, "pub" | ")")
}

/// Reads the path or tree of paths that starts at `at`, below `prefix`, and returns where it ends.
fn read_tree(
    tokens: &[String],
    mut at: usize,
    prefix: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    let mut path = prefix.to_vec();
    while let Some(token) = tokens.get(at) {
        if token == "{" && path.len() > prefix.len() {
            return read_group(tokens, at + 1, &path, found);
        }
        if !is_name(token) {
            break;
        }
        path.push(token.clone());
        at += 1;
        if tokens.get(at).is_none_or(|next| next != "::") {
            break;
        }
        at += 1;
    }
    found.push(path);
    at
}

/// Reads what stands in braces behind a path.
fn read_group(
    tokens: &[String],
    mut at: usize,
    prefix: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "}" => return at + 1,
            name if is_name(name) => at = read_tree(tokens, at, prefix, found),
            _ => at += 1,
        }
    }
    at
}

/// Names, `::`, and every other character on its own; white space and comments go.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("::") {
            2
        } else if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        if !token.starts_with("//") && !token.starts_with("/*") && !first.is_whitespace() {
            tokens.push(token.to_owned());
        }
        rest = after;
    }
    tokens
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The module that a file below `src` is.
fn module(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs");
    let path = path.trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// The path from the root of the crate, where it is given from here with `super`.
fn resolve(module: &[String], path: Vec<String>) -> Vec<String> {
    let ups = path
        .iter()
        .take_while(|segment| *segment == "super")
        .count();
    if ups == 0 {
        return path;
    }
    let parent = &module[..module.len().saturating_sub(ups)];
    let mut whole = vec!["crate".to_owned()];
    whole.extend_from_slice(parent);
    whole.extend_from_slice(&path[ups..]);
    whole
}
