use tracing_subscriber::filter::ParseError;
use tracing_subscriber::{EnvFilter, Registry, reload};

/// Changes what is logged while the program runs. Clones share one log.
#[derive(Debug, Clone)]
pub struct LogControl(reload::Handle<EnvFilter, Registry>);

/// Why a filter was not taken.
#[derive(Debug, thiserror::Error)]
pub enum FilterError {
    /// It cannot be parsed.
    #[error("not a log filter such as `info` or `info,onrecord=debug`")]
    Invalid(#[from] ParseError),
    /// The log is gone.
    #[error("nothing is logged any more")]
    Gone(#[from] reload::Error),
}

impl LogControl {
    /// The filter, for a layer, and what changes it.
    pub(super) fn new(
        filter: &str,
    ) -> Result<(reload::Layer<EnvFilter, Registry>, Self), ParseError> {
        let (filter, handle) = reload::Layer::new(EnvFilter::try_new(filter)?);
        Ok((filter, Self(handle)))
    }

    /// The filter in force.
    ///
    /// # Errors
    /// [`FilterError::Gone`].
    pub fn filter(&self) -> Result<String, FilterError> {
        Ok(self.0.with_current(ToString::to_string)?)
    }

    /// Puts another filter in force.
    ///
    /// # Errors
    /// [`FilterError`]; the filter stays as it was.
    pub fn set_filter(&self, filter: &str) -> Result<(), FilterError> {
        let filter = EnvFilter::try_new(filter)?;
        Ok(self.0.reload(filter)?)
    }
}
