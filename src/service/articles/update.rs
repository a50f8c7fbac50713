//! Putting right what is known about a stored article.

use std::convert::identity;

use super::get::{article, missing};
use crate::domain::{Article, ArticleId, Document};
use crate::extract::EngineKind;
use crate::service::extraction::ExtractionPool;
use crate::service::own_task::in_own_task;
use crate::service::{ServiceError, Versioned};
use crate::store::{ClaimChanges, MetadataUpdate, MetadataUpdated, Rereading, Store, WriteRequest};

/// A request to update an article's metadata.
#[derive(Debug, Clone)]
pub struct UpdateArticle {
    /// The article.
    pub id: ArticleId,
    /// Which fields change.
    pub fields: Vec<MetadataField>,
    /// Their new values.
    pub values: Document,
    /// Who requested it.
    pub requested_by: String,
    /// Who called, as the server verified it; empty if nobody had to say.
    pub caller: String,
    /// Why.
    pub reason: String,
    /// If set, the version that the article must still have.
    pub row_version: Option<i64>,
    /// Whether nothing is to be written: only whether it could be, and what would come of it.
    pub validate_only: bool,
}

/// A field of an article that can be updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum MetadataField {
    /// The headline.
    Title,
    /// The address.
    Uri,
    /// The outlet.
    Publisher,
    /// The authors.
    Authors,
    /// The language.
    LanguageCode,
    /// When it was published.
    PublishTime,
    /// The time zone of the text.
    TimeZone,
    /// The caller's own id.
    ExternalId,
}

impl UpdateArticle {
    /// The document that the article becomes.
    fn document(&self, now: &Document) -> Document {
        let mut document = now.clone();
        for field in &self.fields {
            let new = self.values.clone();
            match field {
                MetadataField::Title => document.title = new.title,
                MetadataField::Uri => document.uri = new.uri,
                MetadataField::Publisher => document.publisher = new.publisher,
                MetadataField::Authors => document.authors = new.authors,
                MetadataField::LanguageCode => document.language_code = new.language_code,
                MetadataField::PublishTime => document.publish_time = new.publish_time,
                MetadataField::TimeZone => document.time_zone = new.time_zone,
                MetadataField::ExternalId => document.external_id = new.external_id,
            }
        }
        document
    }
}

/// Whether a text is read in another way with this metadata.
fn is_read_by(before: &Document, after: &Document) -> bool {
    before.publish_time != after.publish_time
        || before.time_zone != after.time_zone
        || before.language_code != after.language_code
        || before.title != after.title
}

/// Updates an article's metadata, or finds out what would come of it, and returns it, without its text, along with how
/// its claims changed: for a request that was carried out before, as they did then. Where the metadata changes how the
/// text is read, it is read again, by the engine that read it before.
///
/// # Errors
/// [`ServiceError::ArticleNotFound`], [`ServiceError::ArticleExists`], [`ServiceError::ExternalIdTaken`],
/// [`ServiceError::EtagMismatch`], [`ServiceError::Store`], [`ServiceError::Lost`].
#[tracing::instrument(level = "debug", skip_all, fields(article = %command.id))]
pub async fn update_article(
    store: &Store,
    pool: &ExtractionPool,
    command: &UpdateArticle,
    request: Option<WriteRequest>,
) -> Result<(Article, ClaimChanges), ServiceError> {
    let (id, row_version) = (command.id, command.row_version);
    // A trial uses up no id.
    let request = request.filter(|_| !command.validate_only);
    loop {
        let now = article(store, id, true).await?;
        // Asked after that, so that whoever made it in the meantime is found.
        if let Some(changes) = store.made_before(request.as_ref()).await? {
            return Ok((article(store, id, false).await?, changes));
        }
        let document = command.document(&now.document);
        if document == now.document {
            let nothing = ClaimChanges::default();
            let changes = store.remember_nothing(request.as_ref(), nothing).await?;
            return Ok((now, changes));
        }
        if row_version.is_some_and(|version| version != now.row_version) {
            return Err(ServiceError::EtagMismatch(Versioned::Article(id)));
        }
        let update = MetadataUpdate {
            id,
            row_version: now.row_version,
            rereading: read_again(pool, &now, &document).await?,
            document,
            requested_by: command.requested_by.clone(),
            caller: command.caller.clone(),
            reason: command.reason.clone(),
            validate_only: command.validate_only,
        };
        let request = request.clone();
        let write =
            |store: Store| async move { store.update_article(&update, request.as_ref()).await };
        match in_own_task(store, write).await? {
            MetadataUpdated::Stored(article, changes) => return Ok((*article, changes)),
            MetadataUpdated::NotFound => return Err(missing(store, id).await),
            MetadataUpdated::IsOther(other) => return Err(ServiceError::ArticleExists(other)),
            MetadataUpdated::ExternalIdTaken(other) => {
                return Err(ServiceError::ExternalIdTaken(other));
            }
            // The article was changed concurrently: retry on top of that, or notice it above.
            MetadataUpdated::OtherVersion => {}
        }
    }
}

/// Reads an article with its new metadata, if these change how it is read.
async fn read_again(
    pool: &ExtractionPool,
    now: &Article,
    document: &Document,
) -> Result<Option<Rereading>, ServiceError> {
    if !is_read_by(&now.document, document) {
        return Ok(None);
    }
    let options = pool.default_options(EngineKind::named(&now.extraction.engine.name));
    let reading = pool.read(document.clone(), options, identity).await?;
    Ok(Some(Rereading {
        id: now.id,
        revision: now.revision,
        row_version: Some(now.row_version),
        metadata: now.document.without_text(),
        document: reading.document,
        extraction: reading.extraction,
        run: reading.run,
    }))
}
