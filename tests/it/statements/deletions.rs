use onrecord::domain::ArticleId;
use onrecord::store::{Delete, Deleted, Ingested, Store, StoreError};

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
        let deleted = store.delete_article(&request(first, validate_only)).await?;
        assert!(matches!(deleted, Deleted::Done(_)), "{deleted:?}");
        assert_eq!(store.article(first, false).await?.is_some(), is_there);
    }
    assert!(store.article_deletion(first).await?.is_some());
    let again = store.delete_article(&request(first, false)).await?;
    assert!(matches!(again, Deleted::Before(_)), "{again:?}");
    let back = store.ingest(&new_article(TEXT, None)).await?;
    assert!(matches!(back, Ingested::Deleted(id) if id == first));
    Ok(())
}
