use crate::domain::Document;
use crate::extract::{EngineKind, Options, extract};

/// An engine that does not find the claim in a simple sentence.
#[derive(Debug, thiserror::Error)]
#[error("the engine {engine} does not read a simple sentence on this machine")]
pub struct SelfTestFailed {
    /// The engine's name.
    engine: String,
}

/// Reads a sentence with each engine and checks what comes out: damaged weights, or a processor that computes
/// otherwise, must not go unnoticed.
///
/// # Errors
/// [`SelfTestFailed`] for the first engine that fails.
pub fn self_test() -> Result<(), SelfTestFailed> {
    let document = Document {
        text: "“The bridge is safe,” said Ann Lee.".to_owned(),
        ..Document::default()
    };
    for engine in [EngineKind::Rules, EngineKind::Model] {
        let options = Options {
            engine,
            ..Options::default()
        };
        if extract(&document, &options).claims.len() != 1 {
            let engine = engine.id().name;
            return Err(SelfTestFailed { engine });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::self_test;

    #[test]
    fn the_engines_that_are_shipped_pass() {
        assert!(self_test().is_ok());
    }
}
