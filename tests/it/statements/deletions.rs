use onrecord::domain::{ArticleId, Document};
use onrecord::extract::{EngineKind, Options, extract};
use onrecord::store::{
    Delete, Deleted, Ingested, MetadataUpdate, MetadataUpdated, Rereading, Store, StoreError,
};

use super::new_article;

const TEXT: &str = "Ottoline Fenwick said that the depot burned. She told Tom Pell that it was full.\n\n\
     The depot held the marmalade of three counties, and the fire could be seen from the harbour until the morning. \
     Nobody was hurt, and nobody has been charged so far with anything that led to it.";

fn request(id: ArticleId, validate_only: bool) -> Delete<ArticleId> {
    Delete {
        id,
        requested_by: "somebody".to_owned(),
        caller: String::new(),
        reason: String::new(),
        row_version: None,
        validate_only,
    }
}

/// Refuses an id of the caller's own that is taken, and deletes an article that another is a copy of.
pub(super) async fn delete(store: &Store) -> Result<(), StoreError> {
    let mut article = new_article(TEXT, Some("to be deleted"));
    article.document.external_id = Some("1".to_owned());
    let first = store.ingest(&article).await?.id();
    let mut other = new_article("Another.", Some("refused"));
    other.document.external_id = Some("1".to_owned());
    let refused = store.ingest(&other).await?;
    assert!(matches!(refused, Ingested::ExternalIdTaken(id) if id == first));
    let copy = new_article(&format!("{TEXT} Reporting by Zoë."), None);
    let Ingested::Created(copy) = store.ingest(&copy).await? else {
        panic!("a copy is another article")
    };
    assert_eq!(copy.duplicate_of, Some(first));

    for (validate_only, is_there) in [(true, true), (false, false)] {
        let deleted = store
            .delete_article(&request(first, validate_only), None)
            .await?;
        assert!(matches!(deleted, Deleted::Done(_)), "{deleted:?}");
        assert_eq!(store.article(first, false).await?.is_some(), is_there);
    }
    assert!(store.article_deletion(first).await?.is_some());
    let again = store.delete_article(&request(first, false), None).await?;
    assert!(matches!(again, Deleted::Before(_)), "{again:?}");
    let back = store.ingest(&new_article(TEXT, None)).await?;
    assert!(matches!(back, Ingested::Deleted(id) if id == first));
    Ok(())
}

/// Puts the metadata of an article right, once with a new reading, and fails to where another one has it.
pub(super) async fn update(store: &Store) -> Result<(), StoreError> {
    let mut new = new_article("Ann Lee said on Monday that the quay was dry.", None);
    new.document.external_id = Some("2".to_owned());
    let Ingested::Created(article) = store.ingest(&new).await? else {
        panic!("it is new")
    };
    let mut update = MetadataUpdate {
        id: article.id,
        row_version: article.row_version,
        document: Document {
            uri: Some("https://courier.example/quay".to_owned()),
            publish_time: Some("2026-06-10T09:00:00Z".parse().expect("a time")),
            ..new.document
        },
        rereading: None,
        requested_by: "somebody".to_owned(),
        caller: String::new(),
        reason: String::new(),
        validate_only: false,
    };
    let options = Options {
        engine: EngineKind::Rules,
        ..Options::default()
    };
    update.rereading = Some(Rereading {
        id: article.id,
        revision: 1,
        row_version: Some(article.row_version),
        metadata: article.document.without_text(),
        document: update.document.clone(),
        extraction: extract(&update.document, &options),
        run: new.run,
    });
    let updated = store.update_article(&update, None).await?;
    let MetadataUpdated::Stored(_, changes) = updated else {
        panic!("{updated:?}")
    };
    assert_eq!(changes.updated.len(), 1);
    let again = store.update_article(&update, None).await?;
    assert_eq!(again, MetadataUpdated::OtherVersion);
    Ok(())
}
