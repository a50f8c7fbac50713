use clap::ValueEnum;

use crate::extract::EngineKind;
use crate::proto;

/// The engine that reads texts.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Engine {
    Model,
    Rules,
}

impl From<Engine> for EngineKind {
    fn from(engine: Engine) -> Self {
        match engine {
            Engine::Model => Self::Model,
            Engine::Rules => Self::Rules,
        }
    }
}

impl From<Engine> for proto::EngineKind {
    fn from(engine: Engine) -> Self {
        match engine {
            Engine::Model => Self::Model,
            Engine::Rules => Self::Rules,
        }
    }
}
