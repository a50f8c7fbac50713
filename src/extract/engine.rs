use strum::Display;

use crate::domain::EngineId;

use super::attributor::Attributor;
use super::model::Model;
use super::rules::Rules;

/// Counts the changes of what is made of an engine's spans: who is who, quotation types, lemmas.
const REVISION: u32 = 6;

/// Which engine reads the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Display)]
#[strum(serialize_all = "lowercase")]
pub enum EngineKind {
    /// A trained network. English only.
    #[default]
    Model,
    /// Quotation marks, a lexicon of cues and the nearest fitting source. English only.
    Rules,
}

impl EngineKind {
    /// The engine's name and version.
    #[must_use]
    pub fn id(self) -> EngineId {
        let version = match self {
            Self::Model => Model::current().version(),
            Self::Rules => "1",
        };
        EngineId {
            name: self.to_string(),
            version: format!("{version}.{REVISION}"),
        }
    }

    /// The engine of this name; the default for a name that no engine has any more.
    #[must_use]
    pub fn named(name: &str) -> Self {
        if name == Self::Rules.to_string() {
            Self::Rules
        } else {
            Self::default()
        }
    }

    /// The engine itself, which finds spans alone; [`extract`](super::extract) makes claims of them.
    #[must_use]
    pub fn attributor(self) -> Box<dyn Attributor> {
        match self {
            Self::Model => Box::new(Model::current()),
            Self::Rules => Box::new(Rules),
        }
    }
}
