//! What only corrections run.

use std::collections::BTreeMap;

use onrecord::domain::{ArticleId, ExtractionRun, ReviewAction};
use onrecord::extract::{EngineKind, Options, extract};
use onrecord::store::{Corrected, Correction, Rereading, Review, Store, StoreError};

/// Corrects an article so that its claims move, one of them reviewed, and reads what it was.
pub(super) async fn correct(store: &Store, id: ArticleId) -> Result<(), StoreError> {
    let article = store.article(id, true).await?.expect("the article");
    confirm_first(store, id, article.revision).await?;
    let mut document = article.document.clone();
    document.text.insert_str(0, "Correction: see below.\n\n");
    let engine = EngineKind::Rules;
    let options = Options {
        engine,
        ..Options::default()
    };
    let extraction = extract(&document, &options);
    let correction = Correction {
        rereading: Rereading {
            id,
            revision: article.revision,
            row_version: None,
            metadata: article.document.without_text(),
            document,
            extraction,
            run: ExtractionRun {
                engine: engine.id(),
                ..article.extraction
            },
        },
        requested_by: "somebody".to_owned(),
        caller: String::new(),
        reason: String::new(),
        validate_only: false,
    };
    let corrected = store.correct(&correction, None).await?;
    assert!(matches!(corrected, Corrected::Stored(..)), "{corrected:?}");
    let again = store.correct(&correction, None).await?;
    assert_eq!(again, Corrected::OtherText);

    let revisions = store.list_article_revisions(id, None, 1).await?;
    assert_eq!(revisions.items[0].revision, article.revision + 1);
    let claims = store.claims_of_revision(id, article.revision, None, 100);
    let claims = claims.await?.items;
    assert_eq!(i64::try_from(claims.len()), Ok(article.claim_count));
    let earlier = store.earlier_article(id, article.revision, true).await?;
    assert_eq!(earlier.expect("the text").document, article.document);
    // Another reader of the former text did not know of the correction when it began to read.
    let former = super::new_article(&article.document.text, Some("former"));
    let known = store.ingest(&former).await?;
    assert_eq!((known.id(), known.is_new()), (id, false));
    let known = store
        .find_ingested(&former.document, Some("former"))
        .await?;
    assert_eq!(known, Some(id));
    Ok(())
}

async fn confirm_first(store: &Store, id: ArticleId, revision: i32) -> Result<(), StoreError> {
    let claims = store.claims_of_revision(id, revision, None, 1).await?;
    let review = Review {
        claim: claims.items[0].id,
        action: ReviewAction::Confirm,
        values: BTreeMap::new(),
        actor: None,
        requested_by: "somebody".to_owned(),
        caller: String::new(),
        reason: String::new(),
        row_version: None,
    };
    store.review_claim(&review, None).await?;
    Ok(())
}
