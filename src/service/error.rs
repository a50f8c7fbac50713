use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::{ActorId, ArticleId, ClaimId, FactCheckId, OperationId, PropositionId};
use crate::store::StoreError;

/// Why a use case failed. The only mapping to gRPC is in `api::wire::status`.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// A value that is well formed but does not fit what is stored.
    #[error("{field} {description}")]
    InvalidField {
        /// The field's path in the request.
        field: &'static str,
        /// What is wrong with it.
        description: String,
    },
    /// The article does not exist.
    #[error("there is no article {0}")]
    ArticleNotFound(ArticleId),
    /// The article was deleted for good.
    #[error("article {id} was deleted")]
    ArticleDeleted {
        /// The article.
        id: ArticleId,
        /// When it was deleted.
        time: DateTime<Utc>,
    },
    /// The article that had the content of a new one was deleted for good.
    #[error("article {0} had that content and was deleted")]
    ContentDeleted(ArticleId),
    /// The article never had that revision.
    #[error("article {article} has no revision {revision}")]
    RevisionNotFound {
        /// The article.
        article: ArticleId,
        /// The revision asked for.
        revision: i32,
    },
    /// Some of the requested claims do not exist.
    #[error("there is no claim {first}")]
    ClaimNotFound {
        /// The first of them.
        first: ClaimId,
        /// How many are missing.
        missing: usize,
    },
    /// The claim belongs to another actor.
    #[error("{0} is not a claim of that actor")]
    NotClaimOfActor(ClaimId),
    /// The actor does not exist.
    #[error("there is no actor {0}")]
    ActorNotFound(ActorId),
    /// The actor was deleted for good.
    #[error("actor {id} was deleted")]
    ActorDeleted {
        /// The actor.
        id: ActorId,
        /// When it was deleted.
        time: DateTime<Utc>,
    },
    /// The proposition does not exist.
    #[error("there is no proposition {0}")]
    PropositionNotFound(PropositionId),
    /// The fact check does not exist.
    #[error("there is no fact check {0}")]
    FactCheckNotFound(FactCheckId),
    /// The operation does not exist.
    #[error("there is no operation {0}")]
    OperationNotFound(OperationId),
    /// The operation is not done.
    #[error("operation {0} is not done")]
    OperationRunning(OperationId),
    /// The actor was merged into another one.
    #[error("actor {0} was merged into another actor")]
    ActorMerged(ActorId),
    /// The actor was not merged into the one it should be split from.
    #[error("actor {0} was not merged into that actor")]
    ActorNotMerged(ActorId),
    /// Another article with that publisher and URI already has the text.
    #[error("article {0} has that text already")]
    ArticleExists(ArticleId),
    /// Another article of the publisher has the external id of a new one.
    #[error("article {0} has that external id")]
    ExternalIdTaken(ArticleId),
    /// The version of what is to be changed is not the one that the caller expects.
    #[error("{0:?} has another version")]
    EtagMismatch(Versioned),
    /// The service runs without a database.
    #[error("this server runs without a database: it only extracts")]
    NoDatabase,
    /// The database is unavailable, as the event stream has noticed.
    #[error("the database is not available")]
    DatabaseLost,
    /// The event log no longer reaches back to the watcher's resume token.
    #[error("the log of changes does not reach back so far")]
    ResumeTokenExpired,
    /// The maximum number of exports is already running.
    #[error("too many exports are running")]
    TooManyExports,
    /// There is more work than the caller's deadline allows; nothing was done.
    #[error("there is too much work ahead of this call")]
    Overloaded {
        /// When it makes sense to try again.
        retry_after: Duration,
    },
    /// The server is shutting down.
    #[error("the server is about to stop")]
    Stopping,
    /// Work panicked or was lost.
    #[error("{0}")]
    Lost(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A resource with a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versioned {
    /// An article.
    Article(ArticleId),
    /// An actor.
    Actor(ActorId),
    /// A claim.
    Claim(ClaimId),
}
