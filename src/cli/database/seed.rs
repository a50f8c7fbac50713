use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use chrono::NaiveDate;
use clap::Args;
use serde::Deserialize;

use super::address::connect;
use crate::config::DatabaseAddress;
use crate::domain::{Gender, MAX_NAME_BYTES, Registered, Role};
use crate::extract::{full_key, identity_key};
use crate::store::Store;

/// Members of Congress, presidents and vice presidents of the United States, from unitedstates/congress-legislators
/// (CC0).
const US_OFFICIALS: &str = include_str!("us-officials.jsonl");

/// Store the people of a register, so that articles resolve to them: names, offices with their dates, Wikidata ids
///
/// Without a file, this is the register that comes with onrecord: members of Congress, presidents and vice presidents
/// of the United States. Safe to repeat; actors that articles have already created are updated.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ONRECORD_DATABASE_URL=postgres://onrecord@db.example/onrecord onrecord seed
  onrecord seed --register people.jsonl

A register has a line for each person:
  {\"name\": \"Ann Lee\", \"aliases\": [\"Ann B. Lee\"], \"gender\": \"female\", \"wikidata\": \"Q1\",
   \"roles\": [{\"title\": \"Mayor\", \"organization\": \"Ostbridge\", \"start_date\": \"2020-01-01\", \"end_date\": null}]}")]
pub(crate) struct Seed {
    #[command(flatten)]
    database: DatabaseAddress,

    /// Your own register, as JSON lines
    #[arg(long, value_name = "FILE")]
    register: Option<PathBuf>,
}

impl Seed {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let text = match &self.register {
            Some(path) => std::fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?,
            None => US_OFFICIALS.to_owned(),
        };
        let people = read(&text)?;
        let store = connect(&self.database).await?;
        store.register(&people).await?;
        writeln!(stdout(), "{} people registered", people.len())?;
        store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}

/// Stores the register that comes with onrecord.
pub(crate) async fn seed(store: &Store) -> anyhow::Result<()> {
    store.register(&read(US_OFFICIALS)?).await?;
    Ok(())
}

/// A line of a register.
#[derive(Debug, Deserialize)]
struct Person {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    gender: Option<String>,
    wikidata: Option<String>,
    /// Currently in office: a bare name shared by several people refers to the one in office.
    #[serde(default)]
    current: bool,
    #[serde(default)]
    roles: Vec<Term>,
}

#[derive(Debug, Deserialize)]
struct Term {
    title: String,
    organization: Option<String>,
    start_date: Option<NaiveDate>,
    end_date: Option<NaiveDate>,
}

fn read(text: &str) -> anyhow::Result<Vec<Registered>> {
    let mut people = Vec::new();
    for (number, line) in (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let person: Person =
            serde_json::from_str(line).with_context(|| format!("line {number} of the register"))?;
        person
            .check()
            .with_context(|| format!("line {number} of the register"))?;
        people.push((number, person));
    }
    // A bare name shared by several people refers to one who has no other, then to one in office, then to the last in
    // office.
    people.sort_by_key(|(_, person)| {
        (
            person.has_other_keys(),
            !person.current,
            Reverse(person.last_start()),
        )
    });
    let mut taken: HashSet<String> = HashSet::new();
    let mut registered = Vec::with_capacity(people.len());
    for (number, person) in people {
        let names = std::iter::once(&person.name).chain(&person.aliases);
        let key = names
            .flat_map(|name| keys(name))
            .find(|key| !taken.contains(key));
        let key = key.with_context(|| {
            format!(
                "line {number} of the register: all names of {:?} are somebody else's",
                person.name
            )
        })?;
        taken.insert(key.clone());
        registered.push(registered_as(person, key));
    }
    Ok(registered)
}

impl Person {
    fn check(&self) -> anyhow::Result<()> {
        for name in std::iter::once(&self.name).chain(&self.aliases) {
            anyhow::ensure!(
                !name.trim().is_empty() && name.len() <= MAX_NAME_BYTES && !name.contains('\0'),
                "{name:?} is no name"
            );
        }
        anyhow::ensure!(
            !keys(&self.name).is_empty(),
            "{:?} is no name to be known by",
            self.name
        );
        let gender = self.gender.as_deref();
        anyhow::ensure!(
            gender.is_none_or(|gender| matches!(gender, "female" | "male")),
            "the gender is neither female nor male"
        );
        for role in &self.roles {
            let words = role.organization.iter().chain([&role.title]);
            anyhow::ensure!(
                words
                    .clone()
                    .all(|words| words.len() <= MAX_NAME_BYTES && !words.contains('\0')),
                "a role is too long"
            );
            anyhow::ensure!(!role.title.is_empty(), "a role has no title");
            let ends_first = role
                .start_date
                .zip(role.end_date)
                .is_some_and(|(start, end)| end < start);
            anyhow::ensure!(!ends_first, "a role ends before it begins");
        }
        Ok(())
    }

    fn has_other_keys(&self) -> bool {
        let names = std::iter::once(&self.name).chain(&self.aliases);
        let all: HashSet<String> = names.flat_map(|name| keys(name)).collect();
        all.len() > 1
    }

    fn last_start(&self) -> Option<NaiveDate> {
        self.roles.iter().filter_map(|role| role.start_date).max()
    }
}

fn keys(name: &str) -> Vec<String> {
    [identity_key(name), full_key(name)]
        .into_iter()
        .flatten()
        .collect()
}

fn registered_as(person: Person, identity_key: String) -> Registered {
    let names = person.aliases.iter().chain([&person.name]);
    let mut further: Vec<String> = names.flat_map(|name| keys(name)).collect();
    further.sort_unstable();
    further.dedup();
    let external_ids = person.wikidata.map(|id| ("wikidata".to_owned(), id));
    Registered {
        gender: match person.gender.as_deref() {
            Some("female") => Some(Gender::Female),
            Some("male") => Some(Gender::Male),
            _ => None,
        },
        external_ids: external_ids.into_iter().collect::<BTreeMap<_, _>>(),
        roles: person.roles.into_iter().map(role).collect(),
        name: person.name,
        aliases: person.aliases,
        identity_key,
        keys: further,
    }
}

fn role(term: Term) -> Role {
    Role {
        title: term.title,
        organization: term.organization,
        start_date: term.start_date,
        end_date: term.end_date,
        evidence: None,
    }
}

#[cfg(test)]
mod tests {
    use super::{US_OFFICIALS, read};

    #[test]
    fn the_register_that_comes_with_onrecord_is_read() {
        let people = read(US_OFFICIALS).unwrap();
        let find = |key: &str| {
            people
                .iter()
                .find(|person| person.identity_key == key)
                .unwrap()
        };
        assert_eq!(find("donald trump").external_ids["wikidata"], "Q22686");
        assert_eq!(find("bernard sanders").name, "Bernie Sanders");
        assert_eq!(find("george bush").name, "George W. Bush");
        assert_eq!(find("george h w bush").name, "George H. W. Bush");
        assert_eq!(find("john quincy adams").name, "John Quincy Adams");
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = read("{\"name\": \"Ann Lee\"}\n\n{\"name\": 1}").unwrap_err();
        assert!(error.to_string().contains("line 3"), "{error}");
        for bad in [
            "{\"name\": \"Lee\"}",
            "{\"name\": \"Ann Lee\", \"gender\": \"Female\"}",
            "{\"name\": \"Ann Lee\"}\n{\"name\": \"Ann Lee\"}",
            "{\"name\": \"Ann Lee\", \"roles\": [{\"title\": \"Mayor\", \"start_date\": \"2020-01-01\", \"end_date\": \"2019-01-01\"}]}",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
