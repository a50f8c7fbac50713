//! Published fact checks, and the claims that say what they checked.

// Declared first, because the statements of claims use its macros, too.
#[macro_use]
pub(super) mod conditions;

pub(super) mod candidates;
pub(super) mod get;
pub(super) mod put;
pub(super) mod ties;

pub use candidates::FactCheckCandidate;
pub use get::FactCheckCursor;
pub use put::ImportedCheck;
pub use ties::{Tie, Tied, Ties};

pub(super) use conditions::few_checked;
