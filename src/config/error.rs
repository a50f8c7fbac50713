/// An invalid setting.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// A number is out of bounds.
    #[error("--{flag} (or {env}) is {value}; it has to be {bounds}")]
    OutOfBounds {
        /// The flag's name.
        flag: &'static str,
        /// The environment variable's name.
        env: &'static str,
        /// The value given.
        value: String,
        /// The bounds.
        bounds: &'static str,
    },
    /// Settings do not belong together, or something is missing beside one.
    #[error("{0}")]
    Inconsistent(&'static str),
}
