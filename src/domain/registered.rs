use std::collections::BTreeMap;

use super::{Gender, Role};

/// A person of a register, to be known before any article names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The name to show.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Gender, if the register tells it.
    pub gender: Option<Gender>,
    /// Ids in this and other registers: `wikidata` → `Q42`.
    pub external_ids: BTreeMap<String, String>,
    /// Offices with their dates; those without a first day are left out.
    pub roles: Vec<Role>,
    /// The key that is this person's alone among the register's.
    pub identity_key: String,
    /// Further keys that may mean this person. One that two people have means neither.
    pub keys: Vec<String>,
}
