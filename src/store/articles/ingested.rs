use crate::domain::{Article, ArticleId};

/// The outcome of ingesting an article.
#[derive(Debug, Clone)]
pub enum Ingested {
    /// It was stored; returned without its text and blocks.
    Created(Box<Article>),
    /// This article already has the content, or was stored for the same request.
    Known(ArticleId),
    /// This article of the same publisher has the external id, but other content. Nothing was written.
    ExternalIdTaken(ArticleId),
    /// This article had the content, and was deleted. Nothing was written.
    Deleted(ArticleId),
}

impl Ingested {
    /// The article that was stored, or is stored already.
    #[must_use]
    pub fn id(&self) -> ArticleId {
        match self {
            Self::Created(article) => article.id,
            Self::Known(id) | Self::ExternalIdTaken(id) | Self::Deleted(id) => *id,
        }
    }

    /// Whether the article was stored.
    #[must_use]
    pub const fn is_new(&self) -> bool {
        matches!(self, Self::Created(_))
    }
}
