use crate::domain::{ActorId, ArticleId, ClaimId, PropositionId};
use crate::store::StoreError;

/// Why a use case could not be carried out. The one mapping to gRPC is in `api::wire::status`.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// A value that is well formed and does not fit what is stored.
    #[error("{field} {description}")]
    InvalidField {
        /// The field's path in the request.
        field: &'static str,
        /// What is wrong with it.
        description: String,
    },
    /// There is no such article.
    #[error("there is no article {0}")]
    ArticleNotFound(ArticleId),
    /// The article never had that revision.
    #[error("article {article} has no revision {revision}")]
    RevisionNotFound {
        /// The article.
        article: ArticleId,
        /// The revision asked for.
        revision: i32,
    },
    /// Some of the claims asked for are not there.
    #[error("there is no claim {first}")]
    ClaimNotFound {
        /// The first of them.
        first: ClaimId,
        /// How many of them.
        missing: usize,
    },
    /// The claim is somebody else's.
    #[error("{0} is not a claim of that actor")]
    NotClaimOfActor(ClaimId),
    /// There is no such actor.
    #[error("there is no actor {0}")]
    ActorNotFound(ActorId),
    /// There is no such proposition.
    #[error("there is no proposition {0}")]
    PropositionNotFound(PropositionId),
    /// The actor was merged into another one, which stands for both.
    #[error("actor {0} was merged into another actor")]
    ActorMerged(ActorId),
    /// The actor was not merged into the one it is to be parted from.
    #[error("actor {0} was not merged into that actor")]
    ActorNotMerged(ActorId),
    /// Another article of that publisher and address has the text already.
    #[error("article {0} has that text already")]
    ArticleExists(ArticleId),
    /// What was to be changed has another version than the caller knows.
    #[error("{0:?} has another version")]
    EtagMismatch(Versioned),
    /// The service runs without a database.
    #[error("this server runs without a database: it only extracts")]
    NoDatabase,
    /// The database does not answer, as those who watch it noticed.
    #[error("the database is not available")]
    DatabaseLost,
    /// The event log no longer reaches back to where a watcher left off.
    #[error("the log of changes does not reach back so far")]
    ResumeTokenExpired,
    /// As many exports are running as may.
    #[error("too many exports are running")]
    TooManyExports,
    /// The server is about to stop.
    #[error("the server is about to stop")]
    Stopping,
    /// Work panicked or was lost.
    #[error("{0}")]
    Lost(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What has a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versioned {
    /// An article.
    Article(ArticleId),
    /// An actor.
    Actor(ActorId),
    /// A claim.
    Claim(ClaimId),
}
