use strum::Display;

use crate::domain::EngineId;

use super::attributor::Attributor;
use super::rules::Rules;

/// Which engine reads the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Display)]
#[strum(serialize_all = "lowercase")]
pub enum EngineKind {
    /// A trained model. English only.
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
            Self::Model | Self::Rules => "1",
        };
        EngineId {
            name: self.to_string(),
            version: version.to_owned(),
        }
    }

    pub(super) fn attributor(self) -> Box<dyn Attributor> {
        match self {
            Self::Model | Self::Rules => Box::new(Rules),
        }
    }
}
