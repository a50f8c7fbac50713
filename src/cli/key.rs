use std::io::{Write, stdout};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::server::{Scope, new_key};

/// Make a key with which a program may call a server
///
/// Prints the key, which is stored nowhere, and the line to add to the file that `serve --auth-keys` names, which holds
/// only the key's hash.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onrecord key archive-desk --scopes read,review

The scopes:
  extract   extract claims from texts without storing them
  read      read articles, actors and claims
  write     store, correct, retract and re-extract articles
  review    review claims; merge, split and edit actors
  admin     everything")]
pub(super) struct KeyCommand {
    /// Whose key it is, for the record
    #[arg(value_parser = name)]
    name: String,

    /// What it allows, with commas between
    #[arg(long, required = true, value_delimiter = ',', value_name = "SCOPES", value_parser = scope)]
    scopes: Vec<Scope>,
}

impl KeyCommand {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let (key, line) = new_key(&self.name, &self.scopes).context("no random bytes")?;
        writeln!(stdout(), "{}\n{line}", *key)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A word: names are separated by white space in the file.
fn name(text: &str) -> Result<String, String> {
    let is_word = !text.is_empty()
        && text.len() <= 200
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#');
    if is_word {
        Ok(text.to_owned())
    } else {
        Err("not a word of at most 200 bytes without #".to_owned())
    }
}

fn scope(text: &str) -> Result<Scope, String> {
    let scope = text.parse();
    scope.map_err(|_| "none of extract, read, write, review, admin".to_owned())
}
