use strum::Display;

use crate::domain::EngineId;

use super::attributor::Attributor;
use super::rules::Rules;

/// Which engine reads the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Display)]
#[strum(serialize_all = "lowercase")]
pub enum EngineKind {
    /// Quotation marks, a lexicon of cues and the nearest fitting source. English only.
    #[default]
    Rules,
}

impl EngineKind {
    /// The engine's name and version.
    #[must_use]
    pub fn id(self) -> EngineId {
        let version = match self {
            Self::Rules => "1",
        };
        EngineId {
            name: self.to_string(),
            version: version.to_owned(),
        }
    }

    pub(super) fn attributor(self) -> Box<dyn Attributor> {
        match self {
            Self::Rules => Box::new(Rules),
        }
    }
}
